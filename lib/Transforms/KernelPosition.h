// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Where an invocation of a contraction's kernel is in the contraction's loops.
#ifndef MX_LIB_TRANSFORMS_KERNELPOSITION_H
#define MX_LIB_TRANSFORMS_KERNELPOSITION_H

#include "ContractKernel.h"

namespace mlir::mx {

struct KernelPosition {
  KernelPosition(ContractOp op, const KernelShape &shape)
      : op(op), dims(shape.dims), shape(shape), b(op), loc(op.getLoc()) {}

  Value constant(int64_t value);
  Value add(Value x, Value y);
  Value mul(Value x, Value y);
  Value min(Value x, Value y);
  Value below(Value x, Value y);

  /// The element of `buffer` at `indices`.
  Value load(Value buffer, AffineMap map);
  /// That of one factor.
  Value loadElement(bool isLhs);

  /// Sets the index of row `row` of this workgroup; one past the end is the
  /// last one again.
  void setRow(Value row);
  /// Sets the index of column `column` of this invocation, likewise.
  void setColumn(int64_t column);
  /// Sets the index along the sum, likewise.
  void setInSum(Value k);

  /// The elements of the chunk from `k` on.
  Value getChunkSize(Value k);
  /// Whether each chunk has `shape.chunk` elements.
  bool hasWholeChunks();

  ContractOp op;
  const MatmulDims &dims;
  const KernelShape &shape;
  OpBuilder b;
  Location loc;
  /// Of all loops.
  SmallVector<Value> sizes, indices;
  Value thread, firstRow, lastRow, firstColumn, lastColumn, lastInSum;
  /// A chunk of the workgroup's rows, in its memory.
  Value tile;
};

} // namespace mlir::mx

#endif // MX_LIB_TRANSFORMS_KERNELPOSITION_H
