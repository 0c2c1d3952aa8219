// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "CacheSets.h"
#include "mx/IR/ScaleMap.h"
#include "mx/Transforms/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

namespace mlir::mx {
#define GEN_PASS_DEF_MXTILEDISTANTROWS
#include "mx/Transforms/Passes.h.inc"
} // namespace mlir::mx

using namespace mlir;
using namespace mlir::mx;

/// Loads of fewer bytes at a time take longer than the lines that they read.
static constexpr int64_t kPiece = 16;
/// The fewest rows to read at a time, which become a vector. 8 that share a set
/// are all that it has lines for, but what is written comes in long runs.
static constexpr int64_t kRows = 8;

/// What one more iteration of each loop adds to the address of an element of
/// `operand`, in bytes; or nothing if that varies.
static std::optional<SmallVector<int64_t>> getSteps(linalg::GenericOp op,
                                                    OpOperand &operand) {
  auto type = dyn_cast<MemRefType>(operand.get().getType());
  SmallVector<int64_t> strides;
  int64_t offset;
  if (!type || !type.getElementType().isIntOrFloat() ||
      failed(type.getStridesAndOffset(strides, offset)))
    return std::nullopt;
  int64_t width = llvm::divideCeil(type.getElementTypeBitWidth(), 8);
  SmallVector<int64_t> steps(op.getNumLoops(), 0);
  for (auto [expr, stride] : llvm::zip_equal(
           op.getMatchingIndexingMap(&operand).getResults(), strides)) {
    std::optional<MapResult> result = parseMapResult(expr);
    if (!result || result->isBlocked() || ShapedType::isDynamic(stride))
      return std::nullopt;
    for (const MapResult::Term &term : result->terms)
      steps[term.dim] += term.stride * stride * width;
  }
  return steps;
}

/// Sizes of tiles of `op`, 0 for whole loops, so that a line of `operand` is
/// read whole before more lines than the cache holds beside it; or none.
static SmallVector<int64_t> getSizes(linalg::GenericOp op, OpOperand &operand) {
  auto steps = getSteps(op, operand);
  if (!steps)
    return {};
  SmallVector<int64_t> extents = op.getStaticLoopRanges();
  for (auto [rows, step] : llvm::enumerate(*steps)) {
    int64_t size = std::max(kRows, getMostLines(step));
    if (step < kLineBytes || ShapedType::isDynamic(extents[rows]) ||
        extents[rows] <= size)
      continue;
    // The loops within lines, around that over the rows.
    unsigned first = 0;
    while (first < rows && ((*steps)[first] <= 0 || (*steps)[first] >= kPiece ||
                            extents[first] == 1))
      ++first;
    if (first == rows)
      continue;
    SmallVector<int64_t> sizes(first, 1);
    sizes.resize(op.getNumLoops(), 0);
    sizes[rows] = size;
    return sizes;
  }
  return {};
}

namespace {
struct TileDistantRows
    : mlir::mx::impl::MXTileDistantRowsBase<TileDistantRows> {
  void runOnOperation() override {
    SmallVector<linalg::GenericOp> ops;
    getOperation()->walk([&](linalg::GenericOp op) {
      if (op.hasPureBufferSemantics() &&
          op.getNumParallelLoops() == op.getNumLoops())
        ops.push_back(op);
    });
    IRRewriter rewriter(&getContext());
    for (linalg::GenericOp op : ops)
      for (OpOperand *input : op.getDpsInputOperands()) {
        SmallVector<int64_t> sizes = getSizes(op, *input);
        if (sizes.empty())
          continue;
        rewriter.setInsertionPoint(op);
        if (failed(linalg::tileLinalgOp(
                rewriter, op,
                linalg::LinalgTilingOptions().setTileSizes(sizes))))
          continue; // It stays as it is.
        rewriter.eraseOp(op);
        ++numTiled;
        break;
      }
  }
};
} // namespace
