// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Transforms/GenerateSlices.h"
#include "mx/IR/PackElements.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Utils/Utils.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::mx;

/// Whether the tensor of `op` can be made slice by slice, and is only used so.
static bool isSliced(linalg::GenericOp op) {
  if (op.getNumDpsInputs() || op->getNumResults() != 1 || op->use_empty() ||
      op.getNumParallelLoops() != op.getNumLoops() ||
      !op.getIndexingMapsArray().front().isIdentity())
    return false;
  auto type = cast<RankedTensorType>(op->getResult(0).getType());
  return isSubByteFloat(type.getElementType()) &&
         llvm::all_of(op->getUsers(), [&](Operation *user) {
           auto slice = dyn_cast<tensor::ExtractSliceOp>(user);
           return slice && slice.hasUnitStride() &&
                  slice.getType().getRank() == type.getRank();
         });
}

// Upstream's populateBubbleUpExtractSliceOpPatterns would do this, but leaves
// linalg.index in the body as it was, without the slice's offset.
static void generateSlicesOf(linalg::GenericOp op, RewriterBase &rewriter) {
  for (Operation *user : llvm::make_early_inc_range(op->getUsers())) {
    auto slice = cast<tensor::ExtractSliceOp>(user);
    RankedTensorType type = slice.getType();
    rewriter.setInsertionPoint(slice);
    Value empty = tensor::EmptyOp::create(
        rewriter, op.getLoc(), slice.getMixedSizes(), type.getElementType());
    auto part = cast<linalg::GenericOp>(
        mlir::clone(rewriter, op, TypeRange(empty.getType()), empty));
    linalg::offsetIndices(rewriter, part, slice.getMixedOffsets());
    rewriter.setInsertionPoint(slice);
    Value result = part.getResult(0);
    if (result.getType() != type)
      result = tensor::CastOp::create(rewriter, slice.getLoc(), type, result);
    rewriter.replaceOp(slice, result);
  }
  rewriter.eraseOp(op);
}

void mlir::mx::generateSlices(Operation *root, RewriterBase &rewriter) {
  SmallVector<linalg::GenericOp> ops;
  root->walk([&](linalg::GenericOp op) {
    if (isSliced(op))
      ops.push_back(op);
  });
  for (linalg::GenericOp op : ops)
    generateSlicesOf(op, rewriter);
}
