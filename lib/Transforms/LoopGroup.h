// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef MX_TRANSFORMS_LOOPGROUP_H
#define MX_TRANSFORMS_LOOPGROUP_H

#include "mx/IR/MX.h"

#include "llvm/ADT/SetVector.h"

namespace mlir::mx {

/// A loop of a structured op on tensors.
struct Loop {
  bool parallel;
  /// May be dynamic.
  int64_t extent;
  /// What tiles are multiples of: an operand is read by a floordiv of these.
  int64_t block = 1;
};

/// The loops of a linalg op, or of an mx.quantize whose scale map does not
/// divide: there those that scales vary along are parallel. None for others.
SmallVector<Loop> getLoops(Operation *op);

/// Sizes that cut the loops of `op` to about `elements` elements, 0 where a
/// loop stays whole: inner loops first. The innermost parallel one of a linalg
/// op is cut only if it is alone. A size is a multiple of the loop's block.
SmallVector<int64_t> getTileSizes(Operation *op, int64_t elements);

/// Sizes for a linalg op that runs in loops of its own, an input of which lies
/// transposed: tiles have whole rows of that input, or pieces of `elements`,
/// and as many as elements fill a line of memory, or more if all of them are
/// fewer than `elements`. None for others, and if such rows were all.
SmallVector<int64_t> getTransposeSizes(Operation *op, int64_t elements);

/// Ops that run in the loops over tiles of the last of them, `root`: those that
/// nothing else uses, and of which a tile of `root` needs just a tile.
llvm::SmallSetVector<Operation *, 8> getLoopGroup(Operation *root,
                                                  ArrayRef<int64_t> tileSizes);

} // namespace mlir::mx

#endif // MX_TRANSFORMS_LOOPGROUP_H
