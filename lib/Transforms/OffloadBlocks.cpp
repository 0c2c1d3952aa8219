// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "OffloadBlocks.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::mx;
using llvm::divideCeil;

OffloadTile OffloadTile::get(const OffloadForm &form, const OffloadSide &side,
                             AcceleratorAttr accelerator) {
  OffloadTile tile;
  tile.bytes = form.mma.getTileBytes(side.tileRows, side.getElement());
  tile.scaleBytes = form.mma.getScaleBytes(side.tileRows);
  tile.alignedBytes = llvm::alignTo(tile.bytes, accelerator.getAlignment());
  tile.alignedScaleBytes =
      llvm::alignTo(tile.scaleBytes, accelerator.getAlignment());
  tile.copiedBytes = side.isQuantizedThere
                         ? 4 * side.tileRows * form.mma.getDepth()
                         : tile.bytes + tile.scaleBytes;
  return tile;
}

/// The cycles of a product with these blocks, about: those of copies or of
/// products, whichever are more, and what does not overlap.
static double estimate(AcceleratorAttr accelerator, MMAAttr mma,
                       const OffloadTile &lhs, const OffloadTile &rhs,
                       int64_t rows, int64_t columns, int64_t depth,
                       const OffloadBlocks &blocks) {
  double lhsBytes = lhs.copiedBytes;
  double rhsBytes = rhs.copiedBytes;
  double tileBytes = 4.0 * mma.getRows() * mma.getColumns();
  double bandwidth = accelerator.getBandwidth();
  double rowBlocks = divideCeil(rows, blocks.rows);
  double columnBlocks = divideCeil(columns, blocks.columns);
  double copied = columnBlocks * rows * depth * lhsBytes +
                  rowBlocks * columns * depth * rhsBytes +
                  double(rows) * columns * tileBytes;
  double products = double(rows) * columns * depth * mma.getCycles();
  // The first copy and the last store wait, and every step for a latency.
  double alone = (blocks.rows * lhsBytes + blocks.columns * rhsBytes) *
                     blocks.depth / bandwidth +
                 blocks.rows * blocks.columns * tileBytes / bandwidth;
  double steps = rowBlocks * columnBlocks * divideCeil(depth, blocks.depth);
  return std::max(copied / bandwidth, products) + alone +
         steps * accelerator.getLatency() / 8;
}

OffloadBlocks OffloadBlocks::choose(AcceleratorAttr accelerator, MMAAttr mma,
                                    const OffloadTile &lhs,
                                    const OffloadTile &rhs, int64_t rowTiles,
                                    int64_t columnTiles, int64_t depthTiles) {
  // Many, where it is not known.
  constexpr int64_t kMany = 64;
  if (ShapedType::isDynamic(rowTiles))
    rowTiles = kMany;
  if (ShapedType::isDynamic(columnTiles))
    columnTiles = kMany;
  int64_t lhsBytes = lhs.alignedBytes + lhs.alignedScaleBytes;
  int64_t rhsBytes = rhs.alignedBytes + rhs.alignedScaleBytes;
  OffloadBlocks best = {1, 1, 1};
  std::optional<double> least;
  auto isWorthwhile = [](int64_t size, int64_t count) {
    return size == 1 || size < 2 * count;
  };
  for (int64_t rows = 1; isWorthwhile(rows, rowTiles); rows *= 2)
    for (int64_t columns = 1;
         isWorthwhile(columns, columnTiles) &&
         2 * rows * columns <= accelerator.getAccumulators();
         columns *= 2)
      for (int64_t depth = 1;
           isWorthwhile(depth, depthTiles) &&
           2 * depth * (rows * lhsBytes + columns * rhsBytes) <=
               accelerator.getMemory();
           depth *= 2) {
        OffloadBlocks blocks = {rows, columns, depth};
        double cycles = estimate(accelerator, mma, lhs, rhs, rowTiles,
                                 columnTiles, depthTiles, blocks);
        if (least && cycles >= *least)
          continue;
        least = cycles;
        best = blocks;
      }
  return best;
}
