// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Decompositions of mx.pack_scales and mx.unpack_scales: one linalg.generic
/// over the result that reads what it needs by index.
#include "mx/IR/IndexedGeneric.h"
#include "mx/IR/ScaleLayout.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"

using namespace mlir;
using namespace mlir::mx;

static SmallVector<Value> applyAll(BodyBuilder &at, ArrayRef<AffineExpr> exprs,
                                   ValueRange operands) {
  SmallVector<OpFoldResult> folded = getAsOpFoldResult(operands);
  return llvm::map_to_vector(exprs, [&](AffineExpr expr) {
    return getValueOrCreateConstantIndexOp(
        at.b, at.loc,
        affine::makeComposedFoldedAffineApply(at.b, at.loc, expr, folded));
  });
}

FailureOr<SmallVector<Value>> PackScalesOp::decomposeOperation(OpBuilder &b) {
  Location loc = getLoc();
  ScaleLayoutAttr layout = getLayout();
  RankedTensorType type = getPacked().getType();
  ReifiedRankedShapedTypeDims sizes;
  if (failed(reifyResultShapes(b, sizes)))
    return failure();
  SmallVector<OpFoldResult> extents =
      tensor::getMixedSizes(b, loc, getScales());
  SmallVector<AffineExpr> logical = getLogicalIndices(layout);
  SmallVector<int64_t> multiples = getLayoutMultiples(layout);

  // The byte of the scale at an index of the layout's map, as the container.
  auto loadByte = [&](BodyBuilder &at, ValueRange packed) -> Value {
    SmallVector<Value> indices = applyAll(at, logical, packed);
    Value inside;
    for (auto [dim, index] : llvm::enumerate(indices)) {
      std::optional<int64_t> extent = getConstantIntValue(extents[dim]);
      if (extent && *extent % multiples[dim] == 0)
        continue;
      Value holds = arith::CmpIOp::create(
          at.b, loc, arith::CmpIPredicate::ult, index,
          getValueOrCreateConstantIndexOp(at.b, loc, extents[dim]));
      index = arith::SelectOp::create(at.b, loc, holds, index, at.index(0));
      inside = inside ? at.make<arith::AndIOp>(inside, holds) : holds;
    }
    Value byte = arith::BitcastOp::create(
        at.b, loc, at.b.getI8Type(),
        tensor::ExtractOp::create(at.b, loc, getScales(), indices));
    if (inside)
      byte = arith::SelectOp::create(
          at.b, loc, inside, byte,
          at.byte(static_cast<int8_t>(layout.getPad())));
    if (getContainerBytes(layout) == 1)
      return byte;
    return arith::ExtUIOp::create(at.b, loc, layout.getContainer(), byte);
  };
  auto body = [&](BodyBuilder &at) -> Value {
    if (getContainerBytes(layout) == 1)
      return loadByte(at, at.indices);
    Value word;
    for (int64_t position = 0; position < 4; ++position) {
      SmallVector<Value> packed(at.indices);
      packed.push_back(at.index(position));
      Value byte = loadByte(at, packed);
      Value shift = arith::ConstantIntOp::create(at.b, loc, 8 * position, 32);
      byte = at.make<arith::ShLIOp>(byte, shift);
      word = word ? at.make<arith::OrIOp>(word, byte) : byte;
    }
    return word;
  };
  return SmallVector<Value>{
      createIndexedGeneric(b, loc, type, sizes.front(), body)};
}

FailureOr<SmallVector<Value>> UnpackScalesOp::decomposeOperation(OpBuilder &b) {
  Location loc = getLoc();
  ScaleLayoutAttr layout = getLayout();
  RankedTensorType type = getScales().getType();
  ReifiedRankedShapedTypeDims sizes;
  if (failed(reifyResultShapes(b, sizes)))
    return failure();
  auto body = [&](BodyBuilder &at) -> Value {
    SmallVector<Value> packed =
        applyAll(at, layout.getMap().getResults(), at.indices);
    Value position;
    if (getContainerBytes(layout) > 1)
      position = packed.pop_back_val();
    Value byte = tensor::ExtractOp::create(at.b, loc, getPacked(), packed);
    if (position) {
      Value shift = arith::IndexCastOp::create(
          at.b, loc, layout.getContainer(),
          at.make<arith::MulIOp>(position, at.index(8)));
      byte = arith::TruncIOp::create(at.b, loc, at.b.getI8Type(),
                                     at.make<arith::ShRUIOp>(byte, shift));
    }
    return arith::BitcastOp::create(at.b, loc, type.getElementType(), byte);
  };
  return SmallVector<Value>{
      createIndexedGeneric(b, loc, type, sizes.front(), body)};
}
