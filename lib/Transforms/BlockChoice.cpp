// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "BlockChoice.h"
#include "mx/IR/ScaleMap.h"

using namespace mlir;
using namespace mlir::mx;

/// Blocks shorter than this cost more than they save: the scale alone is a
/// sixteenth of f32's bits, and rounding has little to share it over.
static constexpr int64_t kMinExtent = 16;

/// The contracted dimension that blocks run along, but for tiles.
static std::optional<unsigned> getBlockDim(const Contraction &contraction,
                                           AffineMap weight) {
  std::optional<unsigned> best;
  // In the weight's order, so that of equal extents the innermost stays.
  for (const MapResult &result : parseMap(weight)) {
    if (!result.isDim())
      continue;
    unsigned dim = result.terms[0].dim;
    if (!contraction.isContracted(dim) ||
        !getPosition(contraction.lhsMap, dim) ||
        !getPosition(contraction.rhsMap, dim))
      continue;
    // kDynamic is negative: any static extent is larger.
    if (!best || contraction.getExtent(dim) >= contraction.getExtent(*best))
      best = dim;
  }
  return best;
}

/// Why there is no dimension to block.
static std::string explainNoBlockDim(const Contraction &contraction) {
  std::string reason = "no contracted dimension stands alone in both operands";
  SmallVector<MapResult> results = parseMap(contraction.lhsMap);
  llvm::append_range(results, parseMap(contraction.rhsMap));
  if (llvm::none_of(results, std::mem_fn(&MapResult::isWindow)))
    return reason;
  for (unsigned dim = 0; dim < contraction.getNumDims(); ++dim)
    if (getPosition(contraction.lhsMap, dim) &&
        getPosition(contraction.rhsMap, dim))
      return reason + " (a depthwise convolution)";
  return reason + " (a convolution without channels)";
}

/// The dimension that the weight's rows are counted along.
static std::optional<unsigned> getRowDim(const Contraction &contraction,
                                         AffineMap weight, AffineMap other) {
  SmallVector<MapResult> results = parseMap(weight);
  for (const MapResult &result : llvm::reverse(results))
    if (result.isDim() && !contraction.isContracted(result.terms[0].dim) &&
        !other.isFunctionOfDim(result.terms[0].dim))
      return result.terms[0].dim;
  return std::nullopt;
}

/// `dim` with the tile around or inside it, so that blocks of `size` elements
/// along both are whole: they span whole tiles or, if `partsOfTiles`, divide
/// one.
static std::optional<BlockedDim> getBlockedDim(const Contraction &contraction,
                                               unsigned dim, int64_t size,
                                               bool partsOfTiles) {
  for (auto [outer, inner] : contraction.tiles) {
    if (dim != outer && dim != inner)
      continue;
    int64_t extent = contraction.getExtent(inner);
    if (extent > 0 && size % extent == 0)
      return BlockedDim{outer, inner, extent};
    if (partsOfTiles && extent > 0 && extent % size == 0)
      return BlockedDim{inner};
    return std::nullopt;
  }
  return BlockedDim{dim};
}

std::optional<BlockedDims>
mlir::mx::chooseBlocks(const Contraction &contraction, bool weightIsLhs,
                       const QuantizeChoice &choice, std::string &reason) {
  AffineMap weight = contraction.lhsMap, other = contraction.rhsMap;
  if (!weightIsLhs)
    std::swap(weight, other);
  std::optional<unsigned> dim = getBlockDim(contraction, weight);
  if (!dim) {
    reason = explainNoBlockDim(contraction);
    return std::nullopt;
  }
  BlockedDims blocks;
  for (const std::optional<Recipe> &recipe :
       {choice.weights, choice.activations}) {
    if (!recipe)
      continue;
    auto contracted = getBlockedDim(contraction, *dim, recipe->block, false);
    if (!contracted) {
      reason = "its inner tile does not divide the block of " +
               std::to_string(recipe->block);
      return std::nullopt;
    }
    blocks.contracted = *contracted;
  }
  if (choice.weights && choice.weights->weightRows > 1)
    if (auto row = getRowDim(contraction, weight, other)) {
      int64_t size = choice.weights->weightRows;
      blocks.rows = getBlockedDim(contraction, *row, size, true);
      if (!blocks.rows) {
        reason = "its inner tile of the weight's rows does not divide the " +
                 std::to_string(size) + " that share a scale";
        return std::nullopt;
      }
    }
  int64_t extent = contraction.getExtent(blocks.contracted.dim);
  if (!ShapedType::isDynamic(extent) &&
      extent * blocks.contracted.innerExtent < kMinExtent && !choice.forced) {
    reason = "its contracted dimension has " +
             std::to_string(extent * blocks.contracted.innerExtent) +
             " elements, below " + std::to_string(kMinExtent);
    return std::nullopt;
  }
  return blocks;
}
