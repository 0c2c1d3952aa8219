// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Passes that turn what is left of a program into a target's dialect.
#ifndef MX_CONVERSION_PASSES_H
#define MX_CONVERSION_PASSES_H

#include "mlir/Pass/Pass.h"

namespace mlir::mx {

/// On a function: the bytes of the workspace that its caller gives.
constexpr llvm::StringLiteral kWorkspaceBytesAttr = "mx.workspace_bytes";

#define GEN_PASS_DECL
#include "mx/Conversion/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "mx/Conversion/Passes.h.inc"

} // namespace mlir::mx

#endif // MX_CONVERSION_PASSES_H
