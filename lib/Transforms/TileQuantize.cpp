// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "TileQuantize.h"
#include "mx/IR/ScaleMap.h"

#include "mlir/Dialect/SCF/Transforms/TileUsingInterface.h"

using namespace mlir;
using namespace mlir::mx;

/// Blocks of each dimension in a tile of at most `budget` elements, from the
/// innermost dimension outwards; 0 for all.
static SmallVector<int64_t> getTileSizes(QuantizeOp op, int64_t budget) {
  ArrayRef<int64_t> shape =
      cast<ShapedType>(op.getInput().getType()).getShape();
  // A dimension that no scale varies along is in every tile.
  auto take = [&](int64_t extent) {
    if (ShapedType::isDynamic(extent) || extent > budget)
      budget = 1;
    else
      budget /= std::max<int64_t>(extent, 1);
  };
  AffineMap map = op.getScaleMap();
  for (auto [dim, extent] : llvm::enumerate(shape))
    if (!map.isFunctionOfDim(dim))
      take(extent);
  SmallVector<int64_t> sizes(shape.size(), 0);
  for (int64_t dim = shape.size() - 1; dim >= 0; --dim) {
    if (!map.isFunctionOfDim(dim))
      continue;
    if (ShapedType::isDynamic(shape[dim]) || shape[dim] > budget)
      sizes[dim] = budget;
    take(shape[dim]);
  }
  return sizes;
}

LogicalResult mlir::mx::tileQuantize(RewriterBase &rewriter, QuantizeOp op,
                                     TargetAttr target) {
  ArrayRef<int64_t> shape =
      cast<ShapedType>(op.getInput().getType()).getShape();
  bool isBlocked =
      llvm::any_of(parseMap(op.getScaleMap()),
                   [](const MapResult &result) { return result.isBlocked(); });
  if (!op->getNumResults() || isBlocked || llvm::is_contained(shape, 0))
    return success();
  // The input and what is made of it: half of the cache in f32.
  int64_t budget = target.getCaches().front() / 2 / 4;
  SmallVector<int64_t> sizes = getTileSizes(op, budget);
  if (llvm::all_of(sizes, [](int64_t size) { return size == 0; }))
    return success();
  scf::SCFTilingOptions options;
  options.setTileSizes(getAsIndexOpFoldResult(op.getContext(), sizes));
  rewriter.setInsertionPoint(op);
  auto tiles = scf::tileUsingSCF(
      rewriter, cast<TilingInterface>(op.getOperation()), options);
  if (failed(tiles))
    return failure();
  rewriter.replaceOp(op, tiles->replacements);
  return success();
}
