// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// A pointer that functions in the LLVM dialect pass on to those they call.
#ifndef MX_LIB_TRANSFORMS_POINTERARGUMENT_H
#define MX_LIB_TRANSFORMS_POINTERARGUMENT_H

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/SetVector.h"

namespace mlir::mx {

using FunctionSet = llvm::SetVector<LLVM::LLVMFuncOp>;

/// `functions`, and those that call them, directly or not.
FunctionSet addCallers(ModuleOp module, FunctionSet functions);

/// Adds a pointer as last argument to `functions` and to all public functions
/// with a body, and passes it on where they call one another. `functions` must
/// hold all callers of its members.
void addPointerArgument(ModuleOp module, const FunctionSet &functions);

} // namespace mlir::mx

#endif // MX_LIB_TRANSFORMS_POINTERARGUMENT_H
