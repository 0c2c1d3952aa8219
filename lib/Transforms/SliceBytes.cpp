// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/IR/MX.h"
#include "mx/IR/PackElements.h"
#include "mx/IR/ScaleMap.h"
#include "mx/Transforms/GenerateSlices.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Tensor/Transforms/Transforms.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

using namespace mlir;
using namespace mlir::mx;

/// Whether `user` is a slice of `unpack` of whole groups of codes, or all of
/// each row, wherever it says that this begins.
static bool isSliceOfBytes(Operation *user, UnpackElementsOp unpack) {
  auto slice = dyn_cast<tensor::ExtractSliceOp>(user);
  if (!slice || !slice.hasUnitStride() ||
      slice.getType().getRank() != slice.getSourceType().getRank())
    return false;
  int64_t codes = getPackedGroup(slice.getSourceType().getElementType(),
                                 unpack.getContainer())
                      .codes;
  int64_t size = slice.getStaticSizes().back();
  return !ShapedType::isDynamic(size) &&
         (size == slice.getSourceType().getShape().back() ||
          (size % codes == 0 &&
           isMultipleOf(slice.getMixedOffsets().back(), codes)));
}

/// Unpacks the bytes of `slice`, a slice of `unpack`, alone.
static UnpackElementsOp sliceOne(RewriterBase &rewriter,
                                 tensor::ExtractSliceOp slice,
                                 UnpackElementsOp unpack) {
  rewriter.setInsertionPoint(slice);
  Location loc = slice.getLoc();
  Type element = slice.getType().getElementType();
  PackedGroup group = getPackedGroup(element, unpack.getContainer());
  SmallVector<OpFoldResult> offsets = slice.getMixedOffsets(),
                            sizes = slice.getMixedSizes();
  int64_t size = slice.getStaticSizes().back();
  AffineExpr column = rewriter.getAffineDimExpr(0);
  offsets.back() =
      size == slice.getSourceType().getShape().back()
          ? rewriter.getIndexAttr(0)
          : affine::makeComposedFoldedAffineApply(
                rewriter, loc, column.floorDiv(group.codes) * group.bytes,
                {offsets.back()});
  sizes.back() = rewriter.getIndexAttr(
      getPackedExtent(size, element, unpack.getContainer()));
  Value bytes =
      tensor::ExtractSliceOp::create(rewriter, loc, unpack.getPacked(), offsets,
                                     sizes, slice.getMixedStrides());
  return rewriter.replaceOpWithNewOp<UnpackElementsOp>(
      slice, slice.getType(), bytes, /*extent=*/Value(), unpack.getContainer());
}

/// Gives `user` an op of its own in place of `unpack`.
static void unpackFor(RewriterBase &rewriter, Operation *user,
                      UnpackElementsOp unpack) {
  Operation *place = user;
  while (isa<linalg::LinalgOp>(place->getParentOp()))
    place = place->getParentOp();
  rewriter.setInsertionPoint(place);
  Operation *own = rewriter.clone(*unpack);
  rewriter.modifyOpInPlace(user, [&] {
    user->replaceUsesOfWith(unpack.getElements(), own->getResult(0));
  });
}

/// Lets slices of what is unpacked with a dimension as two be such of what is
/// unpacked.
static void sliceBeforeExpansion(Operation *root) {
  SmallVector<Operation *> slices;
  root->walk([&](tensor::ExtractSliceOp slice) {
    auto expand = slice.getSource().getDefiningOp<tensor::ExpandShapeOp>();
    if (expand && expand.getSrc().getDefiningOp<UnpackElementsOp>())
      slices.push_back(slice);
  });
  RewritePatternSet patterns(root->getContext());
  tensor::populateBubbleUpExtractSliceOpPatterns(patterns);
  (void)applyOpPatternsGreedily(slices, std::move(patterns),
                                GreedyRewriteConfig().setStrictness(
                                    GreedyRewriteStrictness::ExistingOps));
}

void mlir::mx::sliceBytes(Operation *root, RewriterBase &rewriter) {
  sliceBeforeExpansion(root);
  SmallVector<UnpackElementsOp> ops;
  root->walk([&](UnpackElementsOp op) { ops.push_back(op); });
  while (!ops.empty()) {
    UnpackElementsOp op = ops.pop_back_val();
    llvm::SetVector<Operation *> users(op->user_begin(), op->user_end());
    auto isSlice = [&](Operation *user) { return isSliceOfBytes(user, op); };
    if (llvm::none_of(users, isSlice))
      continue;
    for (Operation *user : users)
      if (isSlice(user))
        ops.push_back(
            sliceOne(rewriter, cast<tensor::ExtractSliceOp>(user), op));
      else
        unpackFor(rewriter, user, op);
    rewriter.eraseOp(op);
  }
}
