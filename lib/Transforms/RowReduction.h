// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// The code of reductions along rows, several of which are brought together by
/// shuffles of vectors.
#ifndef MX_TRANSFORMS_ROWREDUCTION_H
#define MX_TRANSFORMS_ROWREDUCTION_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace mlir::mx {

/// A linalg.generic that reduces rows of memory, each to one number.
class RowReduction {
public:
  /// Describes `op` for vectors of at most `lanes` results, a power of two.
  static FailureOr<RowReduction> get(linalg::GenericOp op, int64_t lanes);

  void build(OpBuilder &b);

private:
  RowReduction(linalg::GenericOp op, Operation *combiner, unsigned rowDim,
               int64_t extent, int64_t width)
      : op(op), loc(op.getLoc()), combiner(combiner), rowDim(rowDim),
        extent(extent), width(width) {}

  /// The numbers of rows that loops reduce at once, in order.
  SmallVector<int64_t> getGroups();
  void buildGroup(OpBuilder &b, int64_t group);

  SmallVector<Value> getIndices(OpBuilder &b, AffineMap map, int64_t row,
                                int64_t column);
  Value combine(OpBuilder &b, Value x, Value y);
  /// `width` elements of a row, as the body makes them.
  Value load(OpBuilder &b, int64_t row, int64_t column);
  /// The vector whose lane i is, in the segment of 2 * `half` lanes around it,
  /// a part of what row `row` + i mod 2 * `half` is reduced to.
  Value merge(OpBuilder &b, int64_t row, int64_t half, int64_t group);

  linalg::GenericOp op;
  Location loc;
  Operation *combiner;
  /// The result's innermost dimension.
  unsigned rowDim;
  /// Elements of a row, and those of them that are loaded at once.
  int64_t extent, width;
  /// The place in every dimension, that of the first row of a group in rowDim;
  /// null in the dimension that is reduced.
  SmallVector<Value> position;
};

} // namespace mlir::mx

#endif // MX_TRANSFORMS_ROWREDUCTION_H
