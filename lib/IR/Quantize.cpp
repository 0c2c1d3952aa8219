// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Verifier, folder and accessors of mx.quantize. The numbers are those of the
/// rules in the op's description.
#include "mx/IR/MX.h"
#include "mx/IR/NumericsFormats.h"
#include "mx/IR/ScaleMap.h"
#include "mx/IR/StructuredOps.h"

#include "mlir/IR/TypeUtilities.h"
#include "mlir/Support/DebugStringHelper.h"

using namespace mlir;
using namespace mlir::mx;

SmallVector<int64_t> QuantizeOp::getBlockShape() {
  SmallVector<int64_t> shape(cast<ShapedType>(getInput().getType()).getShape());
  for (const MapResult &result : parseMap(getScaleMap()))
    if (!result.isUnit())
      shape[result.terms[0].dim] = result.block;
  return shape;
}

/// Rules 5 to 7: what the element and scale types ask for.
static LogicalResult verifyFormat(QuantizeOp op) {
  Type element = getElementTypeOrSelf(op.getElements());
  Type scale = getElementTypeOrSelf(op.getScales());
  // 5.
  if (isa<Float8E8M0FNUType>(scale) != op.getRule().has_value())
    return op.emitOpError("expected ") << (op.getRule() ? "no rule" : "a rule")
                                       << " with scales of type " << scale;
  if (scale.isF32())
    return op.emitOpError(
               "expected scales of type f8E8M0FNU or f8E4M3FN, found ")
           << scale;
  if (op.getRule()) {
    std::string reason = ::mx::numerics::explainUndefined(
        getNumericsRule(*op.getRule()), getNumericsPolicy(op.getSpecial()),
        *getElementFormat(element));
    if (!reason.empty())
      return op.emitOpError() << reason;
  } else if (op.getSpecial() != SpecialPolicy::Default) {
    return op.emitOpError("expected no special policy without a rule, found ")
           << stringifySpecialPolicy(op.getSpecial());
  }
  // 6.
  bool nvfp4 = isa<Float8E4M3FNType>(scale);
  if (nvfp4 != static_cast<bool>(op.getGlobalScale()))
    return op.emitOpError("expected ")
           << (nvfp4 ? "a" : "no") << " global scale with scales of type "
           << scale;
  if (nvfp4 && !isa<Float4E2M1FNType>(element))
    return op.emitOpError("expected elements of type f4E2M1FN with scales of "
                          "type f8E4M3FN, found ")
           << element;
  if (Value global = op.getGlobalScale())
    if (cast<ShapedType>(global.getType()).getRank() != 0)
      return op.emitOpError("expected a global scale of rank 0, found ")
             << global.getType();
  // 7.
  if (element.isInteger(8) != op.getFractionBits().has_value())
    return op.emitOpError("expected ")
           << (op.getFractionBits() ? "no fraction_bits" : "fraction_bits = 6")
           << " with elements of type " << element;
  if (op.getFractionBits() && *op.getFractionBits() != kInt8FractionBits)
    return op.emitOpError("expected fraction_bits = ")
           << kInt8FractionBits << ", found " << *op.getFractionBits();
  return success();
}

LogicalResult QuantizeOp::verify() {
  auto input = cast<ShapedType>(getInput().getType());
  AffineMap map = getScaleMap();
  // 1.
  if (map.getNumDims() != input.getRank() || map.getNumSymbols())
    return emitOpError("expected a scale map of ")
           << input.getRank() << " dimensions and no symbols, found "
           << debugString(map);
  // 2.
  auto emitError = [&] { return emitOpError(); };
  if (failed(verifyScaleMap(map, emitError)))
    return failure();
  // 3, 4.
  MLIRContext *context = getContext();
  AffineMap identity =
      AffineMap::getMultiDimIdentityMap(input.getRank(), context);
  if (failed(verifyShape(identity, input.getShape(),
                         cast<ShapedType>(getElements().getType()).getShape(),
                         "elements", emitError)) ||
      failed(verifyShape(map, input.getShape(),
                         cast<ShapedType>(getScales().getType()).getShape(),
                         "scales", emitError)))
    return failure();
  // 5 to 7.
  if (failed(verifyFormat(*this)))
    return failure();
  // 8.
  return verifyStructuredResults(getOperation());
}

/// Quantizing twice gives the bits of quantizing once under the rule floor:
/// rounding and saturating keep the exponent of a block's largest magnitude.
/// Under `even` a magnitude next to 2^128 rounds up to a value that f32 lacks.
LogicalResult QuantizeOp::fold(FoldAdaptor,
                               SmallVectorImpl<OpFoldResult> &results) {
  auto dequantize = getInput().getDefiningOp<DequantizeOp>();
  if (!dequantize || dequantize.getScales().size() != 1)
    return failure();
  auto quantize = dequantize.getElements().getDefiningOp<QuantizeOp>();
  if (!quantize || quantize.getResults().size() != 2 ||
      quantize->getResult(0) != dequantize.getElements() ||
      quantize->getResult(1) != dequantize.getScales().front())
    return failure();
  bool exact = getRule() == ScaleRule::Floor &&
               getSpecial() == SpecialPolicy::Default &&
               getElementTypeOrSelf(getInput().getType()).isF32();
  bool same = quantize.getRule() == getRule() &&
              quantize.getSpecial() == getSpecial() &&
              quantize.getScaleMap() == getScaleMap() &&
              dequantize.getScaleMapsArray().front() == getScaleMap() &&
              dequantize.getFractionBits() == getFractionBits() &&
              quantize->getResultTypes() == getOperation()->getResultTypes();
  if (!exact || !same)
    return failure();
  llvm::append_range(results, quantize.getResults());
  return success();
}
