// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Transforms/OperandQuantizer.h"
#include "mx/IR/QuantizeBuilder.h"
#include "mx/IR/ScaleMap.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::mx;

/// One expression per dimension of the operand: what its scales are indexed by,
/// or null where a block spans the dimension.
static SmallVector<AffineExpr> getScaleIndices(AffineMap map,
                                               const Recipe &recipe,
                                               const BlockedDims &blocks,
                                               bool isWeight) {
  SmallVector<AffineExpr> indices;
  for (const MapResult &result : parseMap(map)) {
    AffineExpr index = getAffineDimExpr(indices.size(), map.getContext());
    auto span = [&](const BlockedDim &blocked, int64_t block) {
      if (result.isDim() && result.terms[0].dim == blocked.dim)
        index = index.floorDiv(block / blocked.innerExtent);
      else if (result.isDim() && blocked.inner == result.terms[0].dim)
        index = AffineExpr();
    };
    span(blocks.contracted, recipe.block);
    if (isWeight && blocks.rows)
      span(*blocks.rows, recipe.weightRows);
    indices.push_back(index);
  }
  return indices;
}

/// The shape that `map` gives to the scales of `value`.
static Value createScales(OpBuilder &b, Location loc, Value value,
                          AffineMap map, Type element) {
  SmallVector<OpFoldResult> extents = tensor::getMixedSizes(b, loc, value);
  SmallVector<OpFoldResult> zeros(extents.size(), b.getIndexAttr(0)), sizes;
  for (const MapResult &result : parseMap(map))
    sizes.push_back(getSlice(b, loc, result, zeros, extents).second);
  return tensor::EmptyOp::create(b, loc, sizes, element);
}

Value OperandQuantizer::getGlobalScale(OpBuilder &b, Value value) {
  Value &known = globalScales[value];
  if (known)
    return known;
  Location loc = value.getLoc();
  auto type = cast<RankedTensorType>(value.getType());
  unsigned rank = type.getRank();
  Value empty =
      tensor::EmptyOp::create(b, loc, ArrayRef<int64_t>{}, b.getI32Type());
  Value zero = arith::ConstantOp::create(b, loc, b.getI32IntegerAttr(0));
  Value init = linalg::FillOp::create(b, loc, zero, empty).getResult(0);
  SmallVector<AffineMap> maps = {b.getMultiDimIdentityMap(rank),
                                 AffineMap::get(rank, 0, b.getContext())};
  SmallVector<utils::IteratorType> iterators(rank,
                                             utils::IteratorType::reduction);
  Value amax =
      linalg::GenericOp::create(
          b, loc, init.getType(), value, init, maps, iterators,
          [](OpBuilder &b, Location loc, ValueRange args) {
            Value bits = getMagnitudeBits(b, loc, args[0]);
            // NaN and Inf do not count.
            Value infinity = arith::ConstantOp::create(
                b, loc, b.getI32IntegerAttr(0x7f800000));
            Value zero =
                arith::ConstantOp::create(b, loc, b.getI32IntegerAttr(0));
            Value finite = arith::CmpIOp::create(
                b, loc, arith::CmpIPredicate::ult, bits, infinity);
            bits = arith::SelectOp::create(b, loc, finite, bits, zero);
            Value largest = arith::MaxUIOp::create(b, loc, bits, args[1]);
            linalg::YieldOp::create(b, loc, largest);
          })
          .getResult(0);
  Value scale =
      tensor::EmptyOp::create(b, loc, ArrayRef<int64_t>{}, b.getF32Type());
  AffineMap scalar = AffineMap::get(0, 0, b.getContext());
  known =
      linalg::GenericOp::create(
          b, loc, scale.getType(), amax, scale,
          ArrayRef<AffineMap>{scalar, scalar}, ArrayRef<utils::IteratorType>{},
          [](OpBuilder &b, Location loc, ValueRange args) {
            Value value =
                arith::BitcastOp::create(b, loc, b.getF32Type(), args[0]);
            // The largest scale times the largest element.
            Value range = arith::ConstantOp::create(
                b, loc, b.getF32FloatAttr(448.0f * 6.0f));
            Value quotient = arith::DivFOp::create(b, loc, value, range);
            linalg::YieldOp::create(b, loc, quotient);
          })
          .getResult(0);
  return known;
}

QuantizedOperand OperandQuantizer::quantize(Value value, AffineMap map,
                                            const Recipe &recipe,
                                            const BlockedDims &blocks,
                                            bool isWeight) {
  MLIRContext *context = map.getContext();
  SmallVector<AffineExpr> own, outer;
  for (AffineExpr index : getScaleIndices(map, recipe, blocks, isWeight)) {
    if (!index)
      continue;
    own.push_back(index);
    outer.push_back(index.replaceDims({map.getResults()}));
  }
  AffineMap scaleMap = AffineMap::get(map.getNumResults(), 0, own, context);
  QuantizedOperand result;
  result.maps.push_back(AffineMap::get(map.getNumDims(), 0, outer, context));
  if (!recipe.rule)
    result.maps.push_back(AffineMap::get(map.getNumDims(), 0, context));
  result.fractionBits = recipe.fractionBits;
  auto use = [&](const Entry &entry) {
    result.elements = entry.results[0];
    result.scales.assign(entry.results.begin() + 1, entry.results.end());
    return result;
  };
  for (const Entry &entry : done[value])
    if (entry.scaleMap == scaleMap && entry.element == recipe.element &&
        entry.scale == recipe.scale && entry.rule == recipe.rule &&
        entry.special == recipe.special)
      return use(entry);

  OpBuilder b(context);
  b.setInsertionPointAfterValue(value);
  Location loc = value.getLoc();
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(b, loc, value);
  Value elements = tensor::EmptyOp::create(b, loc, sizes, recipe.element);
  Value scales = createScales(b, loc, value, scaleMap, recipe.scale);
  Value global = recipe.rule ? Value() : getGlobalScale(b, value);
  auto quantize = QuantizeOp::create(
      b, loc, TypeRange{elements.getType(), scales.getType()}, value, global,
      elements, scales, AffineMapAttr::get(scaleMap),
      recipe.rule ? ScaleRuleAttr::get(context, *recipe.rule) : ScaleRuleAttr(),
      SpecialPolicyAttr::get(context, recipe.special),
      recipe.fractionBits ? b.getI64IntegerAttr(*recipe.fractionBits)
                          : IntegerAttr());
  Entry entry{scaleMap,    recipe.element, recipe.scale,
              recipe.rule, recipe.special, {}};
  llvm::append_range(entry.results, quantize->getResults());
  if (global)
    entry.results.push_back(global);
  done[value].push_back(entry);
  return use(entry);
}
