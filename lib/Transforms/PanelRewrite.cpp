// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "PanelRewrite.h"
#include "PermuteConstant.h"
#include "SplitDim.h"
#include "mx/IR/ScaleMap.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"

using namespace mlir;
using namespace mlir::mx;

PanelRewrite::PanelRewrite(RewriterBase &rewriter, ContractOp op,
                           const MatmulDims &dims, int64_t width, Layout layout)
    : rewriter(rewriter), op(op), loc(op.getLoc()), dims(dims), width(width),
      layout(layout), count(op.getInitMap().getNumDims()),
      panel(rewriter.getAffineDimExpr(count)),
      column(rewriter.getAffineDimExpr(dims.columns)),
      sum(rewriter.getAffineDimExpr(dims.sum)) {}

bool PanelRewrite::isPossible() {
  int64_t columns = op.getStaticLoopRanges()[dims.columns];
  bool isLhs = dims.columnsAreLhs;
  Value elements = isLhs ? op.getLhs() : op.getRhs();
  if (ShapedType::isDynamic(columns) || columns % width ||
      (layout == Layout::Constant && !canPermuteConstant(elements)))
    return false;
  return llvm::all_of(
      llvm::zip_equal(isLhs ? op.getLhsScales() : op.getRhsScales(),
                      isLhs ? op.getLhsScaleMaps() : op.getRhsScaleMaps()),
      [&](auto scale) {
        return canPack(std::get<0>(scale), std::get<1>(scale));
      });
}

bool PanelRewrite::canPack(Value scale, AffineMap map) {
  int64_t block = getBlockAlong(map, dims.columns);
  if (block == 1)
    return layout == Layout::View || canPermuteConstant(scale);
  return block % width == 0;
}

Value PanelRewrite::pack(Value value, AffineMap &map) {
  int64_t block = getBlockAlong(map, dims.columns);
  SmallVector<AffineExpr> results;
  auto finish = [&](Value packed) {
    map = AffineMap::get(count + 1, 0, results, op.getContext());
    return packed;
  };
  if (block != 1) {
    for (AffineExpr expr : map.getResults())
      results.push_back(block && expr == column.floorDiv(block)
                            ? panel.floorDiv(block / width)
                            : expr);
    return finish(value);
  }
  unsigned columnAt = *map.getResultPosition(column);
  if (layout == Layout::View) {
    llvm::append_range(results, map.getResults());
    results.insert(results.begin() + columnAt, panel);
    return finish(splitDim(rewriter, loc, value, columnAt, width));
  }
  // Panels first, their columns last, and before these what is summed.
  auto type = cast<RankedTensorType>(value.getType());
  SmallVector<int64_t> oldStrides = computeSuffixProduct(type.getShape());
  SmallVector<int64_t> shape, strides;
  auto append = [&](AffineExpr expr, int64_t extent, int64_t stride) {
    results.push_back(expr);
    shape.push_back(extent);
    strides.push_back(stride);
  };
  append(panel, type.getDimSize(columnAt) / width,
         oldStrides[columnAt] * width);
  for (bool isSum : {false, true})
    for (auto [i, expr] : llvm::enumerate(map.getResults()))
      if (expr != column && (expr == sum) == isSum)
        append(expr, type.getDimSize(i), oldStrides[i]);
  append(column, width, oldStrides[columnAt]);
  return finish(permuteConstant(rewriter, value, type.clone(shape), strides));
}

Value PanelRewrite::splitColumns(Value init) {
  if (auto fill = init.getDefiningOp<linalg::FillOp>())
    return linalg::FillOp::create(rewriter, loc, fill.value(),
                                  splitColumns(fill.output()))
        .result();
  int64_t last = cast<ShapedType>(init.getType()).getRank() - 1;
  return splitDim(rewriter, loc, init, last, width);
}

ContractOp PanelRewrite::run() {
  rewriter.setInsertionPoint(op);
  SmallVector<AffineMap> maps;
  auto convert = [&](bool isLhs, Value elements, AffineMap map,
                     ValueRange scales, ArrayRef<AffineMap> scaleMaps) {
    SmallVector<Value> values = {elements};
    llvm::append_range(values, scales);
    SmallVector<AffineMap> found = {map};
    llvm::append_range(found, scaleMaps);
    for (auto [value, map] : llvm::zip_equal(values, found)) {
      if (isLhs == dims.columnsAreLhs)
        value = pack(value, map);
      else
        map = AffineMap::get(count + 1, 0, map.getResults(), op.getContext());
      maps.push_back(map);
    }
    return values;
  };
  SmallVector<Value> lhs = convert(/*isLhs=*/true, op.getLhs(), op.getLhsMap(),
                                   op.getLhsScales(), op.getLhsScaleMaps());
  SmallVector<Value> rhs = convert(/*isLhs=*/false, op.getRhs(), op.getRhsMap(),
                                   op.getRhsScales(), op.getRhsScaleMaps());
  Value init = splitColumns(op.getInit());
  SmallVector<AffineExpr> results(op.getInitMap().getResults());
  results.insert(results.end() - 1, panel);
  maps.push_back(AffineMap::get(count + 1, 0, results, op.getContext()));
  auto packed = ContractOp::create(
      rewriter, loc, init.getType(), lhs.front(), ValueRange(lhs).drop_front(),
      rhs.front(), ValueRange(rhs).drop_front(),
      /*compensation=*/Value(), init, rewriter.getAffineMapArrayAttr(maps),
      op.getLhsFractionBitsAttr(), op.getRhsFractionBitsAttr(),
      op.getLhsZeroPointAttr(), op.getRhsZeroPointAttr(), op.getLhsCodesAttr(),
      op.getRhsCodesAttr(), op.getLhsOrdinaryScalesAttr(),
      op.getRhsOrdinaryScalesAttr());
  auto type = cast<RankedTensorType>(op.getInit().getType());
  rewriter.replaceOp(op,
                     mergeLastDims(rewriter, loc, packed->getResult(0), type));
  return packed;
}
