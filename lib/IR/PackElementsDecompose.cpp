// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Decompositions of mx.pack_elements and mx.unpack_elements: one
/// linalg.generic over the result that reads what it needs by index.
#include "mx/IR/IndexedGeneric.h"
#include "mx/IR/PackElements.h"

#include "mlir/Dialect/Arith/Utils/Utils.h"

using namespace mlir;
using namespace mlir::mx;

/// The value of `source` at this row and the column `column`.
static Value loadColumn(BodyBuilder &at, Value source, Value column) {
  SmallVector<Value> indices(at.indices);
  indices.back() = column;
  return tensor::ExtractOp::create(at.b, at.loc, source, indices);
}

/// The code at `column` of `elements` as i8; zero from `extent` on.
static Value loadCode(BodyBuilder &at, Value elements, Value column,
                      Value extent) {
  OpBuilder &b = at.b;
  Value inside;
  if (extent) {
    inside = arith::CmpIOp::create(b, at.loc, arith::CmpIPredicate::ult, column,
                                   extent);
    column = arith::SelectOp::create(b, at.loc, inside, column, at.index(0));
  }
  Value element = loadColumn(at, elements, column);
  Type integer = b.getIntegerType(element.getType().getIntOrFloatBitWidth());
  Value code = arith::ExtUIOp::create(
      b, at.loc, b.getI8Type(),
      arith::BitcastOp::create(b, at.loc, integer, element));
  if (inside)
    code = arith::SelectOp::create(b, at.loc, inside, code, at.byte(0));
  return code;
}

static Value toByte(BodyBuilder &at, Value index) {
  return arith::IndexCastOp::create(at.b, at.loc, at.b.getI8Type(), index);
}

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
      return loadCode(at, getElements(), column, Value());
    if (group.codes == 2) {
      Value first = at.make<arith::MulIOp>(column, at.index(2));
      Value second = at.make<arith::AddIOp>(first, at.index(1));
      return at.make<arith::OrIOp>(
          loadCode(at, getElements(), first, extent),
          at.make<arith::ShLIOp>(loadCode(at, getElements(), second, extent),
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
    Value shift = toByte(at, at.make<arith::MulIOp>(part, at.index(2)));
    return at.make<arith::OrIOp>(
        at.make<arith::ShRUIOp>(loadCode(at, getElements(), first, extent),
                                shift),
        at.make<arith::ShLIOp>(loadCode(at, getElements(), second, extent),
                               at.make<arith::SubIOp>(at.byte(6), shift)));
  };
  return SmallVector<Value>{
      createIndexedGeneric(b, loc, getPacked().getType(), sizes.front(), body)};
}

/// Whether rows of `packed` lie one behind the other: it has no part of longer
/// ones.
static bool hasWholeRows(Value packed) {
  while (auto slice = packed.getDefiningOp<tensor::ExtractSliceOp>()) {
    RankedTensorType source = slice.getSourceType();
    if (!slice.hasUnitStride() ||
        slice.getType().getRank() != source.getRank() ||
        slice.getStaticSizes().back() != source.getShape().back())
      return false;
    packed = slice.getSource();
  }
  return true;
}

/// The reassociation that merges the last two of `rank` dimensions.
static SmallVector<ReassociationIndices> mergeLast(int64_t rank) {
  SmallVector<ReassociationIndices> groups;
  for (int64_t dim = 0; dim + 1 < rank; ++dim)
    groups.push_back({dim});
  groups.back().push_back(rank - 1);
  return groups;
}

/// Rows of whole groups, with a dimension for the codes of a group: all shifts
/// and bytes of one follow from the code's number in it, which a loop over so
/// few is unrolled for.
static Value unpackRows(OpBuilder &b, Location loc, Value packed,
                        RankedTensorType type, const PackedGroup &group,
                        SmallVector<OpFoldResult> sizes) {
  Type element = type.getElementType();
  unsigned width = element.getIntOrFloatBitWidth();
  SmallVector<int64_t> shape(type.getShape());
  shape.back() /= group.codes;
  shape.push_back(group.codes);
  sizes.back() = b.getIndexAttr(shape[shape.size() - 2]);
  sizes.push_back(b.getIndexAttr(group.codes));
  auto body = [&](BodyBuilder &at) -> Value {
    OpBuilder &b = at.b;
    Value number = at.indices.pop_back_val();
    Value first =
        at.make<arith::MulIOp>(at.indices.back(), at.index(group.bytes));
    Value start = at.make<arith::MulIOp>(number, at.index(width));
    // A code lies in two bytes at most: that of its first bit and of its last.
    auto load = [&](Value bit) -> Value {
      Value byte = at.make<arith::DivUIOp>(bit, at.index(8));
      return arith::ExtUIOp::create(
          b, loc, b.getI16Type(),
          loadColumn(at, packed, at.make<arith::AddIOp>(first, byte)));
    };
    Value last = at.make<arith::AddIOp>(start, at.index(width - 1));
    Value word = at.make<arith::OrIOp>(
        load(start),
        at.make<arith::ShLIOp>(load(last),
                               arith::ConstantIntOp::create(b, loc, 8, 16)));
    Value shift = arith::IndexCastOp::create(
        b, loc, b.getI16Type(), at.make<arith::RemUIOp>(start, at.index(8)));
    Value code = at.make<arith::ShRUIOp>(word, shift);
    return arith::BitcastOp::create(
        b, loc, element,
        arith::TruncIOp::create(b, loc, b.getIntegerType(width), code));
  };
  Value groups = createIndexedGeneric(b, loc, type.clone(shape), sizes, body);
  return tensor::CollapseShapeOp::create(b, loc, type, groups,
                                         mergeLast(type.getRank() + 1));
}

/// Unpacks rows as one row if they lie so: a loop over the groups of a short
/// one, as of a panel's columns, would be no vector code.
static Value unpackGroups(OpBuilder &b, Location loc, Value packed,
                          RankedTensorType type, const PackedGroup &group,
                          SmallVector<OpFoldResult> sizes) {
  int64_t rank = type.getRank();
  if (rank < 2 || type.isDynamicDim(rank - 2) || !hasWholeRows(packed))
    return unpackRows(b, loc, packed, type, group, std::move(sizes));
  SmallVector<ReassociationIndices> merged = mergeLast(rank);
  SmallVector<int64_t> shape(type.getShape().drop_back());
  shape.back() *= type.getShape().back();
  SmallVector<OpFoldResult> outer(ArrayRef(sizes).drop_back());
  outer.back() = b.getIndexAttr(shape.back());
  Value bytes = tensor::CollapseShapeOp::create(b, loc, packed, merged);
  Value row =
      unpackRows(b, loc, bytes, type.clone(shape), group, std::move(outer));
  return tensor::ExpandShapeOp::create(b, loc, type, row, merged, sizes);
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
  int64_t columns = type.getShape().back();
  // What is sliced is made slice by slice, which the reshape would hide.
  bool isSliced = llvm::any_of(getElements().getUsers(),
                               llvm::IsaPred<tensor::ExtractSliceOp>);
  if (group.codes > 1 && !ShapedType::isDynamic(columns) &&
      columns % group.codes == 0 && !isSliced)
    return SmallVector<Value>{
        unpackGroups(b, loc, getPacked(), type, group, sizes.front())};
  auto body = [&](BodyBuilder &at) -> Value {
    OpBuilder &b = at.b;
    Value column = at.indices.back(), code;
    if (group.codes == 1) {
      code = loadColumn(at, getPacked(), column);
    } else if (group.codes == 2) {
      Value byte = loadColumn(at, getPacked(),
                              at.make<arith::DivUIOp>(column, at.index(2)));
      Value shift = toByte(
          at, at.make<arith::MulIOp>(
                  at.make<arith::RemUIOp>(column, at.index(2)), at.index(4)));
      code = at.make<arith::ShRUIOp>(byte, shift);
    } else {
      // Bits 6c to 6c + 5 of the row lie in bytes 3c / 4 to (3c + 2) / 4, two
      // at most.
      Value start = at.make<arith::MulIOp>(column, at.index(3));
      Value last = at.make<arith::AddIOp>(start, at.index(2));
      auto load = [&](Value quarter) -> Value {
        Value byte = loadColumn(at, getPacked(),
                                at.make<arith::DivUIOp>(quarter, at.index(4)));
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
  return SmallVector<Value>{
      createIndexedGeneric(b, loc, type, sizes.front(), body)};
}
