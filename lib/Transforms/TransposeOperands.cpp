// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Transforms/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/TypeUtilities.h"

namespace mlir::mx {
#define GEN_PASS_DEF_MXTRANSPOSEOPERANDS
#include "mx/Transforms/Passes.h.inc"
} // namespace mlir::mx

using namespace mlir;

/// The innermost dimension of what `op` sums up in f16 or bf16.
static FailureOr<unsigned> getRowDim(linalg::LinalgOp op) {
  if (!op.hasPureTensorSemantics() || op.getNumReductionLoops() != 1 ||
      op.getNumDpsInits() != 1)
    return failure();
  Type sum = getElementTypeOrSelf(op.getDpsInits().front());
  AffineMap map = op.getIndexingMapsArray().back();
  if ((!sum.isF16() && !sum.isBF16()) || !map.isProjectedPermutation() ||
      map.getNumResults() == 0)
    return failure();
  return map.getDimPosition(map.getNumResults() - 1);
}

/// Whether `input` has `dim`, but not innermost, and its elements are used more
/// than once, which a copy pays for.
static bool isAcross(linalg::LinalgOp op, OpOperand *input, unsigned dim) {
  AffineMap map = op.getMatchingIndexingMap(input);
  return map.isProjectedPermutation() && map.isFunctionOfDim(dim) &&
         map.getDimPosition(map.getNumResults() - 1) != dim &&
         map.getNumResults() < op.getNumLoops();
}

/// Gives `op` a copy of `input` in which `dim` is innermost.
static void transpose(RewriterBase &rewriter, linalg::GenericOp op,
                      OpOperand *input, unsigned dim) {
  Location loc = op.getLoc();
  AffineMap map = op.getMatchingIndexingMap(input);
  SmallVector<int64_t> permutation;
  int64_t last = 0;
  for (auto [index, expr] : llvm::enumerate(map.getResults()))
    if (expr.isFunctionOfDim(dim))
      last = index;
    else
      permutation.push_back(index);
  permutation.push_back(last);
  SmallVector<OpFoldResult> sizes =
      tensor::getMixedSizes(rewriter, loc, input->get());
  Value empty = tensor::EmptyOp::create(
      rewriter, loc, applyPermutation(sizes, permutation),
      getElementTypeOrSelf(input->get().getType()));
  auto copy = linalg::TransposeOp::create(rewriter, loc, input->get(), empty,
                                          permutation);
  SmallVector<AffineMap> maps = op.getIndexingMapsArray();
  maps[input->getOperandNumber()] = AffineMap::get(
      map.getNumDims(), 0, applyPermutation(map.getResults(), permutation),
      rewriter.getContext());
  rewriter.modifyOpInPlace(op, [&] {
    input->set(copy->getResult(0));
    op.setIndexingMapsAttr(rewriter.getAffineMapArrayAttr(maps));
  });
}

namespace {
struct TransposeOperands
    : mlir::mx::impl::MXTransposeOperandsBase<TransposeOperands> {
  void runOnOperation() override {
    SmallVector<linalg::LinalgOp> ops;
    getOperation().walk([&](linalg::LinalgOp op) { ops.push_back(op); });
    IRRewriter rewriter(&getContext());
    for (linalg::LinalgOp op : ops) {
      FailureOr<unsigned> dim = getRowDim(op);
      if (failed(dim) ||
          llvm::none_of(op.getDpsInputOperands(), [&](OpOperand *input) {
            return isAcross(op, input, *dim);
          }))
        continue;
      rewriter.setInsertionPoint(op);
      auto generic = dyn_cast<linalg::GenericOp>(op.getOperation());
      if (!generic)
        generic = *linalg::generalizeNamedOp(rewriter, op);
      rewriter.setInsertionPoint(generic);
      for (OpOperand *input : generic.getDpsInputOperands())
        if (isAcross(generic, input, *dim))
          transpose(rewriter, generic, input, *dim);
    }
  }
};
} // namespace
