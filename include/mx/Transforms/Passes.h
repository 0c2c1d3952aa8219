// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef MX_TRANSFORMS_PASSES_H
#define MX_TRANSFORMS_PASSES_H

#include "mlir/Pass/Pass.h"

namespace mlir::mx {

/// The module attribute under which mx-externalize-constants keeps the values
/// of external symbols: a dictionary from names to ElementsAttr.
constexpr llvm::StringLiteral kConstantsAttr = "mx.constants";

#define GEN_PASS_DECL
#include "mx/Transforms/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "mx/Transforms/Passes.h.inc"

} // namespace mlir::mx

#endif // MX_TRANSFORMS_PASSES_H
