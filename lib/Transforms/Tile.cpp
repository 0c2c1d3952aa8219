// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "PanelLoops.h"
#include "mx/IR/ScaleMap.h"
#include "mx/IR/ScaledSum.h"
#include "mx/Transforms/FoldedScales.h"
#include "mx/Transforms/IntegerFactor.h"
#include "mx/Transforms/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/TypeUtilities.h"

namespace mlir::mx {
#define GEN_PASS_DEF_MXTILE
#include "mx/Transforms/Passes.h.inc"
} // namespace mlir::mx

using namespace mlir;
using namespace mlir::mx;

/// Whether tiles of `size` hold whole blocks or lie in one, for every scale.
static bool cutsNoBlock(ContractOp op, unsigned dim, int64_t size) {
  for (AffineMap map : op.getIndexingMapsArray())
    for (const MapResult &result : parseMap(map))
      if (result.isBlocked() && result.terms[0].dim == dim &&
          size % result.block && result.block % size)
        return false;
  return true;
}

/// How many panels of `columns` one pass over the rows reads, and along which
/// dimension. The rows come from beyond the second cache if they do not fit it:
/// then as many panels as fit half of it, but at least 8 passes for threads.
static std::pair<unsigned, int64_t> getGroup(ContractOp op,
                                             const MatmulDims &dims,
                                             TargetAttr target, int64_t columns,
                                             int64_t elementBytes) {
  SmallVector<int64_t> extents = op.getStaticLoopRanges();
  AffineMap rowsMap = dims.columnsAreLhs ? op.getRhsMap() : op.getLhsMap();
  unsigned dim = dims.columns;
  int64_t size = columns;
  for (unsigned outer : dims.outerParallel)
    if (!rowsMap.isFunctionOfDim(outer)) {
      dim = outer; // The panels of packed weights.
      size = 1;
    }
  int64_t sums = extents[dims.sum];
  int64_t rows = dims.rows ? extents[*dims.rows] : 1;
  if (!dims.outerRows.empty() || !dims.outerSums.empty() ||
      ShapedType::isDynamic(sums) || ShapedType::isDynamic(extents[dim]))
    return {dim, 1};
  int64_t half = target.getCaches().back() / 2;
  if (!ShapedType::isDynamic(rows) && rows * sums * elementBytes <= half)
    return {dim, 1};
  int64_t group = 1;
  while (extents[dim] % (2 * group * size) == 0 &&
         extents[dim] / (2 * group * size) >= 8 &&
         2 * group * columns * sums * elementBytes <= half)
    group *= 2;
  return {dim, group};
}

/// The rows, or ShapedType::kDynamic.
static int64_t getRows(ContractOp op, const MatmulDims &dims) {
  return dims.rows ? op.getStaticLoopRanges()[*dims.rows] : 1;
}

/// The sum counts blocks of `block`: that of integers, the length of a dot
/// product of floats, or 1. There are at most `rows` rows, or any number.
static Panel getPanel(ContractOp op, const MatmulDims &dims, TargetAttr target,
                      int64_t block, bool isInteger, int64_t rows) {
  auto [tileRows, columns] = target.getRegisterTile();
  // A panel that few tiles use costs less where it is made in the first cache;
  // many tiles read long rows of the other factor faster.
  bool isFew = !ShapedType::isDynamic(rows) && rows <= 2 * tileRows;
  int64_t sums = target.getPanelRows(columns, /*level=*/isFew ? 0 : 1);
  int64_t extent = op.getStaticLoopRanges()[dims.sum];
  if ((!ShapedType::isDynamic(extent) && extent <= sums) ||
      !cutsNoBlock(op, dims.sum, sums) || sums % block)
    sums = 0;
  // Floats are multiplied too slowly to wait for the rows.
  if (!isInteger)
    return {sums / block, columns, dims.columns, /*group=*/1};
  auto [dim, group] = getGroup(op, dims, target, columns,
                               IntegerGroup::get(target, block).bits / 8);
  return {sums / block, columns, dim, group};
}

/// Whether register tiles can decode the columns' factor themselves: it has
/// codes, of which one tile alone uses each if it has all rows, and the scales
/// of a tile's columns are all different or one, and blocks hold whole pairs of
/// the sum.
static bool canDecodeInTile(ContractOp op, const MatmulDims &dims,
                            int64_t tileColumns) {
  bool isLhs = dims.columnsAreLhs;
  Type element =
      getElementTypeOrSelf((isLhs ? op.getLhs() : op.getRhs()).getType());
  if (element.getIntOrFloatBitWidth() > 8 || !dims.outerRows.empty() ||
      !dims.outerSums.empty())
    return false;
  return llvm::all_of(isLhs ? op.getLhsScaleMaps() : op.getRhsScaleMaps(),
                      [&](AffineMap map) {
                        int64_t block = getBlockAlong(map, dims.columns);
                        return (block <= 1 || block % tileColumns == 0) &&
                               holdsPairs(map, dims);
                      });
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
  const Factor &compensated = lhs.compensation ? lhs : rhs;
  if (compensated.compensation)
    maps.push_back(compensated.compensationMap);
  maps.push_back(AffineMap::get(lhs.map.getNumDims(), 0,
                                op.getInitMap().getResults(), b.getContext()));
  auto getBits = [&](const Factor &factor) {
    return factor.fractionBits ? b.getI64IntegerAttr(*factor.fractionBits)
                               : IntegerAttr();
  };
  auto getZeroPoint = [&](const Factor &factor) {
    return factor.zeroPoint ? b.getI64IntegerAttr(*factor.zeroPoint)
                            : IntegerAttr();
  };
  auto getScales = [](const Factor &factor) {
    return factor.scale ? ValueRange(factor.scale) : ValueRange();
  };
  return ContractOp::create(b, op.getLoc(), op->getResultTypes(), lhs.value,
                            getScales(lhs), rhs.value, getScales(rhs),
                            compensated.compensation, init,
                            b.getAffineMapArrayAttr(maps), getBits(lhs),
                            getBits(rhs), getZeroPoint(lhs), getZeroPoint(rhs));
}

/// Replaces `op` by tiles; `block` is that of integers, or a failure. There are
/// at most `rows` rows, or any number of them.
static LogicalResult buildTiles(RewriterBase &rewriter, ContractOp op,
                                const MatmulDims &dims, int64_t rows,
                                FailureOr<int64_t> block, TargetAttr target,
                                ArrayRef<ScaleGroup> outer) {
  Location loc = op.getLoc();
  rewriter.setInsertionPoint(op);
  using Beside = TargetAttr::Beside;
  bool isInteger = succeeded(block);
  unsigned columnsLast[] = {dims.sum, dims.columns}, sumLast[] = {dims.sum};
  FailureOr<Factor> codes = failure();
  if (!isInteger && !ShapedType::isDynamic(rows) &&
      rows <= target.getTileRows(Beside::Decoding) &&
      canDecodeInTile(op, dims, target.getRegisterTile().second))
    codes = takeCodes(rewriter, op, dims.columnsAreLhs, columnsLast);
  DotAttr dot;
  if (!isInteger && failed(codes) && fitsBF16(op, dims))
    dot = target.getFloatDot();
  Panel panel = getPanel(op, dims, target,
                         isInteger ? *block
                         : dot     ? dot.getLength()
                                   : 1,
                         isInteger, rows);
  IntegerGroup group = IntegerGroup::get(target, isInteger ? *block : 1);
  int64_t tileRows = target.getTileRows(
      isInteger && group.usesDot() ? Beside::Totals : Beside::Factors);
  bool scaleSums = llvm::any_of(
      outer, [](const ScaleGroup &group) { return !group.scales.empty(); });
  Value init =
      scaleSums ? createZeros(rewriter, loc, op.getInit()) : op.getInit();
  auto decode = [&](bool isLhs) -> Factor {
    bool isColumns = isLhs == dims.columnsAreLhs;
    if (isInteger)
      return decodeIntegers(rewriter, op, isLhs, dims, *block, group);
    if (isColumns && succeeded(codes))
      return *codes;
    if (dot)
      return decodeGroups(rewriter, op, isLhs, dims, dot);
    return decodeFactor(rewriter, op, isLhs,
                        isColumns ? ArrayRef(columnsLast) : ArrayRef(sumLast));
  };
  Factor lhs = decode(/*isLhs=*/true), rhs = decode(/*isLhs=*/false);
  ContractOp decoded = contract(rewriter, op, lhs, rhs, init);
  FailureOr<Value> result = buildPanelLoops(
      rewriter, decoded, dims.columnsAreLhs ? lhs : rhs, dims, panel, tileRows);
  if (failed(result))
    return failure();
  if (scaleSums) {
    rewriter.setInsertionPointAfterValue(*result);
    result = addScaledSum(rewriter, loc, *result, op.getInit(), op.getInitMap(),
                          outer);
  }
  rewriter.replaceOp(op, *result);
  return success();
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
        llvm::is_contained(op.getStaticLoopRanges(), 0) ||
        op.getLhsZeroPoint() || op.getRhsZeroPoint())
      return success();
    FailureOr<int64_t> block = getIntegerBlock(op, *dims);
    int64_t columns = target.getRegisterTile().second;
    int64_t fewRows = target.getTileRows(TargetAttr::Beside::Decoding);
    FailureOr<SmallVector<ScaleGroup>> outer = getSumScales(op);
    if (failed(outer) || !cutsNoBlock(op, dims->columns, columns))
      return success();
    ++numTiled;
    rewriter.setInsertionPoint(op);
    if (Value ordinary = buildOrdinaryScales(
            rewriter, op, failed(block) && fitsBF16(op, *dims)))
      op = choose(rewriter, op, ordinary).first;
    int64_t rows = getRows(op, *dims);
    if (ShapedType::isDynamic(rows) && failed(block) &&
        canDecodeInTile(op, *dims, columns)) {
      rewriter.setInsertionPoint(op);
      auto [few, many] =
          choose(rewriter, op, buildIsAtMost(rewriter, op, *dims, fewRows));
      if (failed(
              buildTiles(rewriter, few, *dims, fewRows, block, target, *outer)))
        return failure();
      op = many;
    }
    return buildTiles(rewriter, op, *dims, rows, block, target, *outer);
  }

  /// Whether `op` has at most `count` rows.
  static Value buildIsAtMost(OpBuilder &b, ContractOp op,
                             const MatmulDims &dims, int64_t count) {
    Location loc = op.getLoc();
    AffineExpr row = b.getAffineDimExpr(*dims.rows);
    Value rows = tensor::DimOp::create(b, loc, op.getInit(),
                                       *op.getInitMap().getResultPosition(row));
    return arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ule, rows,
                                 arith::ConstantIndexOp::create(b, loc, count));
  }

  /// Replaces `op` by one copy where `condition` holds and another elsewhere.
  static std::pair<ContractOp, ContractOp>
  choose(RewriterBase &rewriter, ContractOp op, Value condition) {
    auto choice = scf::IfOp::create(rewriter, op.getLoc(), op->getResultTypes(),
                                    condition, /*withElseRegion=*/true);
    rewriter.replaceAllUsesWith(op->getResults(), choice.getResults());
    auto copy = [&](Block *block) {
      rewriter.setInsertionPointToStart(block);
      ContractOp copied = cloneWithFill(rewriter, op);
      scf::YieldOp::create(rewriter, op.getLoc(), copied->getResults());
      return copied;
    };
    ContractOp then = copy(choice.thenBlock());
    ContractOp otherwise = copy(choice.elseBlock());
    rewriter.eraseOp(op);
    return {then, otherwise};
  }

  /// A copy of `op` that starts from a fill of its own if `op` does.
  static ContractOp cloneWithFill(RewriterBase &rewriter, ContractOp op) {
    IRMapping mapping;
    if (auto fill = op.getInit().getDefiningOp<linalg::FillOp>())
      mapping.map(op.getInit(), rewriter.clone(*fill)->getResult(0));
    return cast<ContractOp>(rewriter.clone(*op, mapping));
  }
};
} // namespace
