// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// #mx.scale_layout: its digits, its verifier, and the shapes that follow. The
/// numbers are those of the conditions in the attribute's description.
#include "mx/IR/ScaleLayout.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Support/DebugStringHelper.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::mx;

/// Takes `expr` apart if it is `... OP c` with a constant c > 0.
static std::optional<std::pair<AffineExpr, int64_t>>
matchConstant(AffineExpr expr, AffineExprKind kind) {
  auto binary = dyn_cast<AffineBinaryOpExpr>(expr);
  if (!binary || binary.getKind() != kind)
    return std::nullopt;
  auto constant = dyn_cast<AffineConstantExpr>(binary.getRHS());
  if (!constant || constant.getValue() <= 0)
    return std::nullopt;
  return std::pair(binary.getLHS(), constant.getValue());
}

/// `d`, `d floordiv c`, and either of them `mod e`; `(d mod ce) floordiv c`
/// too.
static std::optional<LayoutDigit> parseDigit(AffineExpr expr) {
  LayoutDigit digit;
  if (auto modulo = matchConstant(expr, AffineExprKind::Mod))
    std::tie(expr, digit.extent) = *modulo;
  if (auto quotient = matchConstant(expr, AffineExprKind::FloorDiv)) {
    std::tie(expr, digit.divisor) = *quotient;
    auto modulo = matchConstant(expr, AffineExprKind::Mod);
    if (modulo && digit.isUnbounded() && modulo->second % digit.divisor == 0) {
      expr = modulo->first;
      digit.extent = modulo->second / digit.divisor;
    }
  }
  auto dim = dyn_cast<AffineDimExpr>(expr);
  if (!dim)
    return std::nullopt;
  digit.dim = dim.getPosition();
  return digit;
}

std::optional<LayoutResult> mlir::mx::parseLayoutResult(AffineExpr expr) {
  LayoutResult digits;
  SmallVector<AffineExpr> terms = {expr};
  while (!terms.empty()) {
    AffineExpr term = terms.pop_back_val();
    auto sum = dyn_cast<AffineBinaryOpExpr>(term);
    if (sum && sum.getKind() == AffineExprKind::Add) {
      terms.append({sum.getLHS(), sum.getRHS()});
      continue;
    }
    int64_t stride = 1;
    if (auto product = matchConstant(term, AffineExprKind::Mul))
      std::tie(term, stride) = *product;
    std::optional<LayoutDigit> digit = parseDigit(term);
    if (!digit)
      return std::nullopt;
    digit->stride = stride;
    digits.push_back(*digit);
  }
  llvm::sort(digits, [](const LayoutDigit &lhs, const LayoutDigit &rhs) {
    return lhs.stride < rhs.stride;
  });
  return digits;
}

SmallVector<LayoutResult> mlir::mx::parseLayout(ScaleLayoutAttr layout) {
  return llvm::map_to_vector(layout.getMap().getResults(), [](AffineExpr expr) {
    return *parseLayoutResult(expr);
  });
}

/// Checks that the digits, sorted by `place`, follow on each other without
/// gaps.
static LogicalResult verifyRadix(ArrayRef<LayoutDigit> digits,
                                 int64_t LayoutDigit::*place, StringRef what,
                                 function_ref<InFlightDiagnostic()> emitError) {
  int64_t expected = 1;
  for (const LayoutDigit &digit : digits) {
    if (ShapedType::isDynamic(expected))
      return emitError() << "expected no digit of " << what
                         << " after the unbounded one";
    if (digit.*place != expected)
      return emitError() << "expected a digit of " << what << " with "
                         << (place == &LayoutDigit::stride ? "stride "
                                                           : "divisor ")
                         << expected << ", found " << digit.*place;
    expected =
        digit.isUnbounded() ? ShapedType::kDynamic : expected * digit.extent;
  }
  return success();
}

LogicalResult
ScaleLayoutAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                        AffineMap map, int64_t pad, IntegerType container,
                        ArrayRef<int64_t> multiples) {
  if (map.getNumSymbols() || map.getNumDims() == 0)
    return emitError() << "expected a map with dimensions and without symbols, "
                          "found "
                       << debugString(map);
  SmallVector<SmallVector<LayoutDigit>> dims(map.getNumDims());
  std::optional<LayoutResult> last;
  // 2.
  for (auto [index, expr] : llvm::enumerate(map.getResults())) {
    last = parseLayoutResult(expr);
    if (!last)
      return emitError() << "expected result #" << index
                         << " to be a sum of d, d mod e, d floordiv c and (d "
                            "floordiv c) mod e with strides, found "
                         << debugString(expr);
    if (failed(verifyRadix(*last, &LayoutDigit::stride,
                           ("result #" + Twine(index)).str(), emitError)))
      return failure();
    for (const LayoutDigit &digit : *last)
      dims[digit.dim].push_back(digit);
  }
  // 1.
  for (auto [dim, digits] : llvm::enumerate(dims)) {
    llvm::sort(digits, [](const LayoutDigit &lhs, const LayoutDigit &rhs) {
      return lhs.divisor < rhs.divisor;
    });
    std::string what = ("dimension d" + Twine(dim)).str();
    if (failed(verifyRadix(digits, &LayoutDigit::divisor, what, emitError)))
      return failure();
    if (digits.empty() || !digits.back().isUnbounded())
      return emitError() << "expected an unbounded digit of " << what;
    if (!multiples.empty() && dim < multiples.size() &&
        (multiples[dim] <= 0 || multiples[dim] % digits.back().divisor))
      return emitError() << "expected a multiple of " << digits.back().divisor
                         << " for " << what << ", found " << multiples[dim];
  }
  if (!multiples.empty() && multiples.size() != dims.size())
    return emitError() << "expected " << dims.size() << " multiples, found "
                       << multiples.size();
  if (pad < 0 || pad > 255)
    return emitError() << "expected a pad byte from 0 to 255, found " << pad;
  if (!container.isSignlessInteger(8) && !container.isSignlessInteger(32))
    return emitError() << "expected the container i8 or i32, found "
                       << container;
  if (container.getWidth() == 32 &&
      (last->back().isUnbounded() ||
       last->back().stride * last->back().extent != 4))
    return emitError() << "expected a last result of extent 4 for the bytes of "
                          "an i32, found "
                       << debugString(map.getResults().back());
  return success();
}

SmallVector<int64_t> mlir::mx::getLayoutMultiples(ScaleLayoutAttr layout) {
  if (!layout.getMultiples().empty())
    return SmallVector<int64_t>(layout.getMultiples());
  SmallVector<int64_t> multiples(layout.getMap().getNumDims(), 1);
  for (const LayoutResult &result : parseLayout(layout))
    for (const LayoutDigit &digit : result)
      multiples[digit.dim] = std::max(multiples[digit.dim], digit.divisor);
  return multiples;
}

int64_t mlir::mx::getContainerBytes(ScaleLayoutAttr layout) {
  return layout.getContainer().getWidth() / 8;
}

SmallVector<OpFoldResult> mlir::mx::getPackedSizes(OpBuilder &b, Location loc,
                                                   ArrayRef<OpFoldResult> sizes,
                                                   ScaleLayoutAttr layout) {
  SmallVector<int64_t> multiples = getLayoutMultiples(layout);
  SmallVector<OpFoldResult> extents;
  for (const LayoutResult &result : parseLayout(layout)) {
    // Extents multiply up to the last digit's stride.
    const LayoutDigit &top = result.back();
    int64_t factor = top.stride;
    if (!top.isUnbounded()) {
      extents.push_back(b.getIndexAttr(factor * top.extent));
      continue;
    }
    int64_t multiple = multiples[top.dim];
    extents.push_back(affine::makeComposedFoldedAffineApply(
        b, loc,
        b.getAffineDimExpr(0).ceilDiv(multiple) *
            (multiple / top.divisor * factor),
        {sizes[top.dim]}));
  }
  if (getContainerBytes(layout) > 1)
    extents.pop_back();
  return extents;
}

SmallVector<AffineExpr> mlir::mx::getLogicalIndices(ScaleLayoutAttr layout) {
  MLIRContext *context = layout.getContext();
  SmallVector<AffineExpr> indices(layout.getMap().getNumDims(),
                                  getAffineConstantExpr(0, context));
  for (auto [position, result] : llvm::enumerate(parseLayout(layout)))
    for (const LayoutDigit &digit : result) {
      AffineExpr value =
          getAffineDimExpr(position, context).floorDiv(digit.stride);
      if (&digit != &result.back())
        value = value % digit.extent;
      indices[digit.dim] = indices[digit.dim] + value * digit.divisor;
    }
  return indices;
}

RankedTensorType mlir::mx::getPackedScalesType(ScaleLayoutAttr layout,
                                               ArrayRef<int64_t> shape) {
  SmallVector<int64_t> extents, multiples = getLayoutMultiples(layout);
  for (const LayoutResult &result : parseLayout(layout)) {
    const LayoutDigit &top = result.back();
    int64_t extent = top.extent;
    if (top.isUnbounded() && !ShapedType::isDynamic(shape[top.dim]))
      extent = llvm::divideCeilSigned(shape[top.dim], multiples[top.dim]) *
               (multiples[top.dim] / top.divisor);
    extents.push_back(ShapedType::isDynamic(extent) ? extent
                                                    : extent * top.stride);
  }
  if (getContainerBytes(layout) > 1)
    extents.pop_back();
  return RankedTensorType::get(extents, layout.getContainer());
}

void mlir::mx::forEachScale(ScaleLayoutAttr layout, ArrayRef<int64_t> shape,
                            llvm::function_ref<void(int64_t, int64_t)> fn) {
  SmallVector<int64_t> extents(getPackedScalesType(layout, shape).getShape());
  if (getContainerBytes(layout) > 1)
    extents.push_back(getContainerBytes(layout));
  SmallVector<LayoutResult> results = parseLayout(layout);
  SmallVector<int64_t> index(shape.size(), 0);
  int64_t count = ShapedType::getNumElements(shape);
  for (int64_t position = 0; position < count; ++position) {
    int64_t offset = 0;
    for (auto [result, extent] : llvm::zip_equal(results, extents)) {
      int64_t packed = 0;
      for (const LayoutDigit &digit : result) {
        int64_t value = index[digit.dim] / digit.divisor;
        packed +=
            (digit.isUnbounded() ? value : value % digit.extent) * digit.stride;
      }
      offset = offset * extent + packed;
    }
    fn(position, offset);
    for (size_t dim = shape.size(); dim-- > 0;) {
      if (++index[dim] < shape[dim])
        break;
      index[dim] = 0;
    }
  }
}
