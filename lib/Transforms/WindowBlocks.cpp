// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "WindowBlocks.h"
#include "BufferSize.h"
#include "RowBlocks.h"
#include "TileAndFuse.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::mx;

/// The size of blocks of at most `most` that `extent` is cut into.
static int64_t getBlock(int64_t extent, int64_t most) {
  // Of one size, if they are not too many: extents stay known.
  for (int64_t size = most; size > most / 2; --size)
    if (extent % size == 0)
      return size;
  return llvm::divideCeil(extent, llvm::divideCeil(extent, most));
}

LogicalResult mlir::mx::cutWindows(RewriterBase &rewriter, ContractOp &op,
                                   bool isLhs) {
  constexpr int64_t kBytes = 8 << 20;
  Location loc = op.getLoc();
  rewriter.setInsertionPoint(op);
  AffineMap map = isLhs ? op.getLhsMap() : op.getRhsMap();
  SmallVector<int64_t> extents = op.getStaticLoopRanges();
  if (llvm::is_contained(extents, 0))
    return success();
  SmallVector<Range> domain = op.getIterationDomain(rewriter);
  SmallVector<unsigned> dims, results;
  for (unsigned dim = 0; dim < extents.size(); ++dim)
    if (map.isFunctionOfDim(dim) && !op.getInitMap().isFunctionOfDim(dim))
      dims.push_back(dim);
  for (AffineExpr expr : llvm::reverse(op.getInitMap().getResults()))
    if (unsigned dim = cast<AffineDimExpr>(expr).getPosition();
        map.isFunctionOfDim(dim))
      results.push_back(dim);
  // Bytes, in f32 that elements may be decoded to, for one index of what comes
  // next: a number, and a factor of the program's.
  int64_t known = sizeof(float);
  Value factor;
  auto multiply = [&](unsigned dim) {
    if (!ShapedType::isDynamic(extents[dim])) {
      known = std::min(llvm::SaturatingMultiply<uint64_t>(known, extents[dim]),
                       uint64_t(kLargestSize));
      return;
    }
    Value extent = cast<Value>(domain[dim].size);
    factor = factor ? multiplySizes(rewriter, loc, factor, extent) : extent;
  };
  llvm::for_each(dims, multiply);
  SmallVector<OpFoldResult> sizes(extents.size(), rewriter.getIndexAttr(0));
  bool isCut = false;
  for (unsigned dim : results) {
    int64_t most = std::max<int64_t>(1, kBytes / std::max<int64_t>(known, 1));
    if (!factor && !ShapedType::isDynamic(extents[dim])) {
      if (most < extents[dim]) {
        sizes[dim] = rewriter.getIndexAttr(getBlock(extents[dim], most));
        isCut = true;
      }
    } else if (!factor) {
      sizes[dim] = rewriter.getIndexAttr(most);
      isCut = true;
    } else {
      Value one = arith::ConstantIndexOp::create(rewriter, loc, 1);
      Value count = arith::ConstantIndexOp::create(rewriter, loc, most);
      count = arith::DivUIOp::create(
          rewriter, loc, count,
          arith::MaxUIOp::create(rewriter, loc, factor, one));
      sizes[dim] =
          arith::MaxUIOp::create(rewriter, loc, count, one).getResult();
      isCut = true;
    }
    multiply(dim);
  }
  if (!isCut)
    return success();
  Operation *outside = op->getParentOp();
  scf::SCFTilingOptions options;
  options.setTileSizes(sizes);
  if (failed(tileContract(rewriter, op, options)))
    return failure();
  // What is no part is the operand itself, a constant maybe.
  for (OpOperand &operand : op->getOpOperands())
    if (auto slice = operand.get().getDefiningOp<tensor::ExtractSliceOp>();
        slice && slice.getType() == slice.getSourceType() &&
        slice.getType().hasStaticShape())
      operand.set(slice.getSource());
  for (Operation *loop = op->getParentOp(); loop != outside;
       loop = loop->getParentOp())
    loop->setAttr(kRowBlocksAttr, rewriter.getUnitAttr());
  return success();
}
