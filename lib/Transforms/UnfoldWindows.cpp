// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "BuildGeneric.h"
#include "UnitWindows.h"
#include "WindowBlocks.h"
#include "mx/IR/ScaleMap.h"
#include "mx/Transforms/Contraction.h"
#include "mx/Transforms/MatmulDims.h"
#include "mx/Transforms/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/IR/TypeUtilities.h"

namespace mlir::mx {
#define GEN_PASS_DEF_MXUNFOLDWINDOWS
#include "mx/Transforms/Passes.h.inc"
} // namespace mlir::mx

using namespace mlir;
using namespace mlir::mx;

/// Whether a block of some scale of the operand with windows lies along several
/// indices of the result, which would be cut, or of a window.
static bool hasBlockOfWindows(ContractOp op) {
  bool isLhs = hasWindow(op.getLhsMap());
  SmallVector<MapResult> results =
      parseMap(isLhs ? op.getLhsMap() : op.getRhsMap());
  auto isInWindow = [&](unsigned dim) {
    return llvm::any_of(results, [&](const MapResult &result) {
      return result.isWindow() &&
             llvm::any_of(result.terms, [&](const MapResult::Term &term) {
               return term.dim == dim;
             });
    });
  };
  for (AffineMap scale : isLhs ? op.getLhsScaleMaps() : op.getRhsScaleMaps())
    for (const MapResult &result : parseMap(scale))
      if (result.isBlocked() &&
          (op.getInitMap().isFunctionOfDim(result.terms[0].dim) ||
           isInWindow(result.terms[0].dim)))
        return true;
  return false;
}

/// Whether the operand with windows, the left one if `isLhs`, has dimensions
/// that the result ends with and that stay last.
static bool keepsColumns(ContractOp op, bool isLhs) {
  // With fewer, panels of columns are hardly full.
  constexpr int64_t kFewColumns = 128;
  AffineMap map = isLhs ? op.getLhsMap() : op.getRhsMap();
  SmallVector<int64_t> extents = op.getStaticLoopRanges();
  int64_t columns = 1;
  for (AffineExpr expr : llvm::reverse(op.getInitMap().getResults())) {
    unsigned dim = cast<AffineDimExpr>(expr).getPosition();
    if (!map.isFunctionOfDim(dim))
      break;
    columns = ShapedType::isDynamic(extents[dim])
                  ? kFewColumns
                  : llvm::SaturatingMultiply<uint64_t>(columns, extents[dim]);
  }
  // Blocks of scales lie along rows.
  return columns >= kFewColumns && op.getLhsScales().empty() &&
         op.getRhsScales().empty();
}

/// A copy of `value`, which `map` indexes, whose dimensions are those of `map`
/// in the given order; `map` becomes its map. `domain` has their extents.
static Value gather(OpBuilder &b, Location loc, Value value, AffineMap &map,
                    ArrayRef<unsigned> order, ArrayRef<Range> domain) {
  SmallVector<AffineExpr> indices(map.getNumDims()), from, to;
  SmallVector<OpFoldResult> sizes;
  for (unsigned dim : order)
    if (map.isFunctionOfDim(dim)) {
      indices[dim] = b.getAffineDimExpr(to.size());
      to.push_back(b.getAffineDimExpr(dim));
      sizes.push_back(domain[dim].size);
    }
  for (auto [position, result] : llvm::enumerate(parseMap(map))) {
    AffineExpr expr = map.getResult(position);
    if (result.isBlocked()) {
      expr = b.getAffineDimExpr(result.terms[0].dim);
      unsigned index =
          cast<AffineDimExpr>(indices[result.terms[0].dim]).getPosition();
      to[index] = map.getResult(position);
      sizes[index] = tensor::getMixedSize(b, loc, value, position);
    }
    from.push_back(expr.replaceDims(indices));
  }
  map = AffineMap::get(map.getNumDims(), 0, to, b.getContext());
  return buildGeneric(
      b, loc, sizes, getElementTypeOrSelf(value.getType()), value,
      AffineMap::get(to.size(), 0, from, b.getContext()),
      [](OpBuilder &, Location, ValueRange args) { return args[0]; });
}

/// `value`, which `map` indexes, with `dim` innermost: each element is copied
/// many times, best in runs. `map` becomes its map.
static Value transpose(OpBuilder &b, Location loc, Value value, AffineMap &map,
                       unsigned dim) {
  std::optional<unsigned> position = getPosition(map, dim);
  if (!position || *position + 1 == map.getNumResults())
    return value;
  SmallVector<int64_t> permutation =
      llvm::to_vector(llvm::seq<int64_t>(map.getNumResults()));
  std::rotate(permutation.begin() + *position,
              permutation.begin() + *position + 1, permutation.end());
  map = AffineMap::get(map.getNumDims(), 0,
                       applyPermutation(map.getResults(), permutation),
                       b.getContext());
  Value empty = tensor::EmptyOp::create(
      b, loc,
      applyPermutation(tensor::getMixedSizes(b, loc, value), permutation),
      getElementTypeOrSelf(value.getType()));
  return linalg::TransposeOp::create(b, loc, value, empty, permutation)
      ->getResult(0);
}

/// Lets `op` have a result whose last dimension is the other operand's last
/// one, and transposes it. Of what is constant mx-pack-weights lays out
/// columns.
static void putColumnsLast(RewriterBase &rewriter, ContractOp op, bool isLhs) {
  AffineMap init = op.getInitMap(),
            map = isLhs ? op.getLhsMap() : op.getRhsMap();
  int64_t count = init.getNumResults(), last = count - 1;
  auto isRow = [&](int64_t position) {
    return map.isFunctionOfDim(init.getDimPosition(position));
  };
  while (last >= 0 && isRow(last))
    --last;
  if (last < 0 || last + 1 == count)
    return;
  SmallVector<int64_t> permutation = llvm::to_vector(llvm::seq<int64_t>(count));
  std::rotate(permutation.begin() + last, permutation.begin() + last + 1,
              permutation.end());
  Location loc = op.getLoc();
  Value old = op.getInit();
  rewriter.setInsertionPoint(op);
  Value start = tensor::EmptyOp::create(
      rewriter, loc,
      applyPermutation(tensor::getMixedSizes(rewriter, loc, old), permutation),
      getElementTypeOrSelf(old.getType()));
  auto fill = old.getDefiningOp<linalg::FillOp>();
  if (fill)
    start = linalg::FillOp::create(rewriter, loc, fill.value(), start).result();
  else
    start = linalg::TransposeOp::create(rewriter, loc, old, start, permutation)
                ->getResult(0);
  SmallVector<AffineMap> maps = op.getIndexingMapsArray();
  maps.back() = AffineMap::get(init.getNumDims(), 0,
                               applyPermutation(init.getResults(), permutation),
                               rewriter.getContext());
  op.setIndexingMapsAttr(rewriter.getAffineMapArrayAttr(maps));
  op.getInitMutable().assign(start);
  Value result = op->getResult(0);
  result.setType(start.getType());
  rewriter.setInsertionPointAfter(op);
  auto back = linalg::TransposeOp::create(rewriter, loc, result,
                                          fill ? fill.output() : old,
                                          invertPermutationVector(permutation));
  result.replaceAllUsesExcept(back->getResult(0), back);
}

/// The order of the dimensions of the unfolded operand, the left one if
/// `isLhs`: the result's, those that it ends with last if `columnsLast`, and
/// sums in the other operand's order, without windows last if rows end with
/// them: what is copied lies side by side.
static SmallVector<unsigned> getOrder(ContractOp op, bool isLhs,
                                      bool columnsLast) {
  AffineMap map = isLhs ? op.getLhsMap() : op.getRhsMap();
  AffineMap other = isLhs ? op.getRhsMap() : op.getLhsMap();
  SmallVector<unsigned> sums, alone, order, last;
  for (AffineExpr expr : other.getResults())
    if (auto dim = dyn_cast<AffineDimExpr>(expr);
        dim && map.isFunctionOfDim(dim.getPosition()) &&
        !op.getInitMap().isFunctionOfDim(dim.getPosition()))
      (getPosition(map, dim.getPosition()) && !columnsLast ? alone : sums)
          .push_back(dim.getPosition());
  llvm::append_range(sums, alone);
  for (AffineExpr expr : op.getInitMap().getResults()) {
    unsigned dim = cast<AffineDimExpr>(expr).getPosition();
    if (map.isFunctionOfDim(dim)) {
      last.push_back(dim);
      continue;
    }
    llvm::append_range(order, last);
    last.clear();
  }
  if (columnsLast)
    llvm::append_range(sums, last);
  else
    llvm::append_range(order, last);
  llvm::append_range(order, sums);
  return order;
}

namespace {
struct UnfoldWindows : mlir::mx::impl::MXUnfoldWindowsBase<UnfoldWindows> {
  void runOnOperation() override {
    SmallVector<ContractOp> ops;
    getOperation().walk([&](ContractOp op) {
      if (isa<RankedTensorType>(op.getInit().getType()) &&
          isMatmulOfWindows(op.getLhsMap(), op.getRhsMap(), op.getInitMap()) &&
          !hasBlockOfWindows(op))
        ops.push_back(op);
    });
    IRRewriter rewriter(&getContext());
    for (ContractOp op : ops) {
      if (failed(unfold(rewriter, op)))
        return signalPassFailure();
      ++numUnfolded;
    }
  }

  static LogicalResult unfold(RewriterBase &rewriter, ContractOp op) {
    dropUnitWindows(op);
    bool isLhs = hasWindow(op.getLhsMap());
    if (!isLhs && !hasWindow(op.getRhsMap()))
      return success();
    if (failed(cutWindows(rewriter, op, isLhs)))
      return failure();
    bool columnsLast = keepsColumns(op, isLhs);
    if (!columnsLast)
      putColumnsLast(rewriter, op, isLhs);
    rewriter.setInsertionPoint(op);
    SmallVector<unsigned> order = getOrder(op, isLhs, columnsLast);
    SmallVector<Range> domain = op.getIterationDomain(rewriter);
    SmallVector<AffineMap> maps = op.getIndexingMapsArray();
    unsigned first = isLhs ? 0 : 1 + op.getLhsScales().size();
    unsigned count = 1 + (isLhs ? op.getLhsScales() : op.getRhsScales()).size();
    for (unsigned number = first; number < first + count; ++number) {
      AffineMap &map = maps[number];
      if (!hasWindow(map))
        continue;
      Value value = op->getOperand(number);
      if (!op.getInitMap().isFunctionOfDim(order.back()))
        value = transpose(rewriter, op.getLoc(), value, map, order.back());
      op->setOperand(number,
                     gather(rewriter, op.getLoc(), value, map, order, domain));
    }
    op.setIndexingMapsAttr(rewriter.getAffineMapArrayAttr(maps));
    return success();
  }
};
} // namespace
