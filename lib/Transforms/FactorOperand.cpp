// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "FactorOperand.h"
#include "BuildGeneric.h"
#include "NarrowFloat.h"
#include "SplitDim.h"
#include "StoredElement.h"
#include "mx/IR/ScaleMap.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::mx;

FactorOperand::FactorOperand(OpBuilder &b, ContractOp op, bool isLhs,
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

void FactorOperand::pad(OpBuilder &b, Location loc, unsigned dim,
                        int64_t length) {
  AffineExpr expr = b.getAffineDimExpr(dim);
  int64_t position = *map.getResultPosition(expr);
  elements = padDim(b, loc, elements, position, length);
  sizes[*ordered.getResultPosition(expr)] =
      tensor::getMixedSize(b, loc, elements, position);
}

Value FactorOperand::orderCodes(OpBuilder &b, Location loc) const {
  return buildGeneric(
      b, loc, sizes, getElementTypeOrSelf(elements.getType()), elements,
      project(map),
      [](OpBuilder &, Location, ValueRange args) { return args.front(); });
}

void FactorOperand::widen(OpBuilder &b, Location loc, float &power) {
  NarrowFloat narrow = NarrowFloat::get(elements.getType());
  Type wide = narrow.mantissa == 3 ? Type(Float8E4M3FNType::get(b.getContext()))
                                   : Float8E5M2Type::get(b.getContext());
  NarrowFloat layout = NarrowFloat::get(wide);
  power *= getPowerOfTwo(layout.bias - narrow.bias);
  SmallVector<OpFoldResult> extents = tensor::getMixedSizes(b, loc, elements);
  auto body = [&](OpBuilder &b, Location loc, ValueRange args) -> Value {
    ScalarBuilder s(b, loc);
    return s.bits(moveFields(s, args.front(), layout.width, layout.mantissa),
                  wide);
  };
  elements = buildGeneric(b, loc, extents, wide, elements,
                          b.getMultiDimIdentityMap(extents.size()), body);
}

void FactorOperand::takeBytes(OpBuilder &b, Location loc) {
  SmallVector<OpFoldResult> extents = tensor::getMixedSizes(b, loc, elements);
  elements = buildGeneric(b, loc, extents, b.getI8Type(), elements,
                          b.getMultiDimIdentityMap(extents.size()),
                          [](OpBuilder &b, Location loc, ValueRange args) {
                            return toStored(b, loc, args.front());
                          });
}

Value mlir::mx::decodeScale(OpBuilder &b, Location loc, Value scale,
                            AffineMap &map, float power) {
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
