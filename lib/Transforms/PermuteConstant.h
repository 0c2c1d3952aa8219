// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef MX_TRANSFORMS_PERMUTECONSTANT_H
#define MX_TRANSFORMS_PERMUTECONSTANT_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"

namespace mlir::mx {

/// Whether permuteConstant takes `value`: a constant of elements of whole
/// bytes, or of f4 or f6, which mx.unpack_elements may read from dense bytes.
bool canPermuteConstant(Value value);

/// Where there is no element: where sum(i * step) is `extent` or more.
struct ConstantBound {
  SmallVector<int64_t> steps;
  int64_t extent;
};

/// A constant of `type` whose element at index i is the one of `value` at the
/// row-major position sum(i * stride), or zero beyond `bounds`. Elements of f4
/// and f6 are packed anew.
Value permuteConstant(OpBuilder &b, Value value, RankedTensorType type,
                      ArrayRef<int64_t> strides,
                      ArrayRef<ConstantBound> bounds = {});

/// The same for f4 and f6, a byte for each code, and for scales: `type` has i8.
/// `fill` is beyond the bounds.
Value permuteCodes(OpBuilder &b, Value value, RankedTensorType type,
                   ArrayRef<int64_t> strides,
                   ArrayRef<ConstantBound> bounds = {}, uint8_t fill = 0);

} // namespace mlir::mx

#endif // MX_TRANSFORMS_PERMUTECONSTANT_H
