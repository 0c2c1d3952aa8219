// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Calls of an accelerator's functions.
#ifndef MX_LIB_TRANSFORMS_RUNTIMECALLS_H
#define MX_LIB_TRANSFORMS_RUNTIMECALLS_H

#include "IndexBuilder.h"
#include "mx-c/Runtime.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mlir::mx {

/// The number of an element type in mx-c/Runtime.h.
mx_element getRuntimeElement(Type type);

/// Calls a function for mx-c/Runtime.h, mx_accelerator_`name`, on indices; it
/// is declared in `module`.
func::CallOp callRuntime(OpBuilder &b, Location loc, ModuleOp module,
                         StringRef name, ValueRange arguments,
                         TypeRange results = {});

/// Builds the body of a function that calls them.
struct RuntimeCalls : IndexBuilder {
  explicit RuntimeCalls(func::FuncOp function)
      : IndexBuilder(function.getLoc(), function.front()), function(function) {}

  func::CallOp call(StringRef name, ValueRange arguments,
                    TypeRange results = {}) {
    return callRuntime(b, b.getLoc(), function->getParentOfType<ModuleOp>(),
                       name, arguments, results);
  }
  /// The address of the function's argument, a memref or a tensor; that of its
  /// copy in the accelerator's storage if it is to be there.
  Value getAddress(unsigned argument, bool isStored);

  func::FuncOp function;
};

} // namespace mlir::mx

#endif // MX_LIB_TRANSFORMS_RUNTIMECALLS_H
