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

/// Whether `op` sums f32 along the innermost dimension of its inputs, of which
/// one is as large as the iteration space.
static bool isRowSum(linalg::GenericOp op) {
  SmallVector<unsigned> reductions;
  op.getReductionDims(reductions);
  if (reductions.size() != 1 || op.getNumDpsInits() != 1 ||
      !getElementTypeOrSelf(op.getDpsInits().front()).isF32())
    return false;
  unsigned dim = reductions.front();
  int64_t extent = op.getStaticLoopRanges()[dim];
  if (!ShapedType::isDynamic(extent) && extent < 2 * kSums)
    return false;
  Block *body = op.getBody();
  auto sum =
      body->getTerminator()->getOperand(0).getDefiningOp<arith::AddFOp>();
  if (!sum || !body->getArguments().back().hasOneUse() ||
      !llvm::is_contained(sum->getOperands(), body->getArguments().back()))
    return false;
  bool isWhole = false;
  for (OpOperand *input : op.getDpsInputOperands()) {
    AffineMap map = op.getMatchingIndexingMap(input);
    if (!map.isProjectedPermutation())
      return false;
    isWhole |= map.getNumResults() == op.getNumLoops();
    if (map.isFunctionOfDim(dim) &&
        map.getDimPosition(map.getNumResults() - 1) != dim)
      return false;
  }
  return isWhole;
}

namespace {
struct SplitSums : mlir::mx::impl::MXSplitSumsBase<SplitSums> {
  void runOnOperation() override {
    SmallVector<linalg::GenericOp> sums;
    getOperation()->walk([&](linalg::GenericOp op) {
      if (op.hasPureTensorSemantics() && isRowSum(op))
        sums.push_back(op);
    });
    IRRewriter rewriter(&getContext());
    for (linalg::GenericOp op : sums)
      if (failed(split(rewriter, op)))
        return signalPassFailure();
  }

  static LogicalResult split(RewriterBase &rewriter, linalg::GenericOp op) {
    SmallVector<unsigned> reductions;
    op.getReductionDims(reductions);
    SmallVector<OpFoldResult> sizes(op.getNumLoops(), rewriter.getIndexAttr(0));
    sizes[reductions.front()] = rewriter.getIndexAttr(kSums);
    scf::SCFTilingOptions options;
    options.setTileSizes(sizes)
        .setReductionDims(reductions)
        .setReductionTilingStrategy(
            ReductionTilingStrategy::PartialReductionOuterReduction);
    rewriter.setInsertionPoint(op);
    FailureOr<scf::SCFTilingResult> result = scf::tileUsingSCF(
        rewriter, cast<TilingInterface>(op.getOperation()), options);
    if (failed(result))
      return op.emitOpError("cannot be summed in parts");
    rewriter.replaceOp(op, result->replacements);
    // Whole vectors, and then the rest.
    for (LoopLikeOpInterface loop : result->loops) {
      scf::ForOp rest;
      (void)scf::peelForLoopAndSimplifyBounds(
          rewriter, cast<scf::ForOp>(loop.getOperation()), rest);
    }
    return success();
  }
};
} // namespace
