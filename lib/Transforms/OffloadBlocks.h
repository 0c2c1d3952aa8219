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
  /// About how many a product of matrices takes.
  double cycles;

  /// Of those that have room, the ones that take the least time.
  static OffloadBlocks choose(const OffloadForm &form,
                              AcceleratorAttr accelerator);
};

/// The cycles that a contraction takes in this form, about, with those in which
/// the host quantizes its operands.
double estimateCycles(const OffloadForm &form, AcceleratorAttr accelerator);

} // namespace mlir::mx

#endif // MX_LIB_TRANSFORMS_OFFLOADBLOCKS_H
