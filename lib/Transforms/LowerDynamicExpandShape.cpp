// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Transforms/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/WalkPatternRewriteDriver.h"

namespace mlir::mx {
#define GEN_PASS_DEF_MXLOWERDYNAMICEXPANDSHAPE
#include "mx/Transforms/Passes.h.inc"
} // namespace mlir::mx

using namespace mlir;

namespace {
struct ToReinterpretCast : OpRewritePattern<memref::ExpandShapeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(memref::ExpandShapeOp op,
                                PatternRewriter &rewriter) const override {
    MemRefType type = op.getResultType();
    bool several = llvm::any_of(
        op.getReassociationIndices(), [&](ArrayRef<int64_t> group) {
          return llvm::count_if(group, [&](int64_t dim) {
                   return type.isDynamicDim(dim);
                 }) > 1;
        });
    if (!several)
      return rewriter.notifyMatchFailure(
          op, "every group has at most one dynamic dimension");
    if (!type.getLayout().isIdentity() ||
        !op.getSrcType().getLayout().isIdentity())
      return rewriter.notifyMatchFailure(op, "the memref is not contiguous");
    SmallVector<OpFoldResult> sizes = op.getMixedOutputShape();
    SmallVector<OpFoldResult> strides(sizes.size());
    OpFoldResult stride = rewriter.getIndexAttr(1);
    AffineExpr d0, d1;
    bindDims(rewriter.getContext(), d0, d1);
    for (int64_t dim = sizes.size() - 1; dim >= 0; --dim) {
      strides[dim] = stride;
      stride = affine::makeComposedFoldedAffineApply(
          rewriter, op.getLoc(), AffineMap::get(2, 0, d0 * d1),
          {stride, sizes[dim]});
    }
    rewriter.replaceOpWithNewOp<memref::ReinterpretCastOp>(
        op, type, op.getSrc(), rewriter.getIndexAttr(0), sizes, strides);
    return success();
  }
};

struct LowerDynamicExpandShape
    : mlir::mx::impl::MXLowerDynamicExpandShapeBase<LowerDynamicExpandShape> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<ToReinterpretCast>(&getContext());
    walkAndApplyPatterns(getOperation(), std::move(patterns));
  }
};
} // namespace
