// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Sizes of buffers as numbers of the program.
#ifndef MX_LIB_TRANSFORMS_BUFFERSIZE_H
#define MX_LIB_TRANSFORMS_BUFFERSIZE_H

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "llvm/ADT/DenseMap.h"

namespace mlir::mx {

/// The bytes of a buffer, as a product.
struct BufferSize {
  /// Nothing for elements whose bytes are unknown.
  static std::optional<BufferSize> get(memref::AllocOp alloc);

  /// Whether both are products of the same factors, in any order.
  bool operator==(const BufferSize &other) const;

  int64_t factor = 1;
  SmallVector<Value> extents;
};

/// The product of two sizes in bytes; if it is beyond kLargestSize, that.
Value multiplySizes(OpBuilder &b, Location loc, Value lhs, Value rhs);

/// No machine has so much memory, and thousands of such sizes have a sum.
constexpr int64_t kLargestSize = int64_t(1) << 48;

/// Computes values of a function's nested regions before the op of its entry
/// block that holds them.
class Hoister {
public:
  /// `value`, before `anchor`; null where that cannot be computed there. Of a
  /// buffer that is allocated later it is the shape alone.
  Value hoist(Value value, Operation *anchor);

  /// What the index `value` is at most; null where no bound is known.
  Value hoistBound(Value value, Operation *anchor);

  /// `size` in bytes, if it is below kLargestSize, or at least that much: before
  /// `anchor`, and rounded up to a multiple of 64. Extents
  /// that vary behind `anchor` are replaced by bounds. Null if there are none.
  Value materialize(const BufferSize &size, Operation *anchor);

private:
  DenseMap<Value, Value> hoisted;
};

} // namespace mlir::mx

#endif // MX_LIB_TRANSFORMS_BUFFERSIZE_H
