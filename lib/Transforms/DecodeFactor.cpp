// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Transforms/DecodeFactor.h"
#include "NarrowFloat.h"
#include "mx/IR/ScaleBuilder.h"
#include "mx/IR/ScaleMap.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
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

/// A tensor of `sizes` that `body` makes of `inputs` element by element.
static Value
buildGeneric(OpBuilder &b, Location loc, ArrayRef<OpFoldResult> sizes,
             Type element, ValueRange inputs, ArrayRef<AffineMap> inputMaps,
             function_ref<Value(OpBuilder &, Location, ValueRange)> body) {
  Value empty = tensor::EmptyOp::create(b, loc, sizes, element);
  SmallVector<AffineMap> maps(inputMaps);
  maps.push_back(b.getMultiDimIdentityMap(sizes.size()));
  SmallVector<utils::IteratorType> iterators(sizes.size(),
                                             utils::IteratorType::parallel);
  return linalg::GenericOp::create(
             b, loc, empty.getType(), inputs, empty, maps, iterators,
             [&](OpBuilder &b, Location loc, ValueRange args) {
               linalg::YieldOp::create(b, loc, body(b, loc, args.drop_back()));
             })
      .getResult(0);
}

/// Makes `scale`, which has the map `map` over a factor's dimensions, f32 times
/// `power` with its dimensions in the factor's order; `map` becomes that of the
/// result.
static Value decodeScale(OpBuilder &b, Location loc, Value scale,
                         AffineMap &map, float power = 1) {
  SmallVector<MapResult> results = parseMap(map);
  auto getDim = [&](int64_t position) {
    const MapResult &result = results[position];
    return result.isUnit() ? -1 : static_cast<int64_t>(result.terms[0].dim);
  };
  SmallVector<int64_t> order =
      llvm::to_vector(llvm::seq<int64_t>(results.size()));
  llvm::sort(order,
             [&](int64_t x, int64_t y) { return getDim(x) < getDim(y); });
  SmallVector<AffineExpr> source(order.size()), ordered;
  SmallVector<OpFoldResult> sizes;
  for (auto [index, position] : llvm::enumerate(order)) {
    source[position] = b.getAffineDimExpr(index);
    ordered.push_back(map.getResult(position));
    sizes.push_back(tensor::getMixedSize(b, loc, scale, position));
  }
  map = AffineMap::get(map.getNumDims(), 0, ordered, b.getContext());
  return buildGeneric(b, loc, sizes, b.getF32Type(), scale,
                      AffineMap::get(order.size(), 0, source, b.getContext()),
                      [&](OpBuilder &b, Location loc, ValueRange args) {
                        ScalarBuilder s(b, loc);
                        Value value = s.extF(args.front());
                        return power == 1 ? value : s.mulF(value, s.f32(power));
                      });
}

namespace {
/// An operand of a contraction on its way to a factor with other dimensions
/// innermost.
struct Operand {
  Operand(OpBuilder &b, ContractOp op, bool isLhs, ArrayRef<unsigned> last);

  /// Maps of the contraction as functions of the factor's dimensions.
  AffineMap project(AffineMap from) const {
    return from.replaceDimsAndSymbols(positions, {}, sizes.size(), 0);
  }

  Value elements;
  AffineMap map;
  std::optional<int64_t> fractionBits;
  /// The scales that are not f32.
  SmallVector<Value> scales;
  SmallVector<AffineMap> scaleMaps;
  /// The factor's map in the contraction, and its extents.
  AffineMap ordered;
  SmallVector<OpFoldResult> sizes;

private:
  SmallVector<AffineExpr> positions;
};
} // namespace

Operand::Operand(OpBuilder &b, ContractOp op, bool isLhs,
                 ArrayRef<unsigned> last)
    : elements(isLhs ? op.getLhs() : op.getRhs()),
      map(isLhs ? op.getLhsMap() : op.getRhsMap()),
      fractionBits(isLhs ? op.getLhsFractionBits() : op.getRhsFractionBits()),
      positions(map.getNumDims(), b.getAffineConstantExpr(0)) {
  for (auto [scale, scaleMap] :
       llvm::zip_equal(isLhs ? op.getLhsScales() : op.getRhsScales(),
                       isLhs ? op.getLhsScaleMaps() : op.getRhsScaleMaps()))
    if (!getElementTypeOrSelf(scale.getType()).isF32()) {
      scales.push_back(scale);
      scaleMaps.push_back(scaleMap);
    }
  // The dimensions in the order of the elements', `last` moved.
  SmallVector<unsigned> dims;
  for (AffineExpr expr : map.getResults())
    if (unsigned dim = cast<AffineDimExpr>(expr).getPosition();
        !llvm::is_contained(last, dim))
      dims.push_back(dim);
  dims.append(last.begin(), last.end());
  SmallVector<AffineExpr> results;
  for (auto [index, dim] : llvm::enumerate(dims)) {
    AffineExpr expr = b.getAffineDimExpr(dim);
    results.push_back(expr);
    positions[dim] = b.getAffineDimExpr(index);
    sizes.push_back(tensor::getMixedSize(b, op.getLoc(), elements,
                                         *map.getResultPosition(expr)));
  }
  ordered = AffineMap::get(map.getNumDims(), 0, results, b.getContext());
}

/// The operand's codes of 8 bits in the factor's order: bytes are moved in
/// vectors (mx-transpose-bytes), what is decoded from them lies in order then.
static Value orderCodes(OpBuilder &b, Location loc, const Operand &operand) {
  return buildGeneric(
      b, loc, operand.sizes, getElementTypeOrSelf(operand.elements.getType()),
      operand.elements, operand.project(operand.map),
      [](OpBuilder &, Location, ValueRange args) { return args.front(); });
}

/// Elements of less than 8 bits as codes of 8 bits with the same sign, exponent
/// and mantissa, in the order that they have: values divided by a power of two,
/// by which `power` is multiplied.
static Value widenCodes(OpBuilder &b, Location loc, Value elements,
                        float &power) {
  NarrowFloat narrow = NarrowFloat::get(elements.getType());
  Type wide = narrow.mantissa == 3 ? Type(Float8E4M3FNType::get(b.getContext()))
                                   : Float8E5M2Type::get(b.getContext());
  NarrowFloat layout = NarrowFloat::get(wide);
  power *= getPowerOfTwo(layout.bias - narrow.bias);
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(b, loc, elements);
  auto body = [&](OpBuilder &b, Location loc, ValueRange args) -> Value {
    ScalarBuilder s(b, loc);
    return s.bits(moveFields(s, args.front(), layout.width, layout.mantissa),
                  wide);
  };
  return buildGeneric(b, loc, sizes, wide, elements,
                      b.getMultiDimIdentityMap(sizes.size()), body);
}

static bool isOrdered(const Operand &operand) {
  return operand.map.getResults().back() == operand.ordered.getResults().back();
}

static bool isByte(Value elements) {
  return getElementTypeOrSelf(elements.getType()).getIntOrFloatBitWidth() == 8;
}

static Factor takeFactor(Value value, AffineMap map, bool decoded) {
  Factor factor;
  factor.value = value;
  factor.map = map;
  factor.decoded = decoded;
  return factor;
}

Factor mlir::mx::decodeFactor(OpBuilder &b, ContractOp op, bool isLhs,
                              ArrayRef<unsigned> last) {
  Location loc = op.getLoc();
  Operand operand(b, op, isLhs, last);
  bool inOrder = isOrdered(operand);
  if (inOrder && operand.scales.empty() &&
      getElementTypeOrSelf(operand.elements.getType()).isF32())
    return takeFactor(operand.elements, operand.map, /*decoded=*/false);
  // Bytes are moved faster than parts of them.
  float power = 1;
  if (!inOrder && NarrowFloat::is(operand.elements.getType()) &&
      !isByte(operand.elements))
    operand.elements = widenCodes(b, loc, operand.elements, power);
  SmallVector<Value> inputs = {operand.elements};
  SmallVector<AffineMap> maps = {operand.project(operand.map)};
  if (!inOrder && isByte(operand.elements)) {
    inputs = {orderCodes(b, loc, operand)};
    maps = {b.getMultiDimIdentityMap(operand.sizes.size())};
  }
  for (auto [scale, scaleMap] :
       llvm::zip_equal(operand.scales, operand.scaleMaps)) {
    AffineMap own = operand.project(scaleMap);
    // Not once more for every element of a block.
    inputs.push_back(own.isPermutation() ? scale
                                         : decodeScale(b, loc, scale, own));
    maps.push_back(own);
  }
  auto body = [&](OpBuilder &b, Location loc, ValueRange args) {
    Value value = decodeElement(b, loc, args.front(), operand.fractionBits);
    ScalarBuilder s(b, loc);
    if (power != 1)
      value = s.mulF(value, s.f32(power));
    if (Value scale = multiplyScales(b, loc, args.drop_front()))
      value = s.mulF(value, scale);
    return value;
  };
  Value value =
      buildGeneric(b, loc, operand.sizes, b.getF32Type(), inputs, maps, body);
  return takeFactor(value, operand.ordered, /*decoded=*/true);
}

FailureOr<Factor> mlir::mx::takeCodes(OpBuilder &b, ContractOp op, bool isLhs,
                                      ArrayRef<unsigned> last) {
  Operand operand(b, op, isLhs, last);
  float power = 1;
  if (!isByte(operand.elements)) {
    if (!NarrowFloat::is(operand.elements.getType()) ||
        operand.scales.size() != 1)
      return failure();
    operand.elements = widenCodes(b, op.getLoc(), operand.elements, power);
  }
  if (operand.scales.size() > 1)
    return failure();
  Factor factor = takeFactor(operand.elements, operand.map, /*decoded=*/true);
  factor.fractionBits = operand.fractionBits;
  if (!isOrdered(operand)) {
    factor.value = orderCodes(b, op.getLoc(), operand);
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
