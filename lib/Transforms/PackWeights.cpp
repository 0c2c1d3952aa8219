// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "PermuteConstant.h"
#include "SplitDim.h"
#include "mx/IR/ScaleMap.h"
#include "mx/Transforms/ConstantResources.h"
#include "mx/Transforms/MatmulDims.h"
#include "mx/Transforms/Passes.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/IR/BuiltinOps.h"

namespace mlir::mx {
#define GEN_PASS_DEF_MXPACKWEIGHTS
#include "mx/Transforms/Passes.h.inc"
} // namespace mlir::mx

using namespace mlir;
using namespace mlir::mx;

namespace {
/// Rewrites one contraction: its columns are counted by two dimensions then,
/// the old one within a panel and a new last one.
class PanelRewrite {
public:
  PanelRewrite(RewriterBase &rewriter, ContractOp op, const MatmulDims &dims,
               int64_t width)
      : rewriter(rewriter), op(op), loc(op.getLoc()), width(width),
        count(op.getInitMap().getNumDims()),
        panel(rewriter.getAffineDimExpr(count)),
        column(rewriter.getAffineDimExpr(dims.columns)),
        sum(rewriter.getAffineDimExpr(dims.sum)) {}

  /// Whether `scale`, read by `map`, has a form for panels.
  bool canPack(Value scale, AffineMap map) const;
  /// Elements or a scale, and the map of what it becomes.
  Value pack(Value value, AffineMap &map);
  AffineMap extend(AffineMap map) {
    return AffineMap::get(count + 1, 0, map.getResults(), op.getContext());
  }
  void run(Value lhs, ValueRange lhsScales, Value rhs, ValueRange rhsScales,
           ArrayRef<AffineMap> maps);

private:
  Value splitColumns(Value init);

  RewriterBase &rewriter;
  ContractOp op;
  Location loc;
  int64_t width;
  unsigned count;
  AffineExpr panel, column, sum;
};
} // namespace

/// The block of columns that a scale is for, 0 if it does not vary with them.
static int64_t getColumnBlock(AffineMap map, AffineExpr column) {
  unsigned dim = cast<AffineDimExpr>(column).getPosition();
  for (const MapResult &result : parseMap(map))
    if (!result.isUnit() && result.terms[0].dim == dim)
      return result.block;
  return 0;
}

bool PanelRewrite::canPack(Value scale, AffineMap map) const {
  int64_t block = getColumnBlock(map, column);
  return block == 1 ? canPermuteConstant(scale) : block % width == 0;
}

Value PanelRewrite::pack(Value value, AffineMap &map) {
  int64_t block = getColumnBlock(map, column);
  if (block != 1) {
    SmallVector<AffineExpr> results(map.getResults());
    for (AffineExpr &expr : results)
      if (block && expr == column.floorDiv(block))
        expr = panel.floorDiv(block / width);
    map = AffineMap::get(count + 1, 0, results, op.getContext());
    return value;
  }
  // Panels first, their columns last, and before these what is summed.
  auto type = cast<RankedTensorType>(value.getType());
  SmallVector<int64_t> oldStrides = computeSuffixProduct(type.getShape());
  SmallVector<AffineExpr> results;
  SmallVector<int64_t> shape, strides;
  auto append = [&](AffineExpr expr, int64_t extent, int64_t stride) {
    results.push_back(expr);
    shape.push_back(extent);
    strides.push_back(stride);
  };
  unsigned columnAt = *map.getResultPosition(column);
  append(panel, type.getDimSize(columnAt) / width,
         oldStrides[columnAt] * width);
  for (bool isSum : {false, true})
    for (auto [i, expr] : llvm::enumerate(map.getResults()))
      if (expr != column && (expr == sum) == isSum)
        append(expr, type.getDimSize(i), oldStrides[i]);
  append(column, width, oldStrides[columnAt]);
  map = AffineMap::get(count + 1, 0, results, op.getContext());
  return permuteConstant(rewriter, value, type.clone(shape), strides);
}

/// `init` with its last dimension split into panels. A fill fills the result,
/// so that it stays the contraction's own.
Value PanelRewrite::splitColumns(Value init) {
  if (auto fill = init.getDefiningOp<linalg::FillOp>())
    return linalg::FillOp::create(rewriter, loc, fill.value(),
                                  splitColumns(fill.output()))
        .result();
  int64_t last = cast<ShapedType>(init.getType()).getRank() - 1;
  return splitDim(rewriter, loc, init, last, width);
}

void PanelRewrite::run(Value lhs, ValueRange lhsScales, Value rhs,
                       ValueRange rhsScales, ArrayRef<AffineMap> maps) {
  Value init = splitColumns(op.getInit());
  auto type = cast<RankedTensorType>(op.getInit().getType());
  SmallVector<AffineExpr> results(op.getInitMap().getResults());
  results.insert(results.end() - 1, panel);
  SmallVector<AffineMap> allMaps(maps);
  allMaps.push_back(AffineMap::get(count + 1, 0, results, op.getContext()));
  auto packed = ContractOp::create(
      rewriter, loc, init.getType(), lhs, lhsScales, rhs, rhsScales,
      /*compensation=*/Value(), init, rewriter.getAffineMapArrayAttr(allMaps),
      op.getLhsFractionBitsAttr(), op.getRhsFractionBitsAttr(),
      op.getLhsZeroPointAttr(), op.getRhsZeroPointAttr(), op.getLhsCodesAttr(),
      op.getRhsCodesAttr(), op.getLhsOrdinaryScalesAttr(),
      op.getRhsOrdinaryScalesAttr());
  rewriter.replaceOp(op,
                     mergeLastDims(rewriter, loc, packed->getResult(0), type));
}

namespace {
struct PackWeights : mlir::mx::impl::MXPackWeightsBase<PackWeights> {
  void runOnOperation() override {
    SmallVector<ContractOp> ops;
    getOperation().walk([&](ContractOp op) {
      if (op->getNumResults())
        ops.push_back(op);
    });
    ResourceUses uses(getOperation());
    IRRewriter rewriter(&getContext());
    int64_t width = TargetAttr::get(getOperation()).getRegisterTile().second;
    for (ContractOp op : ops)
      pack(rewriter, op, width, uses);
  }

  void pack(RewriterBase &rewriter, ContractOp op, int64_t width,
            ResourceUses &uses) {
    FailureOr<MatmulDims> dims = getMatmulDims(op);
    if (failed(dims))
      return;
    int64_t columns = op.getStaticLoopRanges()[dims->columns];
    bool isLhs = dims->columnsAreLhs;
    Value elements = isLhs ? op.getLhs() : op.getRhs();
    // A second copy for another user would take memory.
    if (ShapedType::isDynamic(columns) || columns % width ||
        !elements.hasOneUse() || !canPermuteConstant(elements))
      return;
    PanelRewrite rewrite(rewriter, op, *dims, width);
    SmallVector<Value> scales(isLhs ? op.getLhsScales() : op.getRhsScales());
    SmallVector<AffineMap> maps = {isLhs ? op.getLhsMap() : op.getRhsMap()};
    llvm::append_range(maps,
                       isLhs ? op.getLhsScaleMaps() : op.getRhsScaleMaps());
    for (auto [scale, map] :
         llvm::zip_equal(scales, ArrayRef(maps).drop_front()))
      if (!rewrite.canPack(scale, map))
        return;
    ++numPacked;
    rewriter.setInsertionPoint(op);
    SmallVector<Value> old(scales);
    old.push_back(elements);
    elements = rewrite.pack(elements, maps.front());
    for (auto [scale, map] :
         llvm::zip_equal(scales, MutableArrayRef(maps).drop_front()))
      scale = rewrite.pack(scale, map);
    SmallVector<AffineMap> others = {
        rewrite.extend(isLhs ? op.getRhsMap() : op.getLhsMap())};
    for (AffineMap map : isLhs ? op.getRhsScaleMaps() : op.getLhsScaleMaps())
      others.push_back(rewrite.extend(map));
    if (isLhs) {
      maps.append(others);
      rewrite.run(elements, scales, op.getRhs(), op.getRhsScales(), maps);
    } else {
      others.append(maps);
      rewrite.run(op.getLhs(), op.getLhsScales(), elements, scales, others);
    }
    for (Value value : old)
      if (Operation *source = value.getDefiningOp();
          source && source->use_empty())
        uses.eraseWithOperands(rewriter, source);
  }
};
} // namespace
