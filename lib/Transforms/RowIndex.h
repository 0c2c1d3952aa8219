// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Several dimensions counted as one.
#ifndef MX_LIB_TRANSFORMS_ROWINDEX_H
#define MX_LIB_TRANSFORMS_ROWINDEX_H

#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/AffineMap.h"

namespace mlir::mx {

/// The index over dimensions of these extents, the last of which varies
/// fastest.
class RowIndex {
public:
  RowIndex(OpBuilder &b, Location loc, ArrayRef<OpFoldResult> extents);
  /// The same over `dims`, each of which `map` has as a result, with the
  /// extents that the tensor `value` has there.
  static RowIndex get(OpBuilder &b, Location loc, Value value, AffineMap map,
                      ArrayRef<unsigned> dims);

  /// The number of indices.
  Value getCount() const { return count; }
  OpFoldResult getFoldedCount() const { return getAsOpFoldResult(count); }
  /// The number of groups of `size` indices.
  OpFoldResult getTiles(OpBuilder &b, Location loc, int64_t size) const;
  bool isMultipleOf(int64_t size) const;

  /// Writes the index of each dimension to its place in `at`.
  void split(OpBuilder &b, Location loc, Value index, ArrayRef<unsigned> dims,
             MutableArrayRef<Value> at) const;
  /// The inverse.
  Value merge(OpBuilder &b, Location loc, ArrayRef<Value> indices) const;

private:
  SmallVector<Value> extents;
  Value count;
};

} // namespace mlir::mx

#endif // MX_LIB_TRANSFORMS_ROWINDEX_H
