// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Blocks of rows: what all panels of the other factor are multiplied with
/// before the next rows are decoded.
#ifndef MX_TRANSFORMS_ROWBLOCKS_H
#define MX_TRANSFORMS_ROWBLOCKS_H

#include "mx/Transforms/MatmulDims.h"

#include "mlir/IR/PatternMatch.h"

namespace mlir::mx {

/// On a loop over blocks of rows: what is made for one may be made by parallel
/// loops.
constexpr llvm::StringLiteral kRowBlocksAttr("mx.row_blocks");

/// How many rows of `op`, a multiple of `tileRows`, a block has whose factor
/// has elements of `bytes` once it is decoded; 0 if one block has all rows.
int64_t getRowBlock(ContractOp op, const MatmulDims &dims, int64_t bytes,
                    int64_t tileRows);

/// A loop over blocks of rows.
class RowBlocks {
public:
  /// Cuts `op` into blocks of `size` rows, one after the other; it becomes the
  /// contraction of one.
  static FailureOr<RowBlocks> cut(RewriterBase &rewriter, ContractOp &op,
                                  const MatmulDims &dims, int64_t size);

  /// Gives what is made for a block, from empty tensors of its size, those of
  /// the largest block: their memory is the same for all blocks.
  void growBuffers(RewriterBase &rewriter);

private:
  /// What is in the loop.
  Block *body;
  /// The rows of a block, if blocks differ, and those of the first.
  OpFoldResult rows, most;
};

} // namespace mlir::mx

#endif // MX_TRANSFORMS_ROWBLOCKS_H
