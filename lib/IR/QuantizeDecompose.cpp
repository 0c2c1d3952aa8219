// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// The meaning of mx.quantize: the largest magnitude of each block, the block's
/// scale, and the elements.
#include "mx/IR/MX.h"
#include "mx/IR/QuantizeBuilder.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::mx;

/// The bits of each block's largest magnitude, as i32, in the scales' shape.
static Value reduceMagnitudes(OpBuilder &b, QuantizeOp op) {
  Location loc = op.getLoc();
  AffineMap scaleMap = op.getScaleMap();
  Value empty = tensor::EmptyOp::create(
      b, loc, tensor::getMixedSizes(b, loc, op.getScales()), b.getI32Type());
  Value zero = arith::ConstantOp::create(b, loc, b.getI32IntegerAttr(0));
  Value init = linalg::FillOp::create(b, loc, zero, empty).getResult(0);
  SmallVector<AffineMap> maps = {
      b.getMultiDimIdentityMap(scaleMap.getNumDims()), scaleMap};
  // A dimension whose indices share a scale is reduced.
  SmallVector<utils::IteratorType> iterators(scaleMap.getNumDims(),
                                             utils::IteratorType::reduction);
  for (AffineExpr expr : scaleMap.getResults())
    if (auto dim = dyn_cast<AffineDimExpr>(expr))
      iterators[dim.getPosition()] = utils::IteratorType::parallel;
  auto body = [](OpBuilder &b, Location loc, ValueRange args) {
    Value bits = getMagnitudeBits(b, loc, args[0]);
    Value largest = arith::MaxUIOp::create(b, loc, bits, args[1]);
    linalg::YieldOp::create(b, loc, largest);
  };
  return linalg::GenericOp::create(b, loc, init.getType(), op.getInput(), init,
                                   maps, iterators, body)
      .getResult(0);
}

static Value createScales(OpBuilder &b, QuantizeOp op, Value amax) {
  unsigned rank = cast<ShapedType>(op.getScales().getType()).getRank();
  Type element = getElementTypeOrSelf(op.getElements());
  AffineMap identity = b.getMultiDimIdentityMap(rank);
  SmallVector<Value> inputs = {amax};
  SmallVector<AffineMap> maps = {identity};
  if (Value global = op.getGlobalScale()) {
    inputs.push_back(global);
    maps.push_back(AffineMap::get(rank, 0, b.getContext()));
  }
  maps.push_back(identity);
  auto body = [&](OpBuilder &b, Location loc, ValueRange args) {
    Value scale;
    if (op.getGlobalScale())
      scale = getNVFP4Scale(b, loc, args[0], args[1]);
    else
      scale = getScaleByte(b, loc, args[0], element, *op.getRule(),
                           op.getSpecial());
    linalg::YieldOp::create(b, loc, scale);
  };
  SmallVector<utils::IteratorType> iterators(rank,
                                             utils::IteratorType::parallel);
  return linalg::GenericOp::create(b, op.getLoc(), op.getScales().getType(),
                                   inputs, op.getScales(), maps, iterators,
                                   body)
      .getResult(0);
}

/// What the elements of each block are multiplied by, once for all of them.
static Value createReciprocals(OpBuilder &b, QuantizeOp op, Value scales) {
  Location loc = op.getLoc();
  Value empty = tensor::EmptyOp::create(
      b, loc, tensor::getMixedSizes(b, loc, scales), b.getF32Type());
  unsigned rank = cast<ShapedType>(scales.getType()).getRank();
  SmallVector<AffineMap> maps(2, b.getMultiDimIdentityMap(rank));
  SmallVector<utils::IteratorType> iterators(rank,
                                             utils::IteratorType::parallel);
  return linalg::GenericOp::create(
             b, loc, empty.getType(), scales, empty, maps, iterators,
             [&](OpBuilder &b, Location loc, ValueRange args) {
               linalg::YieldOp::create(
                   b, loc, getReciprocal(b, loc, args[0], op.getSpecial()));
             })
      .getResult(0);
}

static Value createElements(OpBuilder &b, QuantizeOp op, Value scales) {
  unsigned rank = op.getScaleMap().getNumDims();
  Type element = getElementTypeOrSelf(op.getElements());
  AffineMap identity = b.getMultiDimIdentityMap(rank);
  SmallVector<Value> inputs = {op.getInput()};
  SmallVector<AffineMap> maps = {identity};
  auto addInput = [&](Value value, AffineMap map) {
    inputs.push_back(value);
    maps.push_back(map);
  };
  // DeepSeek's scales are always numbers; a NaN makes others NaN, and so all
  // elements of its block.
  bool isNaNByBlock = op.getSpecial() != SpecialPolicy::DeepSeek;
  if (Value global = op.getGlobalScale()) {
    addInput(scales, op.getScaleMap());
    addInput(global, AffineMap::get(rank, 0, b.getContext()));
  } else {
    addInput(createReciprocals(b, op, scales), op.getScaleMap());
    if (isNaNByBlock)
      addInput(scales, op.getScaleMap());
  }
  maps.push_back(identity);
  auto body = [&](OpBuilder &b, Location loc, ValueRange args) {
    Value result;
    if (op.getGlobalScale())
      result = quantizeNVFP4Element(b, loc, args[0], args[1], args[2]);
    else
      result = quantizeElement(b, loc, args[0], args[1],
                               isNaNByBlock ? args[2] : Value(), element,
                               op.getSpecial());
    linalg::YieldOp::create(b, loc, result);
  };
  SmallVector<utils::IteratorType> iterators(rank,
                                             utils::IteratorType::parallel);
  return linalg::GenericOp::create(b, op.getLoc(), op.getElements().getType(),
                                   inputs, op.getElements(), maps, iterators,
                                   body)
      .getResult(0);
}

FailureOr<SmallVector<Value>> QuantizeOp::decomposeOperation(OpBuilder &b) {
  if (!isa<RankedTensorType>(getInput().getType()))
    return failure();
  Value scales = createScales(b, *this, reduceMagnitudes(b, *this));
  return SmallVector<Value>{createElements(b, *this, scales), scales};
}
