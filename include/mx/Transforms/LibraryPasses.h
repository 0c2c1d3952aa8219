// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Passes that make a program a library.
#ifndef MX_TRANSFORMS_LIBRARYPASSES_H
#define MX_TRANSFORMS_LIBRARYPASSES_H

#include "mlir/Pass/Pass.h"

namespace mlir::mx {

#define GEN_PASS_DECL
#include "mx/Transforms/LibraryPasses.h.inc"

#define GEN_PASS_REGISTRATION
#include "mx/Transforms/LibraryPasses.h.inc"

} // namespace mlir::mx

#endif // MX_TRANSFORMS_LIBRARYPASSES_H
