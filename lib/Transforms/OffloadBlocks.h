// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// The blocks of tiles that an accelerator computes at once.
#ifndef MX_LIB_TRANSFORMS_OFFLOADBLOCKS_H
#define MX_LIB_TRANSFORMS_OFFLOADBLOCKS_H

#include "OffloadForm.h"

namespace mlir::mx {

/// The bytes of one factor's tile and its scales, where they lie in the
/// accelerator's memory: those of each a multiple of its alignment, and how
/// many are copied there.
struct OffloadTile {
  int64_t bytes, scaleBytes, alignedBytes, alignedScaleBytes, copiedBytes;

  static OffloadTile get(const OffloadForm &form, const OffloadSide &side,
                         AcceleratorAttr accelerator);
};

/// A block of `rows` x `columns` tiles of the result, for which `depth` tiles
/// of each row and column are in memory at once. There are two of all.
struct OffloadBlocks {
  int64_t rows, columns, depth;

  /// Of those that have room, the ones that take the least time for a product
  /// of so many tiles; kDynamic for a number that is not known.
  static OffloadBlocks choose(AcceleratorAttr accelerator, MMAAttr mma,
                              const OffloadTile &lhs, const OffloadTile &rhs,
                              int64_t rowTiles, int64_t columnTiles,
                              int64_t depthTiles);
};

} // namespace mlir::mx

#endif // MX_LIB_TRANSFORMS_OFFLOADBLOCKS_H
