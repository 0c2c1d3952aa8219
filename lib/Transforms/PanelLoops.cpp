// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "PanelLoops.h"
#include "TileAndFuse.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::mx;

namespace {
class PanelLoops {
public:
  PanelLoops(RewriterBase &rewriter, const Factor &columns,
             const MatmulDims &dims, const Panel &panel)
      : rewriter(rewriter), columns(columns), dims(dims), panel(panel) {}

  FailureOr<Value> build(ContractOp op, int64_t tileRows);

private:
  /// The columns' elements and scale among the operands of `op`.
  SmallVector<Value, 2> getColumns(ContractOp op) {
    SmallVector<Value, 2> values = {dims.columnsAreLhs ? op.getLhs()
                                                       : op.getRhs()};
    if (columns.scale)
      llvm::append_range(values, dims.columnsAreLhs ? op.getLhsScales()
                                                    : op.getRhsScales());
    return values;
  }

  /// Dimensions and the sizes that they are cut to, the outermost loop first.
  using Sizes = SmallVector<std::pair<unsigned, int64_t>>;
  /// Replaces `op` by loops over a smaller one, which `op` becomes, and makes
  /// `fused`, which it reads, in them. Returns the loops' result.
  FailureOr<Value> cut(ContractOp &op, const Sizes &sizes,
                       scf::SCFTilingOptions::LoopType loops,
                       ArrayRef<Value> fused);
  void compact(linalg::GenericOp op, AffineMap map);

  RewriterBase &rewriter;
  const Factor &columns;
  const MatmulDims &dims;
  const Panel &panel;
};
} // namespace

FailureOr<Value> PanelLoops::cut(ContractOp &op, const Sizes &sizes,
                                 scf::SCFTilingOptions::LoopType loops,
                                 ArrayRef<Value> fused) {
  unsigned count = op.getInitMap().getNumDims();
  SmallVector<OpFoldResult> tileSizes(count, rewriter.getIndexAttr(0));
  SmallVector<int64_t> order;
  for (auto [dim, size] : sizes) {
    tileSizes[dim] = rewriter.getIndexAttr(size);
    order.push_back(dim);
  }
  for (unsigned dim = 0; dim < count; ++dim)
    if (!llvm::is_contained(order, dim))
      order.push_back(dim);
  scf::SCFTilingOptions options;
  options.setTileSizes(tileSizes).setInterchange(order).setLoopType(loops);
  auto tiles = tileAndFuse(rewriter, op, options, [&](OpResult producer) {
    return llvm::is_contained(fused, producer);
  });
  if (failed(tiles))
    return failure();
  for (Operation *tiled : tiles->ops)
    if (auto contract = dyn_cast<ContractOp>(tiled))
      op = contract;
  return tiles->results.front();
}

/// Lets the op that makes a panel write to a buffer of the panel's full size in
/// place of a part of the whole factor: rows lie close together, and as the
/// buffer is the same along the sum it can be made before that loop.
void PanelLoops::compact(linalg::GenericOp op, AffineMap map) {
  OpBuilder::InsertionGuard guard(rewriter);
  rewriter.setInsertionPoint(op);
  Location loc = op.getLoc();
  Value init = op.getDpsInits().front();
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(rewriter, loc, init);
  SmallVector<OpFoldResult> whole(sizes);
  auto getSize = [&](unsigned dim) -> OpFoldResult & {
    return whole[*map.getResultPosition(rewriter.getAffineDimExpr(dim))];
  };
  getSize(dims.columns) = rewriter.getIndexAttr(panel.columns);
  if (panel.sums)
    getSize(dims.sum) = rewriter.getIndexAttr(panel.sums);
  SmallVector<OpFoldResult> offsets(sizes.size(), rewriter.getIndexAttr(0)),
      strides(sizes.size(), rewriter.getIndexAttr(1));
  Value buffer = tensor::EmptyOp::create(rewriter, loc, whole,
                                         getElementTypeOrSelf(init.getType()));
  Value part = tensor::ExtractSliceOp::create(
      rewriter, loc, cast<RankedTensorType>(init.getType()), buffer, offsets,
      sizes, strides);
  rewriter.modifyOpInPlace(op, [&] { op.getDpsInitsMutable()[0].set(part); });
}

FailureOr<Value> PanelLoops::build(ContractOp op, int64_t tileRows) {
  using LoopType = scf::SCFTilingOptions::LoopType;
  Sizes independent, sums, rows;
  for (unsigned dim : dims.outerParallel)
    independent.push_back({dim, 1});
  independent.push_back({dims.columns, panel.columns});
  for (unsigned dim : dims.outerSums)
    sums.push_back({dim, 1});
  if (panel.sums)
    sums.push_back({dims.sum, panel.sums});
  for (unsigned dim : dims.outerRows)
    rows.push_back({dim, 1});
  if (dims.rows)
    rows.push_back({*dims.rows, tileRows});

  auto getMade = [&] {
    return columns.decoded ? getColumns(op) : SmallVector<Value, 2>();
  };
  SmallVector<Value, 3> fused(getMade());
  if (op.getInit().getDefiningOp<linalg::FillOp>())
    fused.push_back(op.getInit());
  FailureOr<Value> result = cut(op, independent, LoopType::ForallOp, fused);
  if (failed(result) ||
      (!sums.empty() && failed(cut(op, sums, LoopType::ForOp, getMade()))))
    return failure();
  AffineMap maps[] = {columns.map, columns.scaleMap};
  for (auto [value, map] : llvm::zip(getMade(), maps))
    compact(value.getDefiningOp<linalg::GenericOp>(), map);
  if (!rows.empty() && failed(cut(op, rows, LoopType::ForOp, {})))
    return failure();
  op->setAttr(kRegisterTileAttr, rewriter.getUnitAttr());
  return result;
}

FailureOr<Value> mlir::mx::buildPanelLoops(RewriterBase &rewriter,
                                           ContractOp op, const Factor &columns,
                                           const MatmulDims &dims,
                                           const Panel &panel,
                                           int64_t tileRows) {
  return PanelLoops(rewriter, columns, dims, panel).build(op, tileRows);
}
