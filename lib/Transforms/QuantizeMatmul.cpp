// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "BlockChoice.h"
#include "mx/Transforms/ConstantView.h"
#include "mx/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace mlir::mx {
#define GEN_PASS_DEF_MXQUANTIZEMATMUL
#include "mx/Transforms/Passes.h.inc"
} // namespace mlir::mx

using namespace mlir;
using namespace mlir::mx;

/// Such as "mxfp8 (blocks of 32, rule floor)".
static std::string describe(const std::optional<Recipe> &recipe) {
  if (!recipe)
    return "none";
  std::string text = stringifyFormat(recipe->format).str() + " (blocks of " +
                     std::to_string(recipe->block);
  if (recipe->rule)
    text += ", rule " + stringifyScaleRule(*recipe->rule).str();
  return text + ")";
}

namespace {
struct QuantizeMatmul : mlir::mx::impl::MXQuantizeMatmulBase<QuantizeMatmul> {
  using MXQuantizeMatmulBase::MXQuantizeMatmulBase;

  void runOnOperation() override {
    MXQuantizeMatmulOptions options{weights,   activations, rule,   which,
                                    functions, locations,   minSize};
    auto policy = QuantizePolicy::create(&getContext(), options);
    if (!policy) {
      getOperation().emitError(getArgument())
          << ": " << llvm::toString(policy.takeError());
      return signalPassFailure();
    }
    maybeDead.clear();
    rewritten = refused = 0;
    SmallVector<linalg::LinalgOp> ops;
    getOperation().walk([&](linalg::LinalgOp op) { ops.push_back(op); });
    OperandQuantizer quantizer;
    for (linalg::LinalgOp op : ops)
      if (failed(rewrite(op, *policy, quantizer)))
        return signalPassFailure();
    eraseDead();
    if (int64_t count = rewritten + refused)
      emitRemark(getOperation().getLoc(), "quantized ")
          << rewritten << " of " << count << " contractions";
    numRewritten += rewritten;
    numRefused += refused;
  }

  /// Counts for the remark: statistics count nothing in a usual build of LLVM.
  int64_t rewritten = 0, refused = 0;

  /// Ops that may have lost their uses. They are erased last, since the
  /// quantizer knows values by their address.
  llvm::SetVector<Operation *> maybeDead;

  void eraseDead() {
    while (!maybeDead.empty()) {
      Operation *op = maybeDead.pop_back_val();
      if (!isOpTriviallyDead(op))
        continue;
      for (Value operand : op->getOperands())
        if (Operation *producer = operand.getDefiningOp())
          maybeDead.insert(producer);
      maybeDead.remove(op);
      op->erase();
    }
  }

  /// Leaves `op` alone, with a remark.
  LogicalResult refuse(Operation *op, const Twine &reason) {
    emitRemark(op->getLoc(), "left alone: ") << reason;
    ++refused;
    return success();
  }

  void noteOperands(const Contraction &contraction) {
    for (Value value : {contraction.lhs, contraction.rhs, contraction.init})
      if (Operation *producer = value.getDefiningOp())
        maybeDead.insert(producer);
  }

  LogicalResult rewrite(linalg::LinalgOp op, const QuantizePolicy &policy,
                        OperandQuantizer &quantizer) {
    std::string reason;
    std::optional<Contraction> contraction = getContraction(op, reason);
    if (!contraction)
      return reason.empty() ? success() : refuse(op, reason);
    if (op->hasAttr("mx.skip"))
      return refuse(op, "it has the attribute mx.skip");
    auto choice = policy.choose(op);
    if (!choice)
      return op.emitError() << llvm::toString(choice.takeError());
    if (!choice->forced && !policy.matchesFunction(getOperation().getSymName()))
      return refuse(op, "its function does not match the option functions");
    if (!choice->forced && !policy.matchesLocation(op.getLoc()))
      return refuse(op, "its location does not match the option locations");
    if (!choice->weights && !choice->activations)
      return refuse(op, "neither side is to be quantized");

    OpBuilder b(op);
    lookThroughOperands(*contraction);
    noteOperands(*contraction);
    bool constantLhs = getConstantView(contraction->lhs).has_value();
    bool constantRhs = getConstantView(contraction->rhs).has_value();
    if (policy.onlyConstants() && !constantLhs && !constantRhs &&
        !choice->forced)
      return refuse(op, "no operand is constant");
    bool weightIsLhs = constantLhs && !constantRhs;
    auto weightType = cast<RankedTensorType>(
        (weightIsLhs ? contraction->lhs : contraction->rhs).getType());
    if (!choice->forced && weightType.hasStaticShape() &&
        weightType.getNumElements() < policy.getMinSize())
      return refuse(op, "its weight has " + Twine(weightType.getNumElements()) +
                            " elements, below the option min-size");
    collapseContractedDims(*contraction);
    noteOperands(*contraction);
    std::optional<BlockedDims> blocks =
        chooseBlocks(*contraction, weightIsLhs, *choice, reason);
    if (!blocks)
      return refuse(op, reason);
    createContract(b, *contraction, *blocks, weightIsLhs, *choice, quantizer);
    ++rewritten;
    return success();
  }

  void createContract(OpBuilder &b, const Contraction &contraction,
                      const BlockedDims &blocks, bool weightIsLhs,
                      const QuantizeChoice &choice,
                      OperandQuantizer &quantizer) {
    auto quantize = [&](Value value, AffineMap map, bool isWeight) {
      const std::optional<Recipe> &recipe =
          isWeight ? choice.weights : choice.activations;
      return recipe ? quantizer.quantize(value, map, *recipe, blocks, isWeight)
                    : QuantizedOperand{value, {}, {}, {}};
    };
    QuantizedOperand lhs =
        quantize(contraction.lhs, contraction.lhsMap, weightIsLhs);
    QuantizedOperand rhs =
        quantize(contraction.rhs, contraction.rhsMap, !weightIsLhs);
    SmallVector<AffineMap> maps = {contraction.lhsMap};
    llvm::append_range(maps, lhs.maps);
    maps.push_back(contraction.rhsMap);
    llvm::append_range(maps, rhs.maps);
    maps.push_back(contraction.initMap);
    auto bits = [&](std::optional<int64_t> bits) {
      return bits ? b.getI64IntegerAttr(*bits) : IntegerAttr();
    };
    linalg::LinalgOp op = contraction.op;
    auto contract = ContractOp::create(
        b, op.getLoc(), contraction.init.getType(), lhs.elements, lhs.scales,
        rhs.elements, rhs.scales, /*compensation=*/Value(), contraction.init,
        b.getAffineMapArrayAttr(maps), bits(lhs.fractionBits),
        bits(rhs.fractionBits), IntegerAttr(), IntegerAttr(), TypeAttr(),
        TypeAttr());
    emitRemark(op.getLoc(), "rewritten: ")
        << (weightIsLhs ? "weight on the left" : "weight on the right")
        << ", blocks along d" << blocks.contracted.dim << "; weights "
        << describe(choice.weights) << ", activations "
        << describe(choice.activations);
    Value result = contract.getResult(0);
    if (Value init = op.getDpsInits()[0]; init != contraction.init) {
      // Its unit dimensions were dropped.
      SmallVector<OpFoldResult> sizes =
          tensor::getMixedSizes(b, op.getLoc(), init);
      result = tensor::ExpandShapeOp::create(
          b, op.getLoc(), init.getType(), result,
          getUnitDimGroups(op.getMatchingIndexingMap(op.getDpsInitOperand(0))),
          sizes);
    }
    op->replaceAllUsesWith(ValueRange(result));
    maybeDead.insert(op);
  }
};
} // namespace
