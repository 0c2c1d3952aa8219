// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "InnerProduct.h"
#include "PanelChoice.h"
#include "PanelRewrite.h"
#include "RowBlocks.h"
#include "TileAndFuse.h"
#include "mx/IR/ScaledSum.h"
#include "mx/Transforms/FoldedScales.h"
#include "mx/Transforms/IntegerFactor.h"
#include "mx/Transforms/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
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

/// The rows, or ShapedType::kDynamic.
static int64_t getRows(ContractOp op, const MatmulDims &dims) {
  return dims.rows ? op.getStaticLoopRanges()[*dims.rows] : 1;
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
  auto getCodes = [](const Factor &factor) {
    return factor.codes ? TypeAttr::get(factor.codes) : TypeAttr();
  };
  auto getScales = [](const Factor &factor) {
    return factor.scale ? ValueRange(factor.scale) : ValueRange();
  };
  return ContractOp::create(
      b, op.getLoc(), op->getResultTypes(), lhs.value, getScales(lhs),
      rhs.value, getScales(rhs), compensated.compensation, init,
      b.getAffineMapArrayAttr(maps), getBits(lhs), getBits(rhs),
      getZeroPoint(lhs), getZeroPoint(rhs), getCodes(lhs), getCodes(rhs),
      UnitAttr(), UnitAttr());
}

/// Whether the distance from a row of the rows' factor to the next is a number.
static bool hasKnownRowDistance(ContractOp op, const MatmulDims &dims) {
  if (!dims.rows)
    return true;
  Value factor = dims.columnsAreLhs ? op.getRhs() : op.getLhs();
  AffineMap map = dims.columnsAreLhs ? op.getRhsMap() : op.getLhsMap();
  unsigned position =
      *map.getResultPosition(getAffineDimExpr(*dims.rows, op.getContext()));
  return !ShapedType::isDynamicShape(
      cast<ShapedType>(factor.getType()).getShape().drop_front(position + 1));
}

/// Replaces `op` by tiles; `block` is that of integers, or a failure. There are
/// at most `rows` rows, or any number of them.
static LogicalResult buildTiles(RewriterBase &rewriter, ContractOp op,
                                const MatmulDims &dims, int64_t rows,
                                FailureOr<int64_t> block, TargetAttr target) {
  Location loc = op.getLoc();
  rewriter.setInsertionPoint(op);
  using Beside = TargetAttr::Beside;
  bool isInteger = succeeded(block);
  unsigned columnsLast[] = {dims.sum, dims.columns}, sumLast[] = {dims.sum};
  FailureOr<Factor> codes = failure();
  bool inOrder = takesCodesInOrder(op, dims);
  bool isFew = !isInteger && !ShapedType::isDynamic(rows) &&
               rows <= getFewRows(op, dims, target);
  if (isFew)
    codes =
        takeCodes(rewriter, op, dims.columnsAreLhs,
                  inOrder ? ArrayRef(sumLast) : ArrayRef(columnsLast), target);
  inOrder = inOrder && succeeded(codes);
  DotAttr dot;
  if (!isInteger && failed(codes) && fitsBF16(op, dims))
    dot = target.getFloatDot();
  int64_t sumStep = isInteger ? *block : dot ? dot.getLength() : 1;
  std::optional<IntegerGroup> group;
  if (isInteger)
    group = IntegerGroup::get(op, dims, target, *block, rows);
  Panel panel = getPanel(op, dims, target, sumStep, group, rows);
  int64_t tileRows = target.getTileRows(
      hasKnownRowDistance(op, dims) ? Beside::Factors : Beside::Addresses);
  if (group)
    tileRows = std::min(tileRows, group->getTileRows(target));
  if (inOrder) {
    panel = getOrderedPanel(op, dims, target);
    tileRows = getInnerProductRows(target);
  }
  // Rows that pass by several panels at a time are read seldom.
  int64_t bits = group ? group->bits
                 : dot ? dot.getLhs().getIntOrFloatBitWidth()
                       : 32;
  int64_t rowBlock =
      isFew || panel.group > 1 ? 0 : getRowBlock(op, dims, bits / 8, tileRows);
  FailureOr<RowBlocks> blocks = failure();
  if (rowBlock) {
    blocks = RowBlocks::cut(rewriter, op, dims, rowBlock);
    if (failed(blocks))
      return failure();
  }
  SmallVector<ScaleGroup> outer = *getSumScales(op);
  bool scaleSums = llvm::any_of(
      outer, [](const ScaleGroup &group) { return !group.scales.empty(); });
  Value init =
      scaleSums ? createZeros(rewriter, loc, op.getInit()) : op.getInit();
  auto decode = [&](bool isLhs) -> Factor {
    bool isColumns = isLhs == dims.columnsAreLhs;
    if (group)
      return decodeIntegers(rewriter, op, isLhs, dims, *block, *group);
    if (isColumns && succeeded(codes))
      return *codes;
    if (dot)
      return decodeGroups(rewriter, op, isLhs, dims, dot, target);
    return decodeFactor(rewriter, op, isLhs,
                        isColumns ? ArrayRef(columnsLast) : ArrayRef(sumLast),
                        target);
  };
  Factor lhs = decode(/*isLhs=*/true), rhs = decode(/*isLhs=*/false);
  const Factor &columns = dims.columnsAreLhs ? lhs : rhs;
  panel.isCopied =
      !isFew && !columns.decoded && hasDistantRows(op, dims, target);
  ContractOp decoded = contract(rewriter, op, lhs, rhs, init);
  if (group && group->hasShortSums)
    decoded->setAttr(kShortSumsAttr, rewriter.getUnitAttr());
  FailureOr<Value> result =
      buildPanelLoops(rewriter, decoded, columns, dims, panel, tileRows);
  if (failed(result))
    return failure();
  if (scaleSums) {
    rewriter.setInsertionPointAfterValue(*result);
    result = addScaledSum(rewriter, loc, *result, op.getInit(), op.getInitMap(),
                          outer);
  }
  rewriter.replaceOp(op, *result);
  if (succeeded(blocks))
    blocks->growBuffers(rewriter);
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
      if (failed(tile(rewriter, op, target)))
        return signalPassFailure();
  }

  /// Replaces `op` by tiles where its scales are ordinary, which the program
  /// finds out, and leaves it as it is for all others.
  LogicalResult tile(RewriterBase &rewriter, ContractOp op, TargetAttr target) {
    FailureOr<MatmulDims> dims = getMatmulDims(op);
    if (failed(dims) || !isa<RankedTensorType>(op.getInit().getType()) ||
        !getElementTypeOrSelf(op.getInit().getType()).isF32() ||
        llvm::is_contained(op.getStaticLoopRanges(), 0) ||
        op.getLhsZeroPoint() || op.getRhsZeroPoint() || op.getLhsCodes() ||
        op.getRhsCodes())
      return success();
    FailureOr<int64_t> block = getIntegerBlock(op, *dims);
    int64_t columns = target.getRegisterTile().second;
    if (failed(getSumScales(op)) || !cutsNoBlock(op, dims->columns, columns))
      return success();
    ++numTiled;
    if (PanelRewrite rewrite(rewriter, op, *dims, columns,
                             PanelRewrite::Layout::View);
        succeeded(block) && rewrite.isPossible() &&
        readsSeveralPanels(
            op, *dims, target,
            IntegerGroup::get(op, *dims, target, *block, getRows(op, *dims)))) {
      op = rewrite.run();
      dims = getMatmulDims(op);
    }
    rewriter.setInsertionPoint(op);
    if (Value ordinary = buildOrdinaryScales(
            rewriter, op, failed(block) && fitsBF16(op, *dims))) {
      auto [tiled, other] = choose(rewriter, op, ordinary);
      if (failed(cutOther(rewriter, other, *dims)))
        return failure();
      op = tiled;
    }
    int64_t rows = getRows(op, *dims);
    int64_t fewRows = failed(block)
                          ? getFewRows(op, *dims, target)
                          : getFewIntegerRows(op, *dims, target, *block);
    if (ShapedType::isDynamic(rows) && fewRows) {
      rewriter.setInsertionPoint(op);
      auto [few, many] =
          choose(rewriter, op, buildIsAtMost(rewriter, op, *dims, fewRows));
      if (failed(buildTiles(rewriter, few, *dims, fewRows, block, target)))
        return failure();
      op = many;
    }
    return buildTiles(rewriter, op, *dims, rows, block, target);
  }

  /// Cuts `op`, which mx-decompose takes, into parts that threads share and of
  /// which the decoded factors are small.
  static LogicalResult cutOther(RewriterBase &rewriter, ContractOp op,
                                const MatmulDims &dims) {
    constexpr int64_t kSize = 64;
    SmallVector<OpFoldResult> sizes(op.getInitMap().getNumDims(),
                                    rewriter.getIndexAttr(0));
    for (unsigned dim : dims.outerParallel)
      sizes[dim] = rewriter.getIndexAttr(1);
    for (std::optional<unsigned> dim : {dims.rows, std::optional(dims.columns)})
      if (dim && cutsNoBlock(op, *dim, kSize))
        sizes[*dim] = rewriter.getIndexAttr(kSize);
    scf::SCFTilingOptions options;
    options.setTileSizes(sizes).setLoopType(
        scf::SCFTilingOptions::LoopType::ForallOp);
    return success(succeeded(tileContract(rewriter, op, options)));
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
