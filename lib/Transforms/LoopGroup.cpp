// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "LoopGroup.h"
#include "CacheSets.h"
#include "mx/IR/ScaleMap.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"

#include <numeric>

using namespace mlir;
using namespace mlir::mx;

/// What an extent that only the running program knows is taken for.
static constexpr int64_t kUnknownExtent = 128;

/// Notes what the maps of `op` divide dimensions by: a tile that is cut
/// elsewhere would read from the place that its start has, rounded down.
static void addBlocks(linalg::LinalgOp op, MutableArrayRef<Loop> loops) {
  for (AffineMap map : op.getIndexingMapsArray())
    map.walkExprs([&](AffineExpr expr) {
      auto quotient = dyn_cast<AffineBinaryOpExpr>(expr);
      if (!quotient || quotient.getKind() == AffineExprKind::Add ||
          quotient.getKind() == AffineExprKind::Mul)
        return;
      auto divisor = dyn_cast<AffineConstantExpr>(quotient.getRHS());
      for (unsigned dim = 0; dim < loops.size(); ++dim)
        if (divisor && quotient.isFunctionOfDim(dim))
          loops[dim].block = std::lcm(loops[dim].block, divisor.getValue());
    });
}

SmallVector<Loop> mlir::mx::getLoops(Operation *op) {
  SmallVector<Loop> loops;
  if (!op->getNumResults())
    return {};
  if (auto linalgOp = dyn_cast<linalg::LinalgOp>(op)) {
    auto isTiled = [&](OpOperand &init) {
      return linalgOp.getMatchingIndexingMap(&init).isProjectedPermutation();
    };
    if (!linalgOp.hasPureTensorSemantics() ||
        !llvm::all_of(linalgOp.getDpsInitsMutable(), isTiled))
      return {};
    for (auto [extent, type] : llvm::zip_equal(
             linalgOp.getStaticLoopRanges(), linalgOp.getIteratorTypesArray()))
      loops.push_back({type == utils::IteratorType::parallel, extent});
    addBlocks(linalgOp, loops);
  } else if (auto quantize = dyn_cast<QuantizeOp>(op)) {
    AffineMap map = quantize.getScaleMap();
    bool isBlocked = llvm::any_of(parseMap(map), [](const MapResult &result) {
      return result.isBlocked();
    });
    if (isBlocked)
      return {};
    ArrayRef<int64_t> shape =
        cast<ShapedType>(quantize.getInput().getType()).getShape();
    for (auto [dim, extent] : llvm::enumerate(shape))
      loops.push_back({map.isFunctionOfDim(dim), extent});
  }
  if (llvm::any_of(loops, [](const Loop &loop) { return loop.extent == 0; }))
    return {};
  return loops;
}

SmallVector<int64_t> mlir::mx::getTileSizes(Operation *op, int64_t elements) {
  SmallVector<Loop> loops = getLoops(op);
  SmallVector<int64_t> sizes(loops.size(), 0);
  auto take = [&](int64_t extent) {
    elements /= ShapedType::isDynamic(extent) ? kUnknownExtent : extent;
    elements = std::max<int64_t>(elements, 1);
  };
  // Every tile has all of a loop that is not parallel, and so it is with the
  // rows of linalg ops: others may reduce along them.
  SmallVector<size_t> parallel;
  for (auto [index, loop] : llvm::enumerate(loops)) {
    if (!loop.parallel)
      take(loop.extent);
    else if (loop.extent != 1)
      parallel.push_back(index);
  }
  if (parallel.size() > 1 && isa<linalg::LinalgOp>(op))
    take(loops[parallel.pop_back_val()].extent);
  for (size_t index : llvm::reverse(parallel)) {
    auto [isParallel, extent, block] = loops[index];
    int64_t size = std::max<int64_t>(elements / block, 1) * block;
    if (ShapedType::isDynamic(extent) || extent > size) {
      sizes[index] = size;
      elements = 1;
    } else {
      take(extent);
    }
  }
  return sizes;
}

SmallVector<int64_t> mlir::mx::getTransposeSizes(Operation *op,
                                                 int64_t elements) {
  auto linalgOp = dyn_cast<linalg::LinalgOp>(op);
  if (!linalgOp || linalgOp.getNumParallelLoops() != linalgOp.getNumLoops())
    return {};
  SmallVector<Loop> loops = getLoops(op);
  unsigned columns = loops.size() - 1;
  for (OpOperand *input : linalgOp.getDpsInputOperands()) {
    AffineMap map = linalgOp.getMatchingIndexingMap(input);
    Type element = getElementTypeOrSelf(input->get());
    if (!element.isIntOrFloat() || !map.isProjectedPermutation() ||
        !map.isFunctionOfDim(columns))
      continue;
    unsigned rows = map.getDimPosition(map.getNumResults() - 1);
    int64_t line =
        llvm::divideCeil(kLineBytes * 8, element.getIntOrFloatBitWidth());
    int64_t size = std::lcm(loops[columns].block, line);
    if (int64_t extent = loops[rows].extent; !ShapedType::isDynamic(extent))
      size *= std::max<int64_t>(elements / (extent * size), 1);
    int64_t extent = loops[columns].extent;
    if (rows == columns || (!ShapedType::isDynamic(extent) && extent <= size))
      continue;
    SmallVector<int64_t> sizes;
    for (const Loop &loop : loops)
      sizes.push_back(loop.extent == 1 ? 0 : loop.block);
    // Longer pieces of rows than this are read no faster.
    int64_t most = elements / loops[rows].block * loops[rows].block;
    bool isShort = !ShapedType::isDynamic(loops[rows].extent) &&
                   loops[rows].extent <= most;
    sizes[rows] = isShort ? 0 : std::max(most, loops[rows].block);
    sizes[columns] = size;
    return sizes;
  }
  return {};
}

namespace {
/// Grows a group from its root.
class LoopGroup {
public:
  LoopGroup(Operation *root, ArrayRef<int64_t> tileSizes) {
    ops.insert(root);
    cuts[root] = SmallVector<int64_t>(tileSizes);
    for (size_t i = 0; i < ops.size(); ++i)
      for (OpOperand &operand : ops[i]->getOpOperands())
        add(operand);
  }

  llvm::SmallSetVector<Operation *, 8> ops;

private:
  /// Adds the op that makes `operand`, once all its users are in the group.
  void add(OpOperand &operand) {
    auto producer = operand.get().getDefiningOp<linalg::LinalgOp>();
    if (!producer || ops.contains(producer) || getLoops(producer).empty() ||
        producer->getBlock() != ops.front()->getBlock())
      return;
    std::optional<SmallVector<int64_t>> cut;
    for (OpOperand &use : producer->getUses()) {
      if (!ops.contains(use.getOwner()))
        return;
      auto needed = getCut(producer, use);
      if (!needed || (cut && *cut != *needed))
        return;
      cut = needed;
    }
    ops.insert(producer);
    cuts[producer] = *cut;
  }

  /// The sizes that the loops of `producer` are cut to with those of a user, if
  /// each of these is one of them: else parts would be made several times.
  std::optional<SmallVector<int64_t>> getCut(linalg::LinalgOp producer,
                                             OpOperand &use) {
    Operation *user = use.getOwner();
    AffineMap read;
    if (auto linalgOp = dyn_cast<linalg::LinalgOp>(user))
      read = linalgOp.getMatchingIndexingMap(&use);
    else
      read = AffineMap::getMultiDimIdentityMap(
          cast<ShapedType>(use.get().getType()).getRank(), user->getContext());
    AffineMap write =
        producer.getIndexingMapMatchingResult(cast<OpResult>(use.get()));
    SmallVector<Loop> loops = getLoops(producer);
    SmallVector<int64_t> cut(loops.size(), 0);
    // A copy, for the map grows.
    SmallVector<int64_t> sizes = cuts.find(user)->second;
    for (auto [dim, size] : llvm::enumerate(sizes)) {
      if (size == 0)
        continue;
      auto position =
          read.getResultPosition(getAffineDimExpr(dim, user->getContext()));
      if (!position)
        return std::nullopt;
      auto expr = dyn_cast<AffineDimExpr>(write.getResult(*position));
      if (!expr)
        return std::nullopt;
      const Loop &loop = loops[expr.getPosition()];
      if (!loop.parallel || size % loop.block)
        return std::nullopt;
      cut[expr.getPosition()] = size;
    }
    return cut;
  }

  llvm::DenseMap<Operation *, SmallVector<int64_t>> cuts;
};
} // namespace

llvm::SmallSetVector<Operation *, 8>
mlir::mx::getLoopGroup(Operation *root, ArrayRef<int64_t> tileSizes) {
  return LoopGroup(root, tileSizes).ops;
}
