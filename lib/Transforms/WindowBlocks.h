// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef MX_LIB_TRANSFORMS_WINDOWBLOCKS_H
#define MX_LIB_TRANSFORMS_WINDOWBLOCKS_H

#include "mx/IR/MX.h"

#include "mlir/IR/PatternMatch.h"

namespace mlir::mx {

/// Cuts `op` into blocks one after the other, lest the operand with windows,
/// the left one if `isLhs`, take much more memory than a last cache has once it
/// is unfolded: whole images, or rows of one. `op` becomes the contraction of a
/// block.
LogicalResult cutWindows(RewriterBase &rewriter, ContractOp &op, bool isLhs);

} // namespace mlir::mx

#endif // MX_LIB_TRANSFORMS_WINDOWBLOCKS_H
