// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Transforms/DecodeFactor.h"
#include "BuildGeneric.h"
#include "CodeDecoder.h"
#include "FactorOperand.h"
#include "NarrowFloat.h"
#include "SplitDim.h"
#include "mx/IR/ScaleBuilder.h"
#include "mx/IR/ScaleMap.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::mx;

/// The product of an operand's scales, exact where f32 are not among them.
static Value multiplyScales(OpBuilder &b, Location loc, ValueRange scales) {
  Value product;
  for (Value scale : scales) {
    Value factor = scale;
    if (!factor.getType().isF32())
      factor = arith::ExtFOp::create(b, loc, b.getF32Type(), scale);
    product = product ? arith::MulFOp::create(b, loc, product, factor) : factor;
  }
  return product;
}

static Factor takeFactor(Value value, AffineMap map, bool decoded) {
  Factor factor;
  factor.value = value;
  factor.map = map;
  factor.decoded = decoded;
  return factor;
}

/// `map`, over a factor's dimensions of which `dim` is that of the sum, over
/// those where that one counts groups of `length`, whose elements have another
/// dimension after all of them. Blocks of a scale hold whole groups.
static AffineMap groupMap(AffineMap map, unsigned dim, int64_t length) {
  MLIRContext *context = map.getContext();
  AffineExpr group = getAffineDimExpr(dim, context);
  AffineExpr inGroup = getAffineDimExpr(map.getNumDims(), context);
  SmallVector<AffineExpr> results;
  for (AffineExpr expr : map.getResults()) {
    MapResult result = *parseMapResult(expr);
    results.push_back(result.isBlocked() && result.terms[0].dim == dim
                          ? group.floorDiv(result.block / length)
                          : expr.replace(group, group * length + inGroup));
  }
  return AffineMap::get(map.getNumDims() + 1, 0, results, context);
}

/// The values of `operand` as floats of type `element`, f32 or bf16, in groups
/// of `length` along the last dimension but one if that is not 1; or in rows
/// along the last one.
static Value decode(OpBuilder &b, Location loc, FactorOperand operand,
                    Type element, int64_t length, bool inRows,
                    TargetAttr target) {
  bool inOrder = operand.isOrdered();
  // Bytes are moved faster than parts of them.
  float power = 1;
  if (!inOrder && NarrowFloat::is(operand.elements.getType()) &&
      !operand.hasBytes())
    operand.widen(b, loc, power);
  SmallVector<Value> inputs = {operand.elements};
  SmallVector<AffineMap> maps = {operand.project(operand.map)};
  if (!inOrder && operand.hasBytes()) {
    inputs = {operand.orderCodes(b, loc)};
    maps = {b.getMultiDimIdentityMap(operand.sizes.size())};
  }
  // An f16 with the same fields is the value divided by a power of two.
  Type narrow = getElementTypeOrSelf(inputs.front().getType());
  bool byF16 = NarrowFloat::is(narrow) && !operand.fractionBits &&
               target.extendsToF32(b.getF16Type());
  if (byF16)
    power *= getPowerOfTwo(NarrowFloat::get(narrow).getF16Exponent());
  for (auto [scale, scaleMap] :
       llvm::zip_equal(operand.scales, operand.scaleMaps)) {
    AffineMap own = operand.project(scaleMap);
    Value factor = scale;
    // Not once more for every element of a block, and neither is the power.
    if (!own.isPermutation())
      factor = decodeScale(b, loc, scale, own, std::exchange(power, 1));
    inputs.push_back(factor);
    maps.push_back(own);
  }
  SmallVector<OpFoldResult> sizes = operand.sizes;
  if (length != 1) {
    size_t sum = sizes.size() - 2;
    for (AffineMap &map : maps)
      map = groupMap(map, sum, length);
    sizes[sum] = affine::makeComposedFoldedAffineApply(
        b, loc, b.getAffineDimExpr(0).floorDiv(length), {sizes[sum]});
    sizes.push_back(b.getIndexAttr(length));
  }
  auto body = [&](OpBuilder &b, Location loc, ValueRange args) {
    ScalarBuilder s(b, loc);
    Value value =
        byF16 ? s.extF(toF16Fields(s, args.front()))
              : decodeElement(b, loc, args.front(),
                              {operand.fractionBits, std::nullopt, Type()});
    if (power != 1)
      value = s.mulF(value, s.f32(power));
    if (Value scale = multiplyScales(b, loc, args.drop_front()))
      value = s.mulF(value, scale);
    if (element.isBF16()) // The rest of its bits are zeros.
      value = s.bits(s.truncate(s.shr(s.toBits(value), 16), 16), element);
    return value;
  };
  Value empty =
      inRows ? createRows(b, loc, sizes, element,
                          target.getTileRows(TargetAttr::Beside::Factors))
             : tensor::EmptyOp::create(b, loc, sizes, element);
  return buildGeneric(b, loc, empty, inputs, maps, body);
}

Factor mlir::mx::decodeFactor(OpBuilder &b, ContractOp op, bool isLhs,
                              ArrayRef<unsigned> last, TargetAttr target) {
  FactorOperand operand(b, op, isLhs, last);
  if (operand.isOrdered() && operand.scales.empty() &&
      getElementTypeOrSelf(operand.elements.getType()).isF32())
    return takeFactor(operand.elements, operand.map, /*decoded=*/false);
  return takeFactor(decode(b, op.getLoc(), operand, b.getF32Type(),
                           /*length=*/1,
                           /*inRows=*/last.size() == 1, target),
                    operand.ordered, /*decoded=*/true);
}

Factor mlir::mx::decodeGroups(OpBuilder &b, ContractOp op, bool isLhs,
                              const MatmulDims &dims, DotAttr dot,
                              TargetAttr target) {
  Location loc = op.getLoc();
  bool isColumns = isLhs == dims.columnsAreLhs;
  SmallVector<unsigned> last = {dims.sum};
  if (isColumns)
    last.push_back(dims.columns);
  int64_t length = dot.getLength();
  FactorOperand operand(b, op, isLhs, last);
  operand.pad(b, loc, dims.sum, length);
  Value value = decode(b, loc, operand, dot.getLhs(), isColumns ? length : 1,
                       /*inRows=*/!isColumns, target);
  if (!isColumns)
    value = splitDim(b, loc, value, operand.sizes.size() - 1, length);
  SmallVector<AffineExpr> results(operand.ordered.getResults());
  unsigned count = operand.ordered.getNumDims();
  results.push_back(b.getAffineDimExpr(count));
  return takeFactor(value,
                    AffineMap::get(count + 1, 0, results, b.getContext()),
                    /*decoded=*/true);
}

FailureOr<Factor> mlir::mx::takeCodes(OpBuilder &b, ContractOp op, bool isLhs,
                                      ArrayRef<unsigned> last,
                                      TargetAttr target) {
  FactorOperand operand(b, op, isLhs, last);
  Type elements = getElementTypeOrSelf(operand.elements.getType());
  bool isNarrow = !operand.hasBytes();
  if (operand.scales.size() > 1 || (isNarrow && !NarrowFloat::is(elements)))
    return failure();
  Factor factor = takeFactor(operand.elements, operand.map, /*decoded=*/true);
  factor.fractionBits = operand.fractionBits;
  // The scale makes up for the power that decoding divides by; but a block's
  // sums of f4 may be multiplied by its scale (DecodingTile.cpp), and products
  // of elements that are divided could be subnormal.
  float power = 1;
  CodeDecoder decoder(elements, operand.fractionBits, target);
  if (int64_t exponent = decoder.getExponent();
      exponent && !operand.scales.empty() && !isNarrow) {
    power = getPowerOfTwo(exponent);
    factor.fractionBits = operand.fractionBits.value_or(0) + exponent;
    if (factor.fractionBits == 0)
      factor.fractionBits.reset();
  }
  if (!operand.isOrdered()) {
    if (isNarrow) {
      operand.takeBytes(b, op.getLoc());
      factor.codes = elements;
    }
    factor.value = operand.orderCodes(b, op.getLoc());
    factor.map = operand.ordered;
  }
  if (!operand.scales.empty()) {
    AffineMap own = operand.project(operand.scaleMaps.front());
    factor.scale =
        decodeScale(b, op.getLoc(), operand.scales.front(), own, power);
    SmallVector<AffineExpr> results;
    for (AffineExpr expr : own.getResults())
      results.push_back(expr.replaceDims(operand.ordered.getResults()));
    factor.scaleMap = AffineMap::get(operand.ordered.getNumDims(), 0, results,
                                     b.getContext());
  }
  return factor;
}
