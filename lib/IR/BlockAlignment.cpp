// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Which tiles have a rectangular slice of scales. A floordiv map tiled across
/// a block's border takes wrong scales without any error, so what is not known
/// to be aligned counts as unaligned.
#include "mx/IR/ScaleMap.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Interfaces/LoopLikeInterface.h"
#include "mlir/Interfaces/ValueBoundsOpInterface.h"

using namespace mlir;
using namespace mlir::mx;

/// Substitutes `divisor * d` for the multiples among an affine op's operands
/// and lets the expression say what divides it.
static bool isMultipleOf(AffineMap map, ValueRange operands, int64_t divisor) {
  SmallVector<AffineExpr> dims, symbols;
  MLIRContext *context = map.getContext();
  for (auto [index, operand] : llvm::enumerate(operands)) {
    int64_t factor = isMultipleOf(operand, divisor) ? divisor : 1;
    bool isDim = index < map.getNumDims();
    AffineExpr expr =
        isDim ? getAffineDimExpr(index, context)
              : getAffineSymbolExpr(index - map.getNumDims(), context);
    (isDim ? dims : symbols).push_back(expr * factor);
  }
  return llvm::all_of(map.getResults(), [&](AffineExpr expr) {
    expr = simplifyAffineExpr(expr.replaceDimsAndSymbols(dims, symbols),
                              map.getNumDims(), map.getNumSymbols());
    return expr.getLargestKnownDivisor() % divisor == 0;
  });
}

bool mlir::mx::isMultipleOf(OpFoldResult ofr, int64_t divisor) {
  if (std::optional<int64_t> constant = getConstantIntValue(ofr))
    return *constant % divisor == 0;
  if (divisor == 1)
    return true;
  Value value = cast<Value>(ofr);
  if (auto apply = value.getDefiningOp<affine::AffineApplyOp>())
    return ::isMultipleOf(apply.getAffineMap(), apply.getMapOperands(),
                          divisor);
  auto argument = dyn_cast<BlockArgument>(value);
  if (!argument)
    return false;
  auto loop =
      dyn_cast_or_null<LoopLikeOpInterface>(argument.getOwner()->getParentOp());
  if (!loop)
    return false;
  auto ivs = loop.getLoopInductionVars();
  auto lbs = loop.getLoopLowerBounds(), steps = loop.getLoopSteps();
  if (!ivs || !lbs || !steps)
    return false;
  for (auto [iv, lb, step] : llvm::zip(*ivs, *lbs, *steps))
    if (iv == value)
      return isMultipleOf(lb, divisor) && isMultipleOf(step, divisor);
  return false;
}

bool mlir::mx::isBlockAligned(OpFoldResult offset, OpFoldResult size,
                              int64_t extent, int64_t block) {
  if (block == 1)
    return true;
  std::optional<int64_t> start = getConstantIntValue(offset);
  std::optional<int64_t> count = getConstantIntValue(size);
  // From a block's start to the dimension's end: the last block may be short.
  if (start && count && *start % block == 0 && *start + *count == extent)
    return true;
  if (!count) {
    FailureOr<int64_t> bound = ValueBoundsConstraintSet::computeConstantBound(
        presburger::BoundType::UB, size, /*stopCondition=*/nullptr,
        /*closedUB=*/true);
    if (succeeded(bound))
      count = *bound;
    else // An untiled dimension of dynamic extent: all of it.
      return start && *start == 0 && ShapedType::isDynamic(extent);
  }
  if (*count <= 0)
    return *count == 0;
  if (*count % block == 0)
    return mlir::mx::isMultipleOf(offset, block);
  return block % *count == 0 && mlir::mx::isMultipleOf(offset, *count);
}
