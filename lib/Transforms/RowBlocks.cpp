// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "RowBlocks.h"
#include "PanelChoice.h"
#include "TileAndFuse.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::mx;

int64_t mlir::mx::getRowBlock(ContractOp op, const MatmulDims &dims,
                              int64_t bytes, int64_t tileRows) {
  // What fits a last cache that cores share, of which a description does not
  // tell: all panels read a block, and its part of memory's rate would be as
  // much as a core has.
  constexpr int64_t kBlockBytes = 8 << 20;
  // With so many rows, panels take 2 % of the time to make.
  constexpr int64_t kLeastRows = 512;
  if (!dims.rows || !dims.outerRows.empty() || !dims.outerSums.empty())
    return 0;
  SmallVector<int64_t> extents = op.getStaticLoopRanges();
  int64_t rows = extents[*dims.rows], sums = extents[dims.sum];
  int64_t size = kLeastRows;
  if (!ShapedType::isDynamic(sums))
    size = std::max(size, kBlockBytes / (sums * bytes));
  size -= size % tileRows;
  if (!ShapedType::isDynamic(rows)) {
    if (rows <= size)
      return 0;
    // All about as large.
    size = llvm::alignTo(llvm::divideCeil(rows, llvm::divideCeil(rows, size)),
                         tileRows);
  }
  return cutsNoBlock(op, *dims.rows, size) ? size : 0;
}

FailureOr<RowBlocks> RowBlocks::cut(RewriterBase &rewriter, ContractOp &op,
                                    const MatmulDims &dims, int64_t size) {
  Location loc = op.getLoc();
  // Found as decoding does, which makes buffers of this size.
  auto getRows = [&] {
    AffineMap map = dims.columnsAreLhs ? op.getRhsMap() : op.getLhsMap();
    return tensor::getMixedSize(
        rewriter, loc, dims.columnsAreLhs ? op.getRhs() : op.getLhs(),
        *map.getResultPosition(rewriter.getAffineDimExpr(*dims.rows)));
  };
  RowBlocks blocks;
  rewriter.setInsertionPoint(op);
  AffineExpr all = rewriter.getAffineDimExpr(0);
  blocks.most = affine::makeComposedFoldedAffineMin(
      rewriter, loc,
      AffineMap::get(1, 0, {all, rewriter.getAffineConstantExpr(size)},
                     rewriter.getContext()),
      {getRows()});
  SmallVector<OpFoldResult> sizes(op.getInitMap().getNumDims(),
                                  rewriter.getIndexAttr(0));
  sizes[*dims.rows] = rewriter.getIndexAttr(size);
  scf::SCFTilingOptions options;
  options.setTileSizes(sizes);
  if (failed(tileContract(rewriter, op, options)))
    return failure();
  rewriter.setInsertionPoint(op);
  blocks.body = op->getBlock();
  blocks.rows = getRows();
  op->getParentOp()->setAttr(kRowBlocksAttr, rewriter.getUnitAttr());
  return blocks;
}

void RowBlocks::growBuffers(RewriterBase &rewriter) {
  if (isa<Attribute>(rows))
    return;
  SmallVector<tensor::EmptyOp> buffers(body->getOps<tensor::EmptyOp>());
  for (tensor::EmptyOp buffer : buffers) {
    SmallVector<OpFoldResult> sizes = buffer.getMixedSizes(), largest(sizes);
    llvm::replace(largest, rows, most);
    if (largest == sizes)
      continue;
    SmallVector<OpFoldResult> offsets(sizes.size(), rewriter.getIndexAttr(0));
    SmallVector<OpFoldResult> strides(sizes.size(), rewriter.getIndexAttr(1));
    rewriter.setInsertionPoint(buffer);
    Value grown = tensor::EmptyOp::create(rewriter, buffer.getLoc(), largest,
                                          buffer.getType().getElementType());
    rewriter.replaceOpWithNewOp<tensor::ExtractSliceOp>(
        buffer, buffer.getType(), grown, offsets, sizes, strides);
  }
}
