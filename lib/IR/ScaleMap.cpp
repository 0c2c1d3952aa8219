// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/IR/ScaleMap.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/Support/DebugStringHelper.h"
#include "llvm/ADT/SmallBitVector.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::mx;

/// Adds `expr`, a sum of `d` and `d * stride`, to `terms`.
static bool addTerms(AffineExpr expr, SmallVectorImpl<MapResult::Term> &terms) {
  if (auto dim = dyn_cast<AffineDimExpr>(expr)) {
    terms.push_back({dim.getPosition(), 1});
    return true;
  }
  auto binary = dyn_cast<AffineBinaryOpExpr>(expr);
  if (!binary)
    return false;
  if (binary.getKind() == AffineExprKind::Add)
    return addTerms(binary.getLHS(), terms) && addTerms(binary.getRHS(), terms);
  if (binary.getKind() != AffineExprKind::Mul)
    return false;
  auto dim = dyn_cast<AffineDimExpr>(binary.getLHS());
  auto stride = dyn_cast<AffineConstantExpr>(binary.getRHS());
  if (!dim || !stride || stride.getValue() <= 0)
    return false;
  terms.push_back({dim.getPosition(), stride.getValue()});
  return true;
}

std::optional<MapResult> mlir::mx::parseMapResult(AffineExpr expr) {
  MapResult result;
  if (auto constant = dyn_cast<AffineConstantExpr>(expr)) {
    if (constant.getValue() != 0)
      return std::nullopt;
    return result;
  }
  auto binary = dyn_cast<AffineBinaryOpExpr>(expr);
  if (binary && binary.getKind() == AffineExprKind::FloorDiv) {
    auto dim = dyn_cast<AffineDimExpr>(binary.getLHS());
    auto block = dyn_cast<AffineConstantExpr>(binary.getRHS());
    if (!dim || !block || block.getValue() <= 0)
      return std::nullopt;
    result.terms.push_back({dim.getPosition(), 1});
    result.block = block.getValue();
    return result;
  }
  if (!addTerms(expr, result.terms))
    return std::nullopt;
  return result;
}

SmallVector<MapResult> mlir::mx::parseMap(AffineMap map) {
  SmallVector<MapResult> results;
  for (AffineExpr expr : map.getResults())
    results.push_back(*parseMapResult(expr));
  return results;
}

int64_t mlir::mx::getBlockAlong(AffineMap map, unsigned dim) {
  for (const MapResult &result : parseMap(map))
    if (!result.isUnit() && result.terms[0].dim == dim)
      return result.block;
  return 0;
}

int64_t mlir::mx::getExtent(const MapResult &result, ArrayRef<int64_t> dims) {
  if (result.isUnit())
    return 1;
  int64_t extent = 1;
  for (const MapResult::Term &term : result.terms) {
    if (ShapedType::isDynamic(dims[term.dim]))
      return ShapedType::kDynamic;
    extent += term.stride * (dims[term.dim] - 1);
  }
  return llvm::divideCeilSigned(extent, result.block);
}

std::pair<OpFoldResult, OpFoldResult>
mlir::mx::getSlice(OpBuilder &b, Location loc, const MapResult &result,
                   ArrayRef<OpFoldResult> offsets,
                   ArrayRef<OpFoldResult> sizes) {
  AffineExpr offset = b.getAffineConstantExpr(0);
  AffineExpr last = b.getAffineConstantExpr(0);
  SmallVector<OpFoldResult> starts, extents;
  for (auto [index, term] : llvm::enumerate(result.terms)) {
    AffineExpr dim = b.getAffineDimExpr(index);
    offset = offset + dim * term.stride;
    last = last + (dim - 1) * term.stride;
    starts.push_back(offsets[term.dim]);
    extents.push_back(sizes[term.dim]);
  }
  if (result.isUnit())
    return {b.getIndexAttr(0), b.getIndexAttr(1)};
  unsigned count = result.terms.size();
  auto apply = [&](AffineExpr expr, ArrayRef<OpFoldResult> operands) {
    return affine::makeComposedFoldedAffineApply(
        b, loc, AffineMap::get(count, 0, expr), operands);
  };
  return {apply(offset.floorDiv(result.block), starts),
          apply((last + 1).ceilDiv(result.block), extents)};
}

LogicalResult
mlir::mx::verifyScaleMap(AffineMap map,
                         function_ref<InFlightDiagnostic()> emitError) {
  llvm::SmallBitVector seen(map.getNumDims());
  for (auto [index, expr] : llvm::enumerate(map.getResults())) {
    std::optional<MapResult> result = parseMapResult(expr);
    if (!result || result->isWindow())
      return emitError() << "expected result #" << index
                         << " of the scale map to be 0, d or d floordiv c with "
                            "c > 0, found "
                         << debugString(expr);
    if (result->isUnit())
      continue;
    if (seen.test(result->terms[0].dim))
      return emitError() << "expected dimension d" << result->terms[0].dim
                         << " at most once in the scale map "
                         << debugString(map);
    seen.set(result->terms[0].dim);
  }
  return success();
}

LogicalResult
mlir::mx::verifyShape(AffineMap map, ArrayRef<int64_t> dims,
                      ArrayRef<int64_t> actual, StringRef what,
                      function_ref<InFlightDiagnostic()> emitError) {
  if (actual.size() != map.getNumResults())
    return emitError() << "expected " << what << " of rank "
                       << map.getNumResults() << " as in its map, found rank "
                       << actual.size();
  for (auto [index, result] : llvm::enumerate(parseMap(map))) {
    int64_t expected = getExtent(result, dims), found = actual[index];
    if (ShapedType::isDynamic(expected) || ShapedType::isDynamic(found))
      continue;
    if (result.isWindow() ? found < expected : found != expected)
      return emitError() << "expected extent "
                         << (result.isWindow() ? "of at least " : "")
                         << expected << " in dimension " << index << " of "
                         << what << " (" << debugString(map.getResult(index))
                         << "), found " << found;
  }
  return success();
}
