// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// What mx-check-extents asserts of ops that upstream has no checks for, or
/// such that nothing folds.
#ifndef MX_LIB_TRANSFORMS_EXTENTCHECKS_H
#define MX_LIB_TRANSFORMS_EXTENTCHECKS_H

#include "BufferSize.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Builders.h"

namespace mlir::mx {

/// The message of an op for a text.
using Describe = function_ref<std::string(Operation *, StringRef)>;

/// Asserts that `holds`, unless that is known.
void assertThat(OpBuilder &b, Location loc, Value holds, const Twine &message);

/// Whether no one of `sizes` is negative and their product times `factor` is at
/// most kLargestSize.
Value createFits(OpBuilder &b, Location loc, ValueRange sizes, int64_t factor);

/// A slice lies in its tensor, and what is inserted has its sizes.
void checkSlice(OpBuilder &b, OffsetSizeAndStrideOpInterface op,
                Describe describe);

/// A reshape has as many elements as its source.
void checkExpandShape(OpBuilder &b, tensor::ExpandShapeOp op,
                      Describe describe);
void checkReshape(OpBuilder &b, tensor::ReshapeOp op, Describe describe);

/// All inputs agree on the other dimensions, and the result's type with them.
void checkConcat(OpBuilder &b, tensor::ConcatOp op, Describe describe);

/// No padding is negative, and the result's type agrees.
void checkPad(OpBuilder &b, tensor::PadOp op, Describe describe);

/// The tensors among `values` have the same extents.
void checkSameExtents(OpBuilder &b, Operation *op, ValueRange values,
                      Describe describe);

} // namespace mlir::mx

#endif // MX_LIB_TRANSFORMS_EXTENTCHECKS_H
