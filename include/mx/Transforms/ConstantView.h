// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Constants seen through the ops that only move or round their elements.
#ifndef MX_TRANSFORMS_CONSTANTVIEW_H
#define MX_TRANSFORMS_CONSTANTVIEW_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Value.h"

#include <memory>
#include <vector>

namespace mlir::mx {

/// A tensor of floats: the element at index i is the stored one at
/// offset + sum(i * stride), extended to f32 and rounded to each of
/// `roundings` in turn.
struct ConstantView {
  /// f32, f16 or bf16, little-endian, `data` as the attribute holds it.
  Type storedType;
  ArrayRef<char> data;
  int64_t offset = 0;
  SmallVector<int64_t> shape, strides;
  SmallVector<Type> roundings;
  /// Owns `data` where a reshape needed its own copy.
  std::shared_ptr<std::vector<char>> storage;

  int64_t getNumElements() const;
  /// Whether all elements are one.
  bool isSplat() const;
  /// Writes the elements of the box in row-major order, as f32.
  void read(ArrayRef<int64_t> start, ArrayRef<int64_t> extents,
            MutableArrayRef<float> values) const;
};

/// The view of `value`, if it is an f32, f16 or bf16 constant (dense, splat or
/// dense_resource) behind any number of transposes, broadcasts, slices,
/// reshapes and casts: linalg.transpose, linalg.broadcast, a linalg.generic
/// that copies, tensor.extract_slice, expand_shape, collapse_shape, cast, and
/// reshape to a constant shape, arith.extf and truncf.
std::optional<ConstantView> getConstantView(Value value);

} // namespace mlir::mx

#endif // MX_TRANSFORMS_CONSTANTVIEW_H
