// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "CollapseValue.h"
#include "SplitDim.h"
#include "mx/IR/MX.h"
#include "mx/IR/ScaleMap.h"
#include "mx/Transforms/Contraction.h"
#include "mx/Transforms/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace mlir::mx {
#define GEN_PASS_DEF_MXCOLLAPSEDIMS
#include "mx/Transforms/Passes.h.inc"
} // namespace mlir::mx

using namespace mlir;
using namespace mlir::mx;

/// Whether `outer` and `inner` are rows both, columns both or sums both, with
/// extents that are known: a product of such is a number.
static bool areAlike(ContractOp op, unsigned outer, unsigned inner) {
  SmallVector<AffineMap> maps = {op.getLhsMap(), op.getRhsMap(),
                                 op.getInitMap()};
  auto has = [](unsigned dim) {
    return [dim](AffineMap map) { return map.isFunctionOfDim(dim); };
  };
  SmallVector<int64_t> extents = op.getStaticLoopRanges();
  return llvm::all_of(maps,
                      [&](AffineMap map) {
                        return map.isFunctionOfDim(outer) ==
                               map.isFunctionOfDim(inner);
                      }) &&
         !llvm::all_of(maps, has(outer)) &&
         !ShapedType::isDynamic(extents[outer]) &&
         !ShapedType::isDynamic(extents[inner]);
}

/// Whether what `map` maps to has `inner` right behind `outer`, such that its
/// index is linear in both or counts blocks of both, or has neither.
static bool areAdjacent(AffineMap map, unsigned outer, unsigned inner,
                        int64_t extent) {
  if (!map.isFunctionOfDim(outer) && !map.isFunctionOfDim(inner))
    return true;
  std::optional<unsigned> first = getPosition(map, outer);
  std::optional<unsigned> second = getPosition(map, inner);
  if (!first || !second || *second != *first + 1)
    return false;
  SmallVector<MapResult> results = parseMap(map);
  return results[*first].block == 1 && extent % results[*second].block == 0;
}

/// `init` with the dimension at `position` + 1 merged into that at `position`;
/// filled, if it was.
static Value collapseInit(OpBuilder &b, Value init, unsigned position) {
  auto fill = init.getDefiningOp<linalg::FillOp>();
  if (!fill)
    return mergeDims(init.getLoc(), init, position);
  Value output = mergeDims(init.getLoc(), fill.output(), position);
  return linalg::FillOp::create(b, fill.getLoc(), fill.value(), output)
      .getResult(0);
}

/// Makes one dimension of `outer` and `inner`.
static void merge(ContractOp op, unsigned outer, unsigned inner) {
  OpBuilder b(op);
  Location loc = op.getLoc();
  SmallVector<AffineMap> maps = op.getIndexingMapsArray();
  Value init = op.getInit();
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(b, loc, init);
  std::optional<unsigned> resultPosition = getPosition(op.getInitMap(), outer);
  for (auto [operand, map] : llvm::zip_equal(op->getOpOperands(), maps)) {
    std::optional<unsigned> position = getPosition(map, outer);
    map = dropDim(map, outer);
    if (!position)
      continue;
    bool isInit = operand.getOperandNumber() + 1 == op->getNumOperands();
    operand.set(isInit ? collapseInit(b, operand.get(), *position)
                       : mergeDims(loc, operand.get(), *position));
  }
  op.setIndexingMapsAttr(b.getAffineMapArrayAttr(maps));
  if (!resultPosition)
    return;
  Value result = op->getResult(0);
  result.setType(op.getInit().getType());
  b.setInsertionPointAfter(op);
  auto expand = tensor::ExpandShapeOp::create(
      b, loc, init.getType(), result,
      getSplitGroups(sizes.size() - 1, *resultPosition), sizes);
  result.replaceAllUsesExcept(expand, expand);
}

/// Merges the first pair of dimensions that can be.
static bool mergePair(ContractOp op) {
  unsigned count = op.getInitMap().getNumDims();
  SmallVector<int64_t> extents = op.getStaticLoopRanges();
  SmallVector<AffineMap> maps = op.getIndexingMapsArray();
  for (unsigned outer = 0; outer < count; ++outer)
    for (unsigned inner = 0; inner < count; ++inner)
      if (outer != inner && areAlike(op, outer, inner) &&
          llvm::all_of(maps, [&](AffineMap map) {
            return areAdjacent(map, outer, inner, extents[inner]);
          })) {
        merge(op, outer, inner);
        return true;
      }
  return false;
}

namespace {
struct CollapseDims : mlir::mx::impl::MXCollapseDimsBase<CollapseDims> {
  void runOnOperation() override {
    SmallVector<ContractOp> ops;
    getOperation().walk([&](ContractOp op) {
      if (op->getNumResults() && !op.getCompensation())
        ops.push_back(op);
    });
    for (ContractOp op : ops)
      while (mergePair(op))
        ++numCollapsed;
  }
};
} // namespace
