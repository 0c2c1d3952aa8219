// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/IR/ScaleMap.h"
#include "mx/IR/ScaledSum.h"
#include "mx/Transforms/DecodeFactor.h"
#include "mx/Transforms/MatmulDims.h"
#include "mx/Transforms/OrdinaryScales.h"
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

/// The sizes of a panel: rows of the columns' factor and columns; 0 rows for
/// all.
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

static Panel getPanel(ContractOp op, const MatmulDims &dims,
                      TargetAttr target) {
  int64_t columns = target.getRegisterTile().second;
  int64_t sums = target.getPanelRows(columns);
  int64_t extent = op.getStaticLoopRanges()[dims.sum];
  if ((!ShapedType::isDynamic(extent) && extent <= sums) ||
      !cutsNoBlock(op, dims.sum, sums))
    sums = 0;
  return {sums, columns};
}

/// Lets the op that makes a panel write to a buffer of the panel's full size in
/// place of a part of the whole factor: rows lie close together, and as the
/// buffer is the same for all panels it can be made before the loops.
static void compactPanel(RewriterBase &rewriter, linalg::GenericOp op,
                         const Panel &panel) {
  OpBuilder::InsertionGuard guard(rewriter);
  rewriter.setInsertionPoint(op);
  Location loc = op.getLoc();
  Value init = op.getDpsInits().front();
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(rewriter, loc, init);
  SmallVector<OpFoldResult> whole(sizes);
  whole.back() = rewriter.getIndexAttr(panel.columns);
  if (panel.sums)
    whole[whole.size() - 2] = rewriter.getIndexAttr(panel.sums);
  SmallVector<OpFoldResult> offsets(sizes.size(), rewriter.getIndexAttr(0)),
      strides(sizes.size(), rewriter.getIndexAttr(1));
  Value buffer = tensor::EmptyOp::create(rewriter, loc, whole,
                                         getElementTypeOrSelf(init.getType()));
  Value part = tensor::ExtractSliceOp::create(
      rewriter, loc, cast<RankedTensorType>(init.getType()), buffer, offsets,
      sizes, strides);
  rewriter.modifyOpInPlace(op, [&] { op.getDpsInitsMutable()[0].set(part); });
}

/// Tiles `op`, whose factors are f32 without scales: panels of the columns'
/// factor, made by `producer` if that is an op, and register tiles in them.
static FailureOr<Value> tile(RewriterBase &rewriter, ContractOp op,
                             Operation *producer, const MatmulDims &dims,
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
        if (candidate.getOwner() != producer)
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
      compactPanel(rewriter, cast<linalg::GenericOp>(tiled), panel);
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

/// Whether the scale with `map` has one value for the whole sum of each result.
static bool isConstantOverSum(ContractOp op, AffineMap map) {
  SmallVector<int64_t> extents = op.getStaticLoopRanges();
  return llvm::none_of(parseMap(map), [&](const MapResult &result) {
    return llvm::any_of(result.terms, [&](const MapResult::Term &term) {
      int64_t extent = extents[term.dim];
      return !op.getInitMap().isFunctionOfDim(term.dim) &&
             (ShapedType::isDynamic(extent) || extent > result.block);
    });
  });
}

/// The f32 scales of each operand, which are applied to sums: multiplied into
/// elements, they would round every one of them. Failure if one varies along a
/// sum.
static FailureOr<SmallVector<ScaleGroup>> getOuterScales(ContractOp op) {
  SmallVector<ScaleGroup> groups(2);
  auto add = [&](ScaleGroup &group, ValueRange scales,
                 ArrayRef<AffineMap> maps) {
    for (auto [scale, map] : llvm::zip_equal(scales, maps)) {
      if (!getElementTypeOrSelf(scale.getType()).isF32())
        continue;
      if (!isConstantOverSum(op, map))
        return failure();
      group.scales.push_back(scale);
      group.maps.push_back(map);
    }
    return success();
  };
  if (failed(add(groups[0], op.getLhsScales(), op.getLhsScaleMaps())) ||
      failed(add(groups[1], op.getRhsScales(), op.getRhsScaleMaps())))
    return failure();
  return groups;
}

/// Whether scales can be multiplied into elements without harm if they are
/// ordinary: at most one f8E8M0FNU scale, on narrow elements. Beside it, a
/// large f32 scale could lift what underflowed.
static bool canScaleElements(ContractOp op) {
  auto count = [](ValueRange scales, bool wide) {
    return llvm::count_if(scales, [&](Value scale) {
      return getElementTypeOrSelf(scale.getType()).isF32() == wide;
    });
  };
  for (auto [factor, scales] :
       {std::pair(op.getLhs(), ValueRange(op.getLhsScales())),
        std::pair(op.getRhs(), ValueRange(op.getRhsScales()))}) {
    unsigned narrow = count(scales, false);
    Type element = getElementTypeOrSelf(factor.getType());
    if (narrow > 1 || (narrow && element.getIntOrFloatBitWidth() > 8))
      return false;
  }
  auto all = llvm::concat<Value>(op.getLhsScales(), op.getRhsScales());
  auto isType = [&](auto test) {
    return llvm::any_of(all, [&](Value scale) {
      return test(getElementTypeOrSelf(scale.getType()));
    });
  };
  return !isType([](Type type) { return isa<Float8E8M0FNUType>(type); }) ||
         !isType([](Type type) { return type.isF32(); });
}

/// The result of `op` by tiles, or failure where it is no matrix product.
static FailureOr<Value> buildTiles(RewriterBase &rewriter, ContractOp op,
                                   const MatmulDims &dims, const Panel &panel,
                                   int64_t tileRows,
                                   ArrayRef<ScaleGroup> outer) {
  Location loc = op.getLoc();
  bool scaleSums = llvm::any_of(
      outer, [](const ScaleGroup &group) { return !group.scales.empty(); });
  Value init =
      scaleSums ? createZeros(rewriter, loc, op.getInit()) : op.getInit();
  unsigned columnsLast[] = {dims.sum, dims.columns}, sumLast[] = {dims.sum};
  auto decode = [&](bool isLhs) {
    if (isLhs == dims.columnsAreLhs)
      return decodeFactor(rewriter, op, isLhs, columnsLast);
    return decodeFactor(rewriter, op, isLhs, sumLast);
  };
  Factor lhs = decode(/*isLhs=*/true), rhs = decode(/*isLhs=*/false);
  auto contract = ContractOp::create(
      rewriter, loc, op->getResultTypes(), lhs.value, ValueRange(), rhs.value,
      ValueRange(), init,
      rewriter.getAffineMapArrayAttr({lhs.map, rhs.map, op.getInitMap()}),
      IntegerAttr(), IntegerAttr());
  const Factor &columns = dims.columnsAreLhs ? lhs : rhs;
  Operation *producer =
      columns.decoded ? columns.value.getDefiningOp() : nullptr;
  FailureOr<Value> result =
      tile(rewriter, contract, producer, dims, panel, tileRows);
  if (failed(result))
    return failure();
  rewriter.eraseOp(contract);
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
    Panel panel = getPanel(op, *dims, target);
    FailureOr<SmallVector<ScaleGroup>> outer = getOuterScales(op);
    if (failed(outer) || !canScaleElements(op) ||
        !cutsNoBlock(op, dims->columns, panel.columns))
      return success();
    ++numTiled;
    rewriter.setInsertionPoint(op);
    int64_t tileRows = target.getRegisterTile().first;
    Value ordinary = buildOrdinaryScales(rewriter, op);
    if (!ordinary) {
      FailureOr<Value> result =
          buildTiles(rewriter, op, *dims, panel, tileRows, *outer);
      if (failed(result))
        return failure();
      rewriter.replaceOp(op, *result);
      return success();
    }
    auto choice = scf::IfOp::create(rewriter, op.getLoc(), op->getResultTypes(),
                                    ordinary, /*withElseRegion=*/true);
    rewriter.setInsertionPointToStart(choice.thenBlock());
    FailureOr<Value> result =
        buildTiles(rewriter, op, *dims, panel, tileRows, *outer);
    if (failed(result))
      return failure();
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
