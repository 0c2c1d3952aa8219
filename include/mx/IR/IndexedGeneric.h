// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// A linalg.generic over its result that reads what it needs by index. Reading
/// by index, rather than through a map with a floordiv, stays right under any
/// tiling.
#ifndef MX_IR_INDEXEDGENERIC_H
#define MX_IR_INDEXEDGENERIC_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace mlir::mx {

/// Builds the body at one index of the result.
struct BodyBuilder {
  OpBuilder &b;
  Location loc;
  SmallVector<Value> indices;

  BodyBuilder(OpBuilder &b, Location loc, int64_t rank) : b(b), loc(loc) {
    for (int64_t dim = 0; dim < rank; ++dim)
      indices.push_back(linalg::IndexOp::create(b, loc, dim));
  }
  Value index(int64_t value) {
    return arith::ConstantIndexOp::create(b, loc, value);
  }
  Value byte(int64_t value) {
    return arith::ConstantIntOp::create(b, loc, value, 8);
  }
  template <typename OpType> Value make(Value lhs, Value rhs) {
    return OpType::create(b, loc, lhs, rhs);
  }
};

/// A generic without inputs over a new tensor of the given type and sizes;
/// `body` gives the element at an index.
inline Value
createIndexedGeneric(OpBuilder &b, Location loc, RankedTensorType type,
                     ArrayRef<OpFoldResult> sizes,
                     llvm::function_ref<Value(BodyBuilder &)> body) {
  Value empty = tensor::EmptyOp::create(b, loc, sizes, type.getElementType());
  int64_t rank = type.getRank();
  auto generic = linalg::GenericOp::create(
      b, loc, TypeRange(empty.getType()), ValueRange(), ValueRange(empty),
      b.getMultiDimIdentityMap(rank),
      SmallVector<utils::IteratorType>(rank, utils::IteratorType::parallel),
      [&](OpBuilder &nested, Location, ValueRange) {
        BodyBuilder builder(nested, loc, rank);
        linalg::YieldOp::create(nested, loc, body(builder));
      });
  Value result = generic.getResult(0);
  if (result.getType() != type)
    result = tensor::CastOp::create(b, loc, type, result);
  return result;
}

} // namespace mlir::mx

#endif // MX_IR_INDEXEDGENERIC_H
