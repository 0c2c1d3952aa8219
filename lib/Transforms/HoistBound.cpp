// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Bounds of numbers that vary in loops, before these.
#include "BufferSize.h"

#include "mlir/Dialect/Affine/Transforms/Transforms.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace mlir::mx;

/// Whether `expr` grows with all that is in it.
static bool isIncreasing(AffineExpr expr) {
  auto binary = dyn_cast<AffineBinaryOpExpr>(expr);
  if (!binary)
    return true;
  if (binary.getKind() == AffineExprKind::Add)
    return isIncreasing(binary.getLHS()) && isIncreasing(binary.getRHS());
  auto factor = dyn_cast<AffineConstantExpr>(binary.getRHS());
  return factor && factor.getValue() >= 0 &&
         binary.getKind() != AffineExprKind::Mod &&
         isIncreasing(binary.getLHS());
}

/// The map of `min` where loops are at their start: what is left of an extent
/// is at most all of it, which upstream's bounds do not find for all steps.
static AffineMap raiseBounds(affine::AffineMinOp min) {
  AffineMap map = min.getMap();
  unsigned dims = map.getNumDims(), symbols = map.getNumSymbols();
  MLIRContext *context = map.getContext();
  AffineExpr zero = getAffineConstantExpr(0, context);
  AffineExpr one = getAffineConstantExpr(1, context);
  SmallVector<AffineExpr> results(map.getResults());
  for (auto [number, operand] : llvm::enumerate(min.getOperands())) {
    auto loop = dyn_cast<scf::ForOp>(operand.getParentBlock()->getParentOp());
    if (!loop || operand != loop.getInductionVar() ||
        !matchPattern(loop.getLowerBound(), m_Zero()))
      continue;
    AffineExpr at = number < dims ? getAffineDimExpr(number, context)
                                  : getAffineSymbolExpr(number - dims, context);
    for (AffineExpr &expr : results) {
      auto slope = dyn_cast<AffineConstantExpr>(simplifyAffineExpr(
          expr.replace(at, one) - expr.replace(at, zero), dims, symbols));
      if (slope && slope.getValue() < 0)
        expr = expr.replace(at, zero);
    }
  }
  return AffineMap::get(dims, symbols, results, context);
}

Value Hoister::raise(const ValueBoundsConstraintSet::Variable &variable,
                     Operation *anchor) {
  AffineMap map;
  ValueDimList operands;
  auto compute = [&](bool stopAtMin) {
    operands.clear();
    return ValueBoundsConstraintSet::computeBound(
        map, operands, presburger::BoundType::UB, variable,
        [&](Value other, std::optional<int64_t> dim,
            ValueBoundsConstraintSet &) {
          return isBefore(other, anchor) ||
                 (stopAtMin && !dim &&
                  other.getDefiningOp<affine::AffineMinOp>());
        },
        /*closedUB=*/true);
  };
  // A bound for each affine.min on the way is less than one for all of it.
  bool isKnown =
      succeeded(compute(/*stopAtMin=*/true)) && isIncreasing(map.getResult(0));
  if (isKnown)
    for (auto &[operand, dim] : operands)
      if (!isBefore(operand, anchor)) {
        operand = hoistBound(operand, anchor);
        isKnown &= bool(operand);
      }
  if (!isKnown && failed(compute(/*stopAtMin=*/false)))
    return {};
  OpBuilder b(anchor);
  Location loc = anchor->getLoc();
  return getValueOrCreateConstantIndexOp(
      b, loc, affine::materializeComputedBound(b, loc, map, operands));
}

Value Hoister::hoistLeast(affine::AffineMinOp min, Operation *anchor) {
  AffineMap map = raiseBounds(min);
  Value least;
  for (AffineExpr expr : map.getResults()) {
    auto one = AffineMap::get(map.getNumDims(), map.getNumSymbols(), expr);
    Value bound = raise({one, min.getOperands()}, anchor);
    OpBuilder b(anchor);
    if (bound)
      least =
          least ? arith::MinSIOp::create(b, min.getLoc(), least, bound) : bound;
  }
  return least;
}

Value Hoister::hoistBound(Value value, Operation *anchor) {
  if (Value before = hoist(value, anchor))
    return before;
  if (auto min = value.getDefiningOp<affine::AffineMinOp>())
    return hoistLeast(min, anchor);
  return raise(value, anchor);
}
