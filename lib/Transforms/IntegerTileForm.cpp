// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "IntegerTileForm.h"
#include "mx/Transforms/IntegerFactor.h"

#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::mx;

/// Whether the last dimensions of both factors are those that mx-tile makes,
/// and the number of a block's groups a multiple of `multiple`.
static bool hasGroups(ContractOp op, const MatmulDims &dims, int64_t length,
                      int64_t multiple) {
  AffineMap rows = dims.columnsAreLhs ? op.getRhsMap() : op.getLhsMap();
  AffineMap columns = dims.columnsAreLhs ? op.getLhsMap() : op.getRhsMap();
  if (rows.getNumResults() < 3 || columns.getNumResults() < 4)
    return false;
  auto last = rows.getResults().take_back(3);
  auto others = columns.getResults().take_back(4);
  SmallVector<int64_t> extents = op.getStaticLoopRanges();
  auto group = dyn_cast<AffineDimExpr>(last[1]);
  if (!group)
    return false;
  int64_t count = extents[group.getPosition()];
  if (multiple > 1 && (ShapedType::isDynamic(count) || count % multiple))
    return false;
  return others[0] == last[0] && others[1] == last[1] &&
         others[2] == getAffineDimExpr(dims.columns, op.getContext()) &&
         others[3] == last[2] && extents[dims.sum] == length &&
         llvm::all_of(last, [&](AffineExpr expr) {
           return !op.getInitMap().isFunctionOfDim(
               cast<AffineDimExpr>(expr).getPosition());
         });
}

std::optional<IntegerTileForm>
IntegerTileForm::get(ContractOp op, const MatmulDims &dims, TargetAttr target) {
  auto isInteger = [](Value value, unsigned bits) {
    return value && getElementTypeOrSelf(value.getType()).isInteger(bits);
  };
  IntegerTileForm form;
  form.hasShortSums = op->hasAttr(kShortSumsAttr);
  unsigned bits = isInteger(op.getLhs(), 8) ? 8 : 16;
  if (form.hasShortSums || isInteger(op.getCompensation(), 16)) {
    form.dot = target.getShortDot();
    form.pairs = target.getPairDot();
  } else if (bits == 8) {
    form.dot = target.getIntegerDot();
  }
  auto isF32Scale = [](ValueRange scales) {
    return scales.size() == 1 &&
           getElementTypeOrSelf(scales.front().getType()).isF32();
  };
  bool codesAreLhs = op.getLhsZeroPoint().has_value();
  form.columnsAreCodes = (codesAreLhs || op.getRhsZeroPoint()) &&
                         codesAreLhs == dims.columnsAreLhs;
  int64_t zeroPoints = codesAreLhs + op.getRhsZeroPoint().has_value();
  auto otherScaleMaps =
      codesAreLhs ? op.getRhsScaleMaps() : op.getLhsScaleMaps();
  bool hasCodes = form.dot && form.dot.getLhs().isUnsignedInteger();
  if (!isInteger(op.getLhs(), bits) || !isInteger(op.getRhs(), bits) ||
      !form.dot != (bits == 16) || op.getLhsFractionBits() ||
      op.getRhsFractionBits() || op.getLhsCodes() || op.getRhsCodes() ||
      zeroPoints != hasCodes || !isF32Scale(op.getLhsScales()) ||
      !isF32Scale(op.getRhsScales()) || !op.getCompensation() != !zeroPoints ||
      (op.getCompensation() &&
       op.getCompensationMap() != otherScaleMaps.front()) ||
      (form.hasShortSums && !form.pairs) ||
      !hasGroups(op, dims, IntegerGroup{bits}.getLength(),
                 form.hasShortSums ? 2 : 1))
    return std::nullopt;
  return form;
}
