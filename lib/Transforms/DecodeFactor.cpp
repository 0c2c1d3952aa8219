// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Transforms/DecodeFactor.h"
#include "BuildGeneric.h"
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

  /// Fills up dimension `dim` of the contraction with zeros to a multiple of
  /// `length`.
  void pad(OpBuilder &b, Location loc, unsigned dim, int64_t length);

  /// Maps of the contraction as functions of the factor's dimensions.
  AffineMap project(AffineMap from) const {
    return from.compose(inverseAndBroadcastProjectedPermutation(ordered));
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
};
} // namespace

Operand::Operand(OpBuilder &b, ContractOp op, bool isLhs,
                 ArrayRef<unsigned> last)
    : elements(isLhs ? op.getLhs() : op.getRhs()),
      map(isLhs ? op.getLhsMap() : op.getRhsMap()),
      fractionBits(isLhs ? op.getLhsFractionBits() : op.getRhsFractionBits()) {
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
  for (unsigned dim : dims) {
    AffineExpr expr = b.getAffineDimExpr(dim);
    results.push_back(expr);
    sizes.push_back(tensor::getMixedSize(b, op.getLoc(), elements,
                                         *map.getResultPosition(expr)));
  }
  ordered = AffineMap::get(map.getNumDims(), 0, results, b.getContext());
}

void Operand::pad(OpBuilder &b, Location loc, unsigned dim, int64_t length) {
  AffineExpr expr = b.getAffineDimExpr(dim);
  int64_t position = *map.getResultPosition(expr);
  elements = padDim(b, loc, elements, position, length);
  sizes[*ordered.getResultPosition(expr)] =
      tensor::getMixedSize(b, loc, elements, position);
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
/// of `length` along the last dimension but one if that is not 1.
static Value decode(OpBuilder &b, Location loc, Operand operand, Type element,
                    int64_t length) {
  bool inOrder = isOrdered(operand);
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
    Value value = decodeElement(b, loc, args.front(), operand.fractionBits);
    ScalarBuilder s(b, loc);
    if (power != 1)
      value = s.mulF(value, s.f32(power));
    if (Value scale = multiplyScales(b, loc, args.drop_front()))
      value = s.mulF(value, scale);
    if (element.isBF16()) // The rest of its bits are zeros.
      value = s.bits(s.truncate(s.shr(s.toBits(value), 16), 16), element);
    return value;
  };
  return buildGeneric(b, loc, sizes, element, inputs, maps, body);
}

Factor mlir::mx::decodeFactor(OpBuilder &b, ContractOp op, bool isLhs,
                              ArrayRef<unsigned> last) {
  Operand operand(b, op, isLhs, last);
  if (isOrdered(operand) && operand.scales.empty() &&
      getElementTypeOrSelf(operand.elements.getType()).isF32())
    return takeFactor(operand.elements, operand.map, /*decoded=*/false);
  return takeFactor(
      decode(b, op.getLoc(), operand, b.getF32Type(), /*length=*/1),
      operand.ordered, /*decoded=*/true);
}

Factor mlir::mx::decodeGroups(OpBuilder &b, ContractOp op, bool isLhs,
                              const MatmulDims &dims, DotAttr dot) {
  Location loc = op.getLoc();
  bool isColumns = isLhs == dims.columnsAreLhs;
  SmallVector<unsigned> last = {dims.sum};
  if (isColumns)
    last.push_back(dims.columns);
  int64_t length = dot.getLength();
  Operand operand(b, op, isLhs, last);
  operand.pad(b, loc, dims.sum, length);
  Value value = decode(b, loc, operand, dot.getLhs(), isColumns ? length : 1);
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
