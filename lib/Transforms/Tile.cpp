// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "TileQuantize.h"
#include "mx/IR/ScaleMap.h"
#include "mx/IR/ScaledSum.h"
#include "mx/Transforms/DecodeFactor.h"
#include "mx/Transforms/FoldedScales.h"
#include "mx/Transforms/IntegerFactor.h"
#include "mx/Transforms/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/SCF/Transforms/TileUsingInterface.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/TypeUtilities.h"

namespace mlir::mx {
#define GEN_PASS_DEF_MXTILE
#include "mx/Transforms/Passes.h.inc"
} // namespace mlir::mx

using namespace mlir;
using namespace mlir::mx;

/// The sizes of a panel: its extent along the sum (in blocks, of a contraction
/// of integers), 0 for all, and its columns.
struct Panel {
  int64_t sums;
  int64_t columns;
};

/// Whether tiles of `size` hold whole blocks or lie in one, for every scale.
static bool cutsNoBlock(ContractOp op, unsigned dim, int64_t size) {
  for (AffineMap map : op.getIndexingMapsArray())
    for (const MapResult &result : parseMap(map))
      if (result.isBlocked() && result.terms[0].dim == dim &&
          size % result.block && result.block % size)
        return false;
  return true;
}

/// `block` is that of integers, or 1.
static Panel getPanel(ContractOp op, const MatmulDims &dims, TargetAttr target,
                      int64_t block) {
  int64_t columns = target.getRegisterTile().second;
  int64_t sums = target.getPanelRows(columns);
  int64_t extent = op.getStaticLoopRanges()[dims.sum];
  if ((!ShapedType::isDynamic(extent) && extent <= sums) ||
      !cutsNoBlock(op, dims.sum, sums) || sums % block)
    sums = 0;
  return {sums / block, columns};
}

/// Lets the op that makes a panel write to a buffer of the panel's full size in
/// place of a part of the whole factor: rows lie close together, and as the
/// buffer is the same for all panels it can be made before the loops.
static void compactPanel(RewriterBase &rewriter, linalg::GenericOp op,
                         const MatmulDims &dims, const Panel &panel,
                         AffineMap map) {
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

/// Tiles `op`: panels of the columns' factor, made where they are used if it
/// was decoded, and register tiles in them.
static FailureOr<Value> tile(RewriterBase &rewriter, ContractOp op,
                             const Factor &columns, const MatmulDims &dims,
                             const Panel &panel, int64_t tileRows) {
  unsigned count = op.getInitMap().getNumDims();
  OpFoldResult zero = rewriter.getIndexAttr(0), one = rewriter.getIndexAttr(1);
  SmallVector<OpFoldResult> panelSizes(count, zero), tileSizes(count, zero);
  SmallVector<int64_t> order;
  auto cut = [&](unsigned dim, OpFoldResult size) {
    panelSizes[dim] = size;
    order.push_back(dim);
  };
  for (unsigned dim :
       llvm::concat<const unsigned>(dims.outerParallel, dims.outerSums))
    cut(dim, one);
  if (panel.sums)
    cut(dims.sum, rewriter.getIndexAttr(panel.sums));
  cut(dims.columns, rewriter.getIndexAttr(panel.columns));
  for (unsigned dim = 0; dim < count; ++dim)
    if (!llvm::is_contained(order, dim))
      order.push_back(dim);
  for (unsigned dim : dims.outerRows)
    tileSizes[dim] = one;
  if (dims.rows)
    tileSizes[*dims.rows] = rewriter.getIndexAttr(tileRows);

  scf::SCFTileAndFuseOptions options;
  options.tilingOptions.setTileSizes(panelSizes).setInterchange(order);
  options.setFusionControlFn(
      [&](tensor::ExtractSliceOp, OpResult candidate,
          bool) -> std::optional<scf::SCFTileAndFuseOptions::ControlFnResult> {
        if (!columns.decoded ||
            (candidate != columns.value && candidate != columns.scale))
          return std::nullopt;
        return scf::SCFTileAndFuseOptions::ControlFnResult{};
      });
  auto panels = scf::tileConsumerAndFuseProducersUsingSCF(
      rewriter, cast<TilingInterface>(op.getOperation()), options);
  if (failed(panels))
    return failure();
  Value result = panels->replacements.lookup(op->getResult(0));
  for (Operation *tiled : panels->tiledAndFusedOps) {
    auto contract = dyn_cast<ContractOp>(tiled);
    if (!contract) {
      bool isScale = getElementTypeOrSelf(tiled->getResult(0).getType()) !=
                     getElementTypeOrSelf(columns.value.getType());
      compactPanel(rewriter, cast<linalg::GenericOp>(tiled), dims, panel,
                   isScale ? columns.scaleMap : columns.map);
      continue;
    }
    scf::SCFTilingOptions inner;
    inner.setTileSizes(tileSizes);
    rewriter.setInsertionPoint(contract);
    auto tiles = scf::tileUsingSCF(
        rewriter, cast<TilingInterface>(contract.getOperation()), inner);
    if (failed(tiles))
      return failure();
    for (Operation *registerTile : tiles->tiledOps)
      registerTile->setAttr(kRegisterTileAttr, rewriter.getUnitAttr());
    rewriter.replaceOp(contract, tiles->replacements);
  }
  return result;
}

/// The contraction of two decoded factors.
static ContractOp contract(OpBuilder &b, ContractOp op, const Factor &lhs,
                           const Factor &rhs, Value init) {
  SmallVector<AffineMap> maps;
  for (const Factor &factor : {lhs, rhs}) {
    maps.push_back(factor.map);
    if (factor.scale)
      maps.push_back(factor.scaleMap);
  }
  maps.push_back(AffineMap::get(lhs.map.getNumDims(), 0,
                                op.getInitMap().getResults(), b.getContext()));
  auto getScales = [](const Factor &factor) {
    return factor.scale ? ValueRange(factor.scale) : ValueRange();
  };
  return ContractOp::create(b, op.getLoc(), op->getResultTypes(), lhs.value,
                            getScales(lhs), rhs.value, getScales(rhs), init,
                            b.getAffineMapArrayAttr(maps), IntegerAttr(),
                            IntegerAttr());
}

/// The result of `op` by tiles; `block` is that of integers, or a failure.
static FailureOr<Value> buildTiles(RewriterBase &rewriter, ContractOp op,
                                   const MatmulDims &dims, const Panel &panel,
                                   FailureOr<int64_t> block, int64_t tileRows,
                                   ArrayRef<ScaleGroup> outer) {
  Location loc = op.getLoc();
  bool scaleSums = llvm::any_of(
      outer, [](const ScaleGroup &group) { return !group.scales.empty(); });
  Value init =
      scaleSums ? createZeros(rewriter, loc, op.getInit()) : op.getInit();
  unsigned columnsLast[] = {dims.sum, dims.columns}, sumLast[] = {dims.sum};
  auto decode = [&](bool isLhs) {
    if (succeeded(block))
      return decodeIntegers(rewriter, op, isLhs, dims, *block);
    if (isLhs == dims.columnsAreLhs)
      return decodeFactor(rewriter, op, isLhs, columnsLast);
    return decodeFactor(rewriter, op, isLhs, sumLast);
  };
  Factor lhs = decode(/*isLhs=*/true), rhs = decode(/*isLhs=*/false);
  ContractOp decoded = contract(rewriter, op, lhs, rhs, init);
  FailureOr<Value> result = tile(
      rewriter, decoded, dims.columnsAreLhs ? lhs : rhs, dims, panel, tileRows);
  if (failed(result))
    return failure();
  rewriter.eraseOp(decoded);
  if (!scaleSums)
    return result;
  rewriter.setInsertionPointAfterValue(*result);
  return addScaledSum(rewriter, loc, *result, op.getInit(), op.getInitMap(),
                      outer);
}

namespace {
struct Tile : mlir::mx::impl::MXTileBase<Tile> {
  void runOnOperation() override {
    SmallVector<ContractOp> ops;
    getOperation()->walk([&](ContractOp op) { ops.push_back(op); });
    IRRewriter rewriter(&getContext());
    TargetAttr target = TargetAttr::get(getOperation());
    for (ContractOp op : ops)
      if (failed(tileContract(rewriter, op, target)))
        return signalPassFailure();
    SmallVector<QuantizeOp> quantizeOps;
    getOperation()->walk([&](QuantizeOp op) { quantizeOps.push_back(op); });
    for (QuantizeOp op : quantizeOps)
      if (failed(tileQuantize(rewriter, op, target)))
        return signalPassFailure();
  }

  /// Replaces `op` by tiles where its scales are ordinary, which the program
  /// finds out, and leaves it as it is for all others.
  LogicalResult tileContract(RewriterBase &rewriter, ContractOp op,
                             TargetAttr target) {
    FailureOr<MatmulDims> dims = getMatmulDims(op);
    if (failed(dims) || !isa<RankedTensorType>(op.getInit().getType()) ||
        !getElementTypeOrSelf(op.getInit().getType()).isF32() ||
        llvm::is_contained(op.getStaticLoopRanges(), 0))
      return success();
    FailureOr<int64_t> block = getIntegerBlock(op, *dims);
    Panel panel = getPanel(op, *dims, target, succeeded(block) ? *block : 1);
    FailureOr<SmallVector<ScaleGroup>> outer = getSumScales(op);
    if (failed(outer) || !cutsNoBlock(op, dims->columns, panel.columns))
      return success();
    ++numTiled;
    rewriter.setInsertionPoint(op);
    scf::IfOp choice;
    if (Value ordinary = buildOrdinaryScales(rewriter, op)) {
      choice = scf::IfOp::create(rewriter, op.getLoc(), op->getResultTypes(),
                                 ordinary, /*withElseRegion=*/true);
      rewriter.setInsertionPointToStart(choice.thenBlock());
    }
    FailureOr<Value> result =
        buildTiles(rewriter, op, *dims, panel, block,
                   target.getRegisterTile().first, *outer);
    if (failed(result))
      return failure();
    if (!choice) {
      rewriter.replaceOp(op, *result);
      return success();
    }
    rewriter.setInsertionPointToEnd(choice.thenBlock());
    scf::YieldOp::create(rewriter, op.getLoc(), *result);
    rewriter.setInsertionPointToStart(choice.elseBlock());
    Operation *exact = rewriter.clone(*op);
    scf::YieldOp::create(rewriter, op.getLoc(), exact->getResults());
    rewriter.replaceOp(op, choice);
    return success();
  }
};
} // namespace
