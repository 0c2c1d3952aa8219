// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// What the elements of mx.contract mean. The numbers are those of the rules in
/// the op's description.
#include "ContractElements.h"
#include "mx/IR/PackElements.h"

#include "mlir/IR/TypeUtilities.h"
#include "mlir/Support/DebugStringHelper.h"

using namespace mlir;
using namespace mlir::mx;

/// Rule 7.
static LogicalResult verifyFractionBits(ContractOp op, StringRef name,
                                        const ElementMeaning &meaning,
                                        Type element) {
  std::optional<int64_t> bits = meaning.fractionBits;
  if (!bits)
    return success();
  bool isFloat = meaning.codes || isa<FloatType>(element);
  if (isFloat ? element.getIntOrFloatBitWidth() > 8 : !element.isInteger(8))
    return op.emitOpError("expected ")
           << name
           << " on an operand of i8 or floats of at most 8 bits only, found "
           << element;
  if (isFloat && (*bits < 1 || *bits > 15))
    return op.emitOpError("expected ")
           << name << " from 1 to 15 for floats, found " << *bits;
  if (!isFloat && *bits != kInt8FractionBits)
    return op.emitOpError("expected ")
           << name << " = " << kInt8FractionBits << ", found " << *bits;
  return success();
}

/// Rule 8.
static LogicalResult verifyZeroPoint(ContractOp op, StringRef name,
                                     std::optional<uint64_t> zeroPoint,
                                     std::optional<uint64_t> fractionBits,
                                     Type element) {
  if (!zeroPoint)
    return success();
  if (!element.isInteger(8) || fractionBits)
    return op.emitOpError("expected ")
           << name << " on an i8 operand without fraction bits only, found "
           << element << (fractionBits ? " with fraction bits" : "");
  if (*zeroPoint == 0 || *zeroPoint > 255)
    return op.emitOpError("expected ") << name << " from 1 to 255, found "
                                       << static_cast<int64_t>(*zeroPoint);
  return success();
}

/// Rule 8.
static LogicalResult verifyCompensation(ContractOp op) {
  if (!op.getCompensation())
    return success();
  if (!op.getLhsZeroPoint() == !op.getRhsZeroPoint())
    return op.emitOpError("expected a compensation beside one zero point only");
  AffineMap other = op.getLhsZeroPoint() ? op.getRhsMap() : op.getLhsMap();
  for (AffineExpr expr : op.getCompensationMap().getResults())
    if (!isa<AffineDimExpr>(expr) ||
        !llvm::is_contained(other.getResults(), expr))
      return op.emitOpError("expected the map of the compensation to hold "
                            "dimensions of the operand without a zero point, "
                            "found ")
             << debugString(expr);
  return success();
}

/// Rule 9.
static LogicalResult verifyCodes(ContractOp op, StringRef name,
                                 const ElementMeaning &meaning, Type element) {
  if (!meaning.codes)
    return success();
  if (!isSubByteFloat(meaning.codes))
    return op.emitOpError("expected ")
           << name << " to be a float of less than 8 bits, found "
           << meaning.codes;
  if (!element.isInteger(8) || meaning.zeroPoint)
    return op.emitOpError("expected ")
           << name << " on an i8 operand without a zero point only, found "
           << element << (meaning.zeroPoint ? " with a zero point" : "");
  return success();
}

/// Rule 10.
static LogicalResult verifyOrdinaryScales(ContractOp op, StringRef name,
                                          bool isPresent, ValueRange scales) {
  if (!isPresent || llvm::any_of(scales.getTypes(), [](Type type) {
        return isa<Float8E8M0FNUType>(getElementTypeOrSelf(type));
      }))
    return success();
  return op.emitOpError("expected ")
         << name << " on an operand with f8E8M0FNU scales only";
}

LogicalResult mlir::mx::verifyElementMeanings(ContractOp op) {
  // 7.
  if (failed(verifyFractionBits(op, "lhs_fraction_bits",
                                op.getElementMeaning(/*isLhs=*/true),
                                getElementTypeOrSelf(op.getLhs()))) ||
      failed(verifyFractionBits(op, "rhs_fraction_bits",
                                op.getElementMeaning(/*isLhs=*/false),
                                getElementTypeOrSelf(op.getRhs()))))
    return failure();
  // 8.
  if (failed(verifyZeroPoint(op, "lhs_zero_point", op.getLhsZeroPoint(),
                             op.getLhsFractionBits(),
                             getElementTypeOrSelf(op.getLhs()))) ||
      failed(verifyZeroPoint(op, "rhs_zero_point", op.getRhsZeroPoint(),
                             op.getRhsFractionBits(),
                             getElementTypeOrSelf(op.getRhs()))) ||
      failed(verifyCompensation(op)))
    return failure();
  // 9.
  if (failed(verifyCodes(op, "lhs_codes", op.getElementMeaning(true),
                         getElementTypeOrSelf(op.getLhs()))) ||
      failed(verifyCodes(op, "rhs_codes", op.getElementMeaning(false),
                         getElementTypeOrSelf(op.getRhs()))))
    return failure();
  // 10.
  return failure(failed(verifyOrdinaryScales(op, "lhs_ordinary_scales",
                                             op.getLhsOrdinaryScales(),
                                             op.getLhsScales())) ||
                 failed(verifyOrdinaryScales(op, "rhs_ordinary_scales",
                                             op.getRhsOrdinaryScales(),
                                             op.getRhsScales())));
}
