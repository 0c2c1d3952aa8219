// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Functions that compute sizes from shapes alone.
#ifndef MX_TRANSFORMS_SIZEFUNCTION_H
#define MX_TRANSFORMS_SIZEFUNCTION_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

namespace mlir::mx {

/// Marks functions that access no memory but constants and their own stack: what
/// createSizeFunction makes, and declarations of which it is known.
constexpr llvm::StringLiteral kNoMemoryAttr = "mx.no_memory";

/// A view of no memory that has the shape of what `alloc` gives, with `extents`
/// for its dynamic ones: for functions that access none.
Value createShape(OpBuilder &b, memref::AllocOp alloc, ValueRange extents);

/// Adds a function `name` of the arguments of `function`, as visible and with
/// a C interface where that has one, that returns `values`: of type index and
/// from its entry block. Its body is those ops of `function` that access no
/// memory but constants and the stack. Emits an error where a value needs others.
FailureOr<func::FuncOp>
createSizeFunction(func::FuncOp function, const Twine &name, ValueRange values);

} // namespace mlir::mx

#endif // MX_TRANSFORMS_SIZEFUNCTION_H
