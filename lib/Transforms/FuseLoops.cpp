// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "LoopGroup.h"
#include "RowBlocks.h"
#include "TileAndFuse.h"
#include "mx/Transforms/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/TypeUtilities.h"

namespace mlir::mx {
#define GEN_PASS_DEF_MXFUSELOOPS
#include "mx/Transforms/Passes.h.inc"
} // namespace mlir::mx

using namespace mlir;
using namespace mlir::mx;

/// Gives destinations that are parts of an empty tensor, whose content nothing
/// reads, tensors of their own: buffers as small as a tile.
static void shrinkDestinations(RewriterBase &rewriter, Operation *op) {
  for (OpOperand &init :
       cast<DestinationStyleOpInterface>(op).getDpsInitsMutable()) {
    auto part = init.get().getDefiningOp<tensor::ExtractSliceOp>();
    if (!part || part.getType().getRank() != part.getSourceType().getRank())
      continue;
    Value whole = part.getSource();
    while (auto outer = whole.getDefiningOp<tensor::ExtractSliceOp>())
      whole = outer.getSource();
    if (!whole.getDefiningOp<tensor::EmptyOp>())
      continue;
    rewriter.setInsertionPoint(op);
    Value empty =
        tensor::EmptyOp::create(rewriter, part.getLoc(), part.getMixedSizes(),
                                part.getType().getElementType());
    if (empty.getType() != part.getType())
      empty = tensor::CastOp::create(rewriter, part.getLoc(), part.getType(),
                                     empty);
    rewriter.modifyOpInPlace(op, [&] { init.set(empty); });
  }
}

namespace {
struct FuseLoops : mlir::mx::impl::MXFuseLoopsBase<FuseLoops> {
  void runOnOperation() override {
    // The input and what is made of it: half of the cache in f32.
    int64_t elements =
        TargetAttr::get(getOperation()).getCaches().front() / 2 / 4;
    SmallVector<Operation *> ops;
    getOperation()->walk([&](Operation *op) {
      auto loop = op->getParentOfType<LoopLikeOpInterface>();
      if (!getLoops(op).empty() && (!loop || loop->hasAttr(kRowBlocksAttr)))
        ops.push_back(op);
    });
    IRRewriter rewriter(&getContext());
    llvm::SmallPtrSet<Operation *, 16> done;
    for (Operation *op : llvm::reverse(ops))
      if (!done.contains(op) && failed(fuse(rewriter, op, elements, done)))
        return signalPassFailure();
  }

  /// Makes loops over tiles of `root` and its group, which are `done` then.
  LogicalResult fuse(RewriterBase &rewriter, Operation *root, int64_t elements,
                     llvm::SmallPtrSetImpl<Operation *> &done) {
    SmallVector<int64_t> sizes = getTileSizes(root, elements);
    if (llvm::all_of(sizes, [](int64_t size) { return size == 0; }))
      return success();
    auto group = getLoopGroup(root, sizes);
    if (group.size() == 1)
      if (auto transposed = getTransposeSizes(root, elements);
          !transposed.empty())
        sizes = transposed;
    done.insert(group.begin(), group.end());
    numFused += group.size() - 1;
    ++numLoops;
    scf::SCFTilingOptions options;
    options.setTileSizes(getAsIndexOpFoldResult(&getContext(), sizes))
        .setLoopType(scf::SCFTilingOptions::LoopType::ForallOp);
    auto tiles = tileAndFuse(rewriter, root, options, [&](OpResult producer) {
      return group.contains(producer.getOwner());
    });
    if (failed(tiles))
      return root->emitOpError("cannot be cut into tiles");
    for (Operation *op : tiles->ops)
      shrinkDestinations(rewriter, op);
    for (Operation *op : ArrayRef(group.getArrayRef()).drop_front())
      if (op->use_empty())
        rewriter.eraseOp(op);
    return success();
  }
};
} // namespace
