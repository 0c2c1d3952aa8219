// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Factors of contractions as tiles of an accelerator's.
#include "OffloadConstants.h"
#include "RowIndex.h"
#include "mx/IR/IndexedGeneric.h"
#include "mx/IR/PackElements.h"
#include "mx/IR/ScaleLayout.h"
#include "mx/IR/ScaleMap.h"

#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace mlir::mx;

namespace {
/// Builds the tiles of one factor.
struct TileBuilder {
  OpBuilder &b;
  ContractOp op;
  const OffloadForm &form;
  const OffloadSide &side;
  Location loc = op.getLoc();
  RowIndex batches =
      RowIndex::get(b, loc, side.getSource(), side.map, form.batch);
  RowIndex rows = RowIndex::get(b, loc, side.getSource(), side.map, side.rows);

  /// The element or scale in `value` at an index (batch, row, position along
  /// the sum); `pad`, unless it is null, where there is none.
  Value read(OpBuilder &b, Value value, AffineMap map, Value batch, Value row,
             Value position, Value pad) {
    SmallVector<Value> at(map.getNumDims());
    Value inside;
    if (pad) {
      Value extent = arith::ConstantIndexOp::create(b, loc, form.depth);
      auto isBelow = [&](Value index, Value bound) -> Value {
        return arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ult, index,
                                     bound);
      };
      inside = arith::AndIOp::create(b, loc, isBelow(row, rows.getCount()),
                                     isBelow(position, extent));
      Value zero = arith::ConstantIndexOp::create(b, loc, 0);
      row = arith::SelectOp::create(b, loc, inside, row, zero);
      position = arith::SelectOp::create(b, loc, inside, position, zero);
    }
    batches.split(b, loc, batch, form.batch, at);
    rows.split(b, loc, row, side.rows, at);
    at[form.sum] = position;
    SmallVector<Value> indices;
    for (const MapResult &result : parseMap(map)) {
      Value index = result.isUnit() ? arith::ConstantIndexOp::create(b, loc, 0)
                                    : at[result.terms[0].dim];
      if (result.isBlocked())
        index = arith::DivUIOp::create(
            b, loc, index,
            arith::ConstantIndexOp::create(b, loc, result.block));
      indices.push_back(index);
    }
    Value element = tensor::ExtractOp::create(b, loc, value, indices);
    return inside ? arith::SelectOp::create(b, loc, inside, element, pad)
                  : element;
  }

  Value buildElements() {
    if (Value constant = permuteElements(b, form, side))
      return constant;
    Value value = side.elements;
    Type element = side.getElement();
    bool isSubByte = isSubByteFloat(element);
    if (isSubByte)
      value = packElements(b, value, Container::Byte);
    Type stored = isSubByte ? b.getI8Type() : element;
    OpFoldResult inTile[] = {b.getIndexAttr(side.tileRows),
                             b.getIndexAttr(form.mma.getDepth())};
    Value tiles = buildTiles(value, stored, inTile, [](BodyBuilder &body) {
      return std::pair(body.indices[3], body.indices[4]);
    });
    if (!isSubByte || form.mma.getContainer() == Container::Byte)
      return tiles;
    auto type = cast<RankedTensorType>(tiles.getType()).clone(element);
    tiles =
        UnpackElementsOp::create(b, loc, type, tiles, Value(), Container::Byte);
    return packElements(b, tiles, Container::Dense);
  }

  /// A tensor of (batch, tiles of rows, tiles of the sum, `inTile`) with the
  /// elements of `value`, and zeros where there are none; `locate` tells the
  /// row of a tile and the position along its depth.
  Value
  buildTiles(Value value, Type element, ArrayRef<OpFoldResult> inTile,
             function_ref<std::pair<Value, Value>(BodyBuilder &)> locate) {
    int64_t depth = form.mma.getDepth();
    SmallVector<OpFoldResult> sizes = {
        batches.getFoldedCount(), rows.getTiles(b, loc, side.tileRows),
        b.getIndexAttr(llvm::divideCeil(form.depth, depth))};
    llvm::append_range(sizes, inTile);
    Value pad;
    if (form.depth % depth || !rows.isMultipleOf(side.tileRows))
      pad = arith::ConstantOp::create(b, loc, b.getZeroAttr(element));
    return build(sizes, element, [&](BodyBuilder &body) {
      ArrayRef<Value> at = body.indices;
      auto [inRow, inDepth] = locate(body);
      Value row = combine(body.b, at[1], side.tileRows, inRow);
      Value position = combine(body.b, at[2], depth, inDepth);
      return read(body.b, value, side.map, at[0], row, position, pad);
    });
  }

  /// The digits of the scales' order, those of rows first, the largest first;
  /// at least one of either dimension.
  SmallVector<LayoutDigit> getDigits(ArrayRef<LayoutResult> order) {
    SmallVector<LayoutDigit> digits;
    for (const LayoutResult &result : order)
      llvm::append_range(digits, result);
    for (unsigned dim : {0, 1})
      if (llvm::none_of(digits, [&](auto &digit) { return digit.dim == dim; }))
        digits.push_back({dim, 1, 1, 1});
    llvm::sort(digits, [](const LayoutDigit &x, const LayoutDigit &y) {
      return std::pair(x.dim, -x.divisor) < std::pair(y.dim, -y.divisor);
    });
    return digits;
  }

  /// The map from (batch, tiles of rows, tiles of the sum, digits, element of a
  /// block) to scales in their order.
  AffineMap getScaleMap(ArrayRef<LayoutResult> order,
                        ArrayRef<LayoutDigit> digits) {
    SmallVector<unsigned> dims = {0, 1, 2};
    for (const LayoutResult &result : order)
      for (const LayoutDigit &digit : llvm::reverse(result))
        for (auto [index, other] : llvm::enumerate(digits))
          if (other.dim == digit.dim && other.divisor == digit.divisor)
            dims.push_back(3 + index);
    return AffineMap::getMultiDimMapWithTargets(3 + digits.size() + 1, dims,
                                                b.getContext());
  }

  /// The tiles of what is quantized here. Every digit of the scales' order is a
  /// dimension of its own, and so scales are written in that order.
  OffloadTiles quantize() {
    QuantizeOp op = side.quantize;
    SmallVector<LayoutResult> order = getTileOrder(form.mma, side.tileRows);
    SmallVector<LayoutDigit> digits = getDigits(order);
    SmallVector<OpFoldResult> inTile;
    for (const LayoutDigit &digit : digits)
      inTile.push_back(b.getIndexAttr(digit.extent));
    inTile.push_back(b.getIndexAttr(form.mma.getBlock()));
    auto input = cast<RankedTensorType>(op.getInput().getType());
    Value tiles = buildTiles(
        op.getInput(), input.getElementType(), inTile, [&](BodyBuilder &body) {
          Value place[2] = {body.index(0), body.index(0)};
          for (auto [index, digit] : llvm::enumerate(digits))
            place[digit.dim] = combine(body.b, body.indices[3 + index],
                                       digit.divisor, place[digit.dim]);
          Value depth = combine(body.b, place[1], form.mma.getBlock(),
                                body.indices.back());
          return std::pair(place[0], depth);
        });
    AffineMap scaleMap = getScaleMap(order, digits);
    SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(b, loc, tiles);
    SmallVector<OpFoldResult> scaleSizes =
        applyPermutationMap(scaleMap, ArrayRef(sizes));
    Value elements = tensor::EmptyOp::create(b, loc, sizes, side.getElement());
    Value scales = tensor::EmptyOp::create(
        b, loc, scaleSizes, getElementTypeOrSelf(side.scale.getType()));
    auto quantized = QuantizeOp::create(
        b, loc, SmallVector<Type>{elements.getType(), scales.getType()}, tiles,
        op.getGlobalScale(), elements, scales, AffineMapAttr::get(scaleMap),
        op.getRuleAttr(), op.getSpecialAttr(), op.getFractionBitsAttr());
    elements = quantized.getResult(0);
    if (!isSubByteFloat(side.getElement()))
      return {elements, quantized.getResult(1)};
    // Row by row again, as they are packed.
    SmallVector<ReassociationIndices> groups = {{0}, {1}, {2}, {}, {}};
    for (auto [index, digit] : llvm::enumerate(digits))
      groups[3 + digit.dim].push_back(3 + index);
    groups.back().push_back(3 + digits.size());
    elements = tensor::CollapseShapeOp::create(b, loc, elements, groups);
    return {packElements(b, elements, form.mma.getContainer()),
            quantized.getResult(1)};
  }

  /// A tensor of `sizes` with the elements that `body` gives for each index.
  Value build(ArrayRef<OpFoldResult> sizes, Type element,
              function_ref<Value(BodyBuilder &)> body) {
    SmallVector<int64_t> shape =
        decomposeMixedValues(SmallVector<OpFoldResult>(sizes)).first;
    return createIndexedGeneric(b, loc, RankedTensorType::get(shape, element),
                                sizes, body);
  }

  Value combine(OpBuilder &b, Value outer, int64_t size, Value inner) {
    Value scaled = arith::MulIOp::create(
        b, loc, outer, arith::ConstantIndexOp::create(b, loc, size));
    return arith::AddIOp::create(b, loc, scaled, inner);
  }

  Value buildScales() {
    if (Value constant = permuteScales(b, form, side))
      return constant;
    Value value = side.scale;
    auto type = cast<RankedTensorType>(value.getType());
    int64_t blocks = llvm::divideCeil(form.depth, form.mma.getBlock());
    OpFoldResult sizes[] = {batches.getFoldedCount(), rows.getFoldedCount(),
                            b.getIndexAttr(blocks)};
    Value plain = build(sizes, type.getElementType(), [&](BodyBuilder &body) {
      ArrayRef<Value> at = body.indices;
      Value zero = body.index(0);
      Value position = combine(body.b, at[2], form.mma.getBlock(), zero);
      return read(body.b, value, side.scaleMap, at[0], at[1], position,
                  /*pad=*/Value());
    });
    ScaleLayoutAttr order = form.mma.getTensorOrder(side.tileRows);
    auto packed = getPackedScalesType(
        order, cast<RankedTensorType>(plain.getType()).getShape());
    return PackScalesOp::create(b, loc, packed, plain, order);
  }
};
} // namespace

OffloadTiles mlir::mx::buildTiles(OpBuilder &b, ContractOp op,
                                  const OffloadForm &form,
                                  const OffloadSide &side) {
  TileBuilder builder{b, op, form, side};
  if (side.quantize)
    return builder.quantize();
  Value elements = builder.buildElements();
  return {elements, builder.buildScales()};
}
