// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Sizes of buffers as numbers of the program.
#ifndef MX_LIB_TRANSFORMS_BUFFERSIZE_H
#define MX_LIB_TRANSFORMS_BUFFERSIZE_H

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Interfaces/ValueBoundsOpInterface.h"
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

/// All bytes that 48 bits of an address reach: no machine has so much memory,
/// and thousands of such sizes have a sum.
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

  /// `size` in bytes, if it is below kLargestSize, or at least that much:
  /// before `anchor`, and rounded up to a multiple of 64. Extents that vary
  /// behind `anchor` are replaced by bounds. Null if there are none.
  Value materialize(const BufferSize &size, Operation *anchor);

private:
  /// Whether `value` is there before `anchor`, an op of a function's own block.
  static bool isBefore(Value value, Operation *anchor);
  /// The same as hoistBound for a result of an affine.min, by all its bounds.
  Value hoistLeast(affine::AffineMinOp min, Operation *anchor);
  /// What `variable` is at most, in terms of what is there before `anchor`.
  Value raise(const ValueBoundsConstraintSet::Variable &variable,
              Operation *anchor);

  DenseMap<Value, Value> hoisted;
};

} // namespace mlir::mx

#endif // MX_LIB_TRANSFORMS_BUFFERSIZE_H
