// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Interfaces/ValueBoundsOpInterface.h"

namespace mlir::mx {
#define GEN_PASS_DEF_MXRAISEEXTRACTS
#include "mx/Transforms/Passes.h.inc"
} // namespace mlir::mx

using namespace mlir;

using Variable = ValueBoundsConstraintSet::Variable;

static bool areEqual(const Variable &a, const Variable &b) {
  return succeeded(ValueBoundsConstraintSet::areEqual(a, b)) &&
         *ValueBoundsConstraintSet::areEqual(a, b);
}

/// The extent of loop `dim`, as a dimension of some operand.
static std::optional<Variable> getExtent(linalg::GenericOp op, unsigned dim) {
  AffineExpr expr = getAffineDimExpr(dim, op.getContext());
  for (OpOperand &operand : op->getOpOperands())
    if (auto position =
            op.getMatchingIndexingMap(&operand).getResultPosition(expr))
      return Variable(operand.get(), *position);
  return std::nullopt;
}

/// `index`, in the body of `op`, as a loop's dimension or a constant; null if
/// it is neither. A dimension of extent one may be written as 0.
static AffineExpr getIndex(linalg::GenericOp op, Value index) {
  if (auto loop = index.getDefiningOp<linalg::IndexOp>())
    return getAffineDimExpr(loop.getDim(), op.getContext());
  if (auto constant = getConstantIntValue(index))
    return getAffineConstantExpr(*constant, op.getContext());
  auto choice = index.getDefiningOp<arith::SelectOp>();
  if (!choice || !isZeroInteger(choice.getTrueValue()))
    return {};
  auto loop = choice.getFalseValue().getDefiningOp<linalg::IndexOp>();
  auto compare = choice.getCondition().getDefiningOp<arith::CmpIOp>();
  if (!loop || !compare || compare.getPredicate() != arith::CmpIPredicate::eq ||
      !isOneInteger(compare.getRhs()))
    return {};
  std::optional<Variable> extent = getExtent(op, loop.getDim());
  if (!extent || !areEqual(Variable(compare.getLhs()), *extent))
    return {};
  return getAffineDimExpr(loop.getDim(), op.getContext());
}

/// The map of `extract`, in the body of `op`, if it reads at loop indices that
/// run over whole dimensions of its tensor, or at constants inside.
static AffineMap getMap(linalg::GenericOp op, tensor::ExtractOp extract) {
  if (op->isAncestor(extract.getTensor().getParentRegion()->getParentOp()))
    return {};
  SmallVector<AffineExpr> results;
  for (auto [dim, index] : llvm::enumerate(extract.getIndices())) {
    AffineExpr expr = getIndex(op, index);
    if (!expr)
      return {};
    int64_t size = extract.getTensor().getType().getDimSize(dim);
    if (auto constant = dyn_cast<AffineConstantExpr>(expr)) {
      if (constant.getValue() < 0 || constant.getValue() >= size)
        return {};
    } else {
      auto extent = getExtent(op, cast<AffineDimExpr>(expr).getPosition());
      if (!extent || !areEqual(Variable(extract.getTensor(), dim), *extent))
        return {};
    }
    results.push_back(expr);
  }
  return AffineMap::get(op.getNumLoops(), 0, results, op.getContext());
}

namespace {
struct RaiseExtracts : mlir::mx::impl::MXRaiseExtractsBase<RaiseExtracts> {
  void runOnOperation() override {
    SmallVector<linalg::GenericOp> ops;
    getOperation()->walk([&](linalg::GenericOp op) {
      if (op.hasPureTensorSemantics())
        ops.push_back(op);
    });
    IRRewriter rewriter(&getContext());
    for (linalg::GenericOp op : ops)
      raise(rewriter, op);
  }

  void raise(RewriterBase &rewriter, linalg::GenericOp op) {
    SmallVector<tensor::ExtractOp> extracts;
    SmallVector<Value> inputs(op.getInputs());
    SmallVector<AffineMap> maps = op.getIndexingMapsArray(), newMaps;
    for (auto extract : op.getBody()->getOps<tensor::ExtractOp>())
      if (AffineMap map = getMap(op, extract)) {
        extracts.push_back(extract);
        inputs.push_back(extract.getTensor());
        newMaps.push_back(map);
      }
    if (extracts.empty())
      return;
    numRaised += extracts.size();
    unsigned first = op.getNumDpsInputs();
    maps.insert(maps.begin() + first, newMaps.begin(), newMaps.end());
    rewriter.setInsertionPoint(op);
    auto raised = linalg::GenericOp::create(
        rewriter, op.getLoc(), op.getResultTypes(), inputs, op.getOutputs(),
        maps, op.getIteratorTypesArray());
    rewriter.inlineRegionBefore(op.getRegion(), raised.getRegion(),
                                raised.getRegion().begin());
    for (auto [offset, extract] : llvm::enumerate(extracts)) {
      Value element = raised.getBody()->insertArgument(
          first + offset, extract.getType(), extract.getLoc());
      rewriter.replaceOp(extract, element);
    }
    rewriter.replaceOp(op, raised);
  }
};
} // namespace
