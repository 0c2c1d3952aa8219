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

/// Many, where a number is not known.
static int64_t getKnown(int64_t count) {
  return ShapedType::isDynamic(count) ? 64 : count;
}

OffloadBlocks OffloadBlocks::choose(const OffloadForm &form,
                                    AcceleratorAttr accelerator) {
  OffloadTile lhs = OffloadTile::get(form, form.lhs, accelerator);
  OffloadTile rhs = OffloadTile::get(form, form.rhs, accelerator);
  int64_t rowTiles = getKnown(form.lhs.tiles);
  int64_t columnTiles = getKnown(form.rhs.tiles);
  int64_t depthTiles = divideCeil(form.depth, form.mma.getDepth());
  int64_t lhsBytes = lhs.alignedBytes + lhs.alignedScaleBytes;
  int64_t rhsBytes = rhs.alignedBytes + rhs.alignedScaleBytes;
  std::optional<OffloadBlocks> best;
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
        OffloadBlocks blocks = {rows, columns, depth, 0};
        blocks.cycles = estimate(accelerator, form.mma, lhs, rhs, rowTiles,
                                 columnTiles, depthTiles, blocks);
        if (!best || blocks.cycles < best->cycles)
          best = blocks;
      }
  // A pair of tiles has room, as the description's verifier says.
  return *best;
}

double mlir::mx::estimateCycles(const OffloadForm &form,
                                AcceleratorAttr accelerator) {
  double batches = ShapedType::isDynamic(form.batches) ? 1 : form.batches;
  double cycles = batches * OffloadBlocks::choose(form, accelerator).cycles;
  for (const OffloadSide *side : {&form.lhs, &form.rhs}) {
    if (!side->quantize || side->isQuantizedThere)
      continue;
    double quantized =
        batches * getKnown(side->tiles) * side->tileRows * form.depth;
    // Once for all that use it.
    auto users = side->elements.getUsers();
    cycles += quantized / accelerator.getHost() /
              std::distance(users.begin(), users.end());
  }
  return cycles;
}
