// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Transforms/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/SCF/Transforms/TileUsingInterface.h"
#include "mlir/Dialect/SCF/Transforms/Transforms.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/TypeUtilities.h"

namespace mlir::mx {
#define GEN_PASS_DEF_MXSPLITSUMS
#include "mx/Transforms/Passes.h.inc"
} // namespace mlir::mx

using namespace mlir;

/// The sums that one becomes. The same on all targets, as are results then, and
/// a vector of the widest.
static constexpr int64_t kSums = 16;
/// Of fewer elements a sum in order takes less time.
static constexpr int64_t kFewest = 2 * kSums;

/// The dimension along which `op` sums f32, if it is the innermost of the
/// inputs that have it, and one input is as large as the iteration space.
static FailureOr<unsigned> getSummedDim(linalg::GenericOp op) {
  SmallVector<unsigned> reductions;
  op.getReductionDims(reductions);
  // Upstream's tiling does not offset the indices that a body reads.
  if (reductions.size() != 1 || op.getNumDpsInits() != 1 ||
      op.hasIndexSemantics() ||
      !getElementTypeOrSelf(op.getDpsInits().front()).isF32())
    return failure();
  unsigned dim = reductions.front();
  AffineMap results = op.getIndexingMapsArray().back();
  if (!results.isProjectedPermutation() || results.isFunctionOfDim(dim) ||
      results.getNumResults() + 1 != op.getNumLoops())
    return failure();
  Block *body = op.getBody();
  Value total = body->getArguments().back();
  auto sum =
      body->getTerminator()->getOperand(0).getDefiningOp<arith::AddFOp>();
  if (!sum || !sum->hasOneUse() || !total.hasOneUse() ||
      !llvm::is_contained(sum->getOperands(), total))
    return failure();
  bool isWhole = false;
  for (OpOperand *input : op.getDpsInputOperands()) {
    AffineMap map = op.getMatchingIndexingMap(input);
    if (!map.isProjectedPermutation() ||
        (map.isFunctionOfDim(dim) &&
         map.getDimPosition(map.getNumResults() - 1) != dim))
      return failure();
    isWhole |= map.getNumResults() == op.getNumLoops();
  }
  if (!isWhole)
    return failure();
  return dim;
}

namespace {
struct SplitSums : mlir::mx::impl::MXSplitSumsBase<SplitSums> {
  void runOnOperation() override {
    SmallVector<std::pair<linalg::GenericOp, unsigned>> sums;
    getOperation()->walk([&](linalg::GenericOp op) {
      FailureOr<unsigned> dim = getSummedDim(op);
      if (op.hasPureTensorSemantics() && succeeded(dim))
        sums.push_back({op, *dim});
    });
    IRRewriter rewriter(&getContext());
    for (auto [op, dim] : sums) {
      int64_t extent = op.getStaticLoopRanges()[dim];
      if (ShapedType::isDynamic(extent))
        op = choose(rewriter, op, dim);
      else if (extent < kFewest)
        continue;
      if (failed(split(rewriter, op, dim)))
        return signalPassFailure();
    }
  }

  /// Replaces `op` by two, and returns the one for sums that are long enough.
  static linalg::GenericOp choose(RewriterBase &rewriter, linalg::GenericOp op,
                                  unsigned dim) {
    Location loc = op.getLoc();
    rewriter.setInsertionPoint(op);
    SmallVector<OpOperand *> inputs = op.getDpsInputOperands();
    OpOperand *input = *llvm::find_if(inputs, [&](OpOperand *input) {
      return op.getMatchingIndexingMap(input).isFunctionOfDim(dim);
    });
    int64_t rank = op.getRank(input);
    Value extent = tensor::DimOp::create(rewriter, loc, input->get(), rank - 1);
    Value isLong = arith::CmpIOp::create(
        rewriter, loc, arith::CmpIPredicate::uge, extent,
        arith::ConstantIndexOp::create(rewriter, loc, kFewest));
    auto choice = scf::IfOp::create(rewriter, loc, op->getResultTypes(), isLong,
                                    /*withElseRegion=*/true);
    rewriter.replaceAllUsesWith(op->getResults(), choice.getResults());
    auto copy = [&](Block *block) {
      rewriter.setInsertionPointToStart(block);
      auto copied = cast<linalg::GenericOp>(rewriter.clone(*op));
      scf::YieldOp::create(rewriter, loc, copied->getResults());
      return copied;
    };
    copy(choice.elseBlock());
    linalg::GenericOp copied = copy(choice.thenBlock());
    rewriter.eraseOp(op);
    return copied;
  }

  static LogicalResult split(RewriterBase &rewriter, linalg::GenericOp op,
                             unsigned dim) {
    SmallVector<OpFoldResult> sizes(op.getNumLoops(), rewriter.getIndexAttr(0));
    sizes[dim] = rewriter.getIndexAttr(kSums);
    scf::SCFTilingOptions options;
    options.setTileSizes(sizes)
        .setReductionDims({dim})
        .setReductionTilingStrategy(
            ReductionTilingStrategy::PartialReductionOuterReduction);
    rewriter.setInsertionPoint(op);
    Location loc = op.getLoc();
    FailureOr<scf::SCFTilingResult> result = scf::tileUsingSCF(
        rewriter, cast<TilingInterface>(op.getOperation()), options);
    if (failed(result))
      return op.emitOpError("cannot be summed in parts");
    rewriter.replaceOp(op, result->replacements);
    // What leaves every f32 as it is, also -0.
    auto fill = result->initialValues.front().getDefiningOp<linalg::FillOp>();
    rewriter.setInsertionPoint(fill);
    Value zero = arith::ConstantOp::create(rewriter, loc,
                                           rewriter.getF32FloatAttr(-0.0f));
    rewriter.modifyOpInPlace(fill,
                             [&] { fill.getInputsMutable()[0].set(zero); });
    // Whole vectors, and then the rest, if there is any.
    for (LoopLikeOpInterface loop : result->loops) {
      scf::ForOp rest;
      (void)scf::peelForLoopAndSimplifyBounds(
          rewriter, cast<scf::ForOp>(loop.getOperation()), rest);
    }
    return success();
  }
};
} // namespace
