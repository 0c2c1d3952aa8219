// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Decompositions of mx.pack_elements and mx.unpack_elements: one
/// linalg.generic over the result that reads what it needs by index. Reading by
/// index, rather than through a map with a floordiv, stays right under any
/// tiling.
#include "mx/IR/PackElements.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::mx;

namespace {
/// Builds the body of the generic at one index of its result.
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
  Value toByte(Value index) {
    return arith::IndexCastOp::create(b, loc, b.getI8Type(), index);
  }
  /// The value of `source` at this row and the column `column`.
  Value load(Value source, Value column) {
    SmallVector<Value> at(indices);
    at.back() = column;
    return tensor::ExtractOp::create(b, loc, source, at);
  }
  /// The code at `column` of `elements` as i8; zero from `extent` on.
  Value loadCode(Value elements, Value column, Value extent) {
    Value inside;
    if (extent) {
      inside = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ult, column,
                                     extent);
      column = arith::SelectOp::create(b, loc, inside, column, index(0));
    }
    Value element = load(elements, column);
    Type integer = b.getIntegerType(element.getType().getIntOrFloatBitWidth());
    Value code = arith::ExtUIOp::create(
        b, loc, b.getI8Type(),
        arith::BitcastOp::create(b, loc, integer, element));
    if (inside)
      code = arith::SelectOp::create(b, loc, inside, code, byte(0));
    return code;
  }
};

using BodyFn = llvm::function_ref<Value(BodyBuilder &)>;

/// A generic without inputs over a new tensor of the given type and sizes.
Value createGeneric(OpBuilder &b, Location loc, RankedTensorType type,
                    ArrayRef<OpFoldResult> sizes, BodyFn body) {
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
} // namespace

FailureOr<SmallVector<Value>> PackElementsOp::decomposeOperation(OpBuilder &b) {
  Location loc = getLoc();
  RankedTensorType type = getElements().getType();
  ReifiedRankedShapedTypeDims sizes;
  if (failed(reifyResultShapes(b, sizes)))
    return failure();
  PackedGroup group = getPackedGroup(type.getElementType(), getContainer());
  int64_t columns = type.getShape().back();
  Value extent;
  if (ShapedType::isDynamic(columns) || columns % group.codes)
    extent = getValueOrCreateConstantIndexOp(
        b, loc,
        tensor::getMixedSize(b, loc, getElements(), type.getRank() - 1));
  auto body = [&](BodyBuilder &at) -> Value {
    Value column = at.indices.back();
    if (group.codes == 1)
      return at.loadCode(getElements(), column, Value());
    if (group.codes == 2) {
      Value first = at.make<arith::MulIOp>(column, at.index(2));
      Value second = at.make<arith::AddIOp>(first, at.index(1));
      return at.make<arith::OrIOp>(
          at.loadCode(getElements(), first, extent),
          at.make<arith::ShLIOp>(at.loadCode(getElements(), second, extent),
                                 at.byte(4)));
    }
    // Byte r of the three holds code r from bit 2r on and, above it, the low
    // bits of code r + 1.
    Value part = at.make<arith::RemUIOp>(column, at.index(3));
    Value first = at.make<arith::AddIOp>(
        at.make<arith::MulIOp>(at.make<arith::DivUIOp>(column, at.index(3)),
                               at.index(4)),
        part);
    Value second = at.make<arith::AddIOp>(first, at.index(1));
    Value shift = at.toByte(at.make<arith::MulIOp>(part, at.index(2)));
    return at.make<arith::OrIOp>(
        at.make<arith::ShRUIOp>(at.loadCode(getElements(), first, extent),
                                shift),
        at.make<arith::ShLIOp>(at.loadCode(getElements(), second, extent),
                               at.make<arith::SubIOp>(at.byte(6), shift)));
  };
  return SmallVector<Value>{
      createGeneric(b, loc, getPacked().getType(), sizes.front(), body)};
}

FailureOr<SmallVector<Value>>
UnpackElementsOp::decomposeOperation(OpBuilder &b) {
  Location loc = getLoc();
  RankedTensorType type = getElements().getType();
  Type element = type.getElementType();
  ReifiedRankedShapedTypeDims sizes;
  if (failed(reifyResultShapes(b, sizes)))
    return failure();
  PackedGroup group = getPackedGroup(element, getContainer());
  auto body = [&](BodyBuilder &at) -> Value {
    OpBuilder &b = at.b;
    Value column = at.indices.back(), code;
    if (group.codes == 1) {
      code = at.load(getPacked(), column);
    } else if (group.codes == 2) {
      Value byte =
          at.load(getPacked(), at.make<arith::DivUIOp>(column, at.index(2)));
      Value shift = at.toByte(at.make<arith::MulIOp>(
          at.make<arith::RemUIOp>(column, at.index(2)), at.index(4)));
      code = at.make<arith::ShRUIOp>(byte, shift);
    } else {
      // Bits 6c to 6c + 5 of the row lie in bytes 3c / 4 to (3c + 2) / 4, two
      // at most.
      Value start = at.make<arith::MulIOp>(column, at.index(3));
      Value last = at.make<arith::AddIOp>(start, at.index(2));
      auto load = [&](Value quarter) -> Value {
        Value byte =
            at.load(getPacked(), at.make<arith::DivUIOp>(quarter, at.index(4)));
        return arith::ExtUIOp::create(b, loc, b.getI16Type(), byte);
      };
      Value eight = arith::ConstantIntOp::create(b, loc, 8, 16);
      Value word = at.make<arith::OrIOp>(
          load(start), at.make<arith::ShLIOp>(load(last), eight));
      Value shift = arith::IndexCastOp::create(
          b, loc, b.getI16Type(),
          at.make<arith::RemUIOp>(at.make<arith::MulIOp>(start, at.index(2)),
                                  at.index(8)));
      code = at.make<arith::ShRUIOp>(word, shift);
    }
    Type integer = b.getIntegerType(element.getIntOrFloatBitWidth());
    return arith::BitcastOp::create(
        b, loc, element, arith::TruncIOp::create(b, loc, integer, code));
  };
  return SmallVector<Value>{createGeneric(b, loc, type, sizes.front(), body)};
}
