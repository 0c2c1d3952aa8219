// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef MX_LIB_TRANSFORMS_FAILUREBRANCH_H
#define MX_LIB_TRANSFORMS_FAILUREBRANCH_H

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/BuiltinOps.h"

namespace mlir::mx {

/// Lets `op`, in the LLVM dialect, and what is behind it run only if what
/// `condition` builds before it holds. Fails with `text` otherwise, as
/// cf.assert does there.
LogicalResult failUnless(ModuleOp module, Operation *op,
                         function_ref<Value(OpBuilder &)> condition,
                         StringRef text);

} // namespace mlir::mx

#endif // MX_LIB_TRANSFORMS_FAILUREBRANCH_H
