// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/IR/ScaleMap.h"
#include "mx/Transforms/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace mlir::mx {
#define GEN_PASS_DEF_MXFITWINDOWS
#include "mx/Transforms/Passes.h.inc"
} // namespace mlir::mx

using namespace mlir;
using namespace mlir::mx;

/// Whether a dimension of the window has extent 1 and may go from it.
static bool mayShrink(const std::optional<MapResult> &result,
                      ArrayRef<int64_t> extents) {
  return result && result->isWindow() &&
         llvm::any_of(result->terms, [&](const MapResult::Term &term) {
           return extents[term.dim] == 1;
         });
}

namespace {
struct FitWindows : mlir::mx::impl::MXFitWindowsBase<FitWindows> {
  void runOnOperation() override {
    SmallVector<linalg::LinalgOp> ops;
    getOperation()->walk([&](linalg::LinalgOp op) {
      if (op.hasPureTensorSemantics())
        ops.push_back(op);
    });
    for (linalg::LinalgOp op : ops)
      for (OpOperand *input : op.getDpsInputOperands())
        fit(op, *input);
  }

  void fit(linalg::LinalgOp op, OpOperand &input) {
    SmallVector<int64_t> extents = op.getStaticLoopRanges();
    SmallVector<std::optional<MapResult>> results = llvm::map_to_vector(
        op.getMatchingIndexingMap(&input).getResults(),
        [](AffineExpr expr) { return parseMapResult(expr); });
    ArrayRef<int64_t> shape = op.getShape(&input);
    auto isLarger = [&](auto pair) {
      auto [result, extent] = pair;
      return mayShrink(result, extents) &&
             (ShapedType::isDynamic(extent) ||
              extent != getExtent(*result, extents));
    };
    if (llvm::none_of(llvm::zip_equal(results, shape), isLarger))
      return;
    OpBuilder b(op);
    Location loc = op.getLoc();
    SmallVector<OpFoldResult> ends, offsets(shape.size(), b.getIndexAttr(0)),
        strides(shape.size(), b.getIndexAttr(1)),
        zeros(extents.size(), b.getIndexAttr(0)),
        sizes = tensor::getMixedSizes(b, loc, input.get());
    for (Range range : op.createLoopRanges(b, loc))
      ends.push_back(range.size);
    for (auto [size, result] : llvm::zip_equal(sizes, results))
      if (mayShrink(result, extents))
        size = getSlice(b, loc, *result, zeros, ends).second;
    input.set(tensor::ExtractSliceOp::create(b, loc, input.get(), offsets,
                                             sizes, strides));
    ++numCut;
  }
};
} // namespace
