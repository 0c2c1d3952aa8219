// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef MX_TRANSFORMS_TILEANDFUSE_H
#define MX_TRANSFORMS_TILEANDFUSE_H

#include "mx/IR/MX.h"

#include "mlir/Dialect/SCF/Transforms/TileUsingInterface.h"

namespace mlir::mx {

/// Loops over tiles: their results, and the ops in them.
struct TiledLoops {
  SmallVector<Value> results;
  llvm::SetVector<Operation *> ops;
};

/// Replaces `op` by loops over tiles of it, in which the producers that `fuses`
/// names are tiled too.
FailureOr<TiledLoops> tileAndFuse(RewriterBase &rewriter, Operation *op,
                                  const scf::SCFTilingOptions &options,
                                  function_ref<bool(OpResult)> fuses);

/// Whether a linalg.fill makes `producer`.
bool isFilled(OpResult producer);

/// Replaces `op` by loops over a smaller contraction, which `op` becomes, and
/// makes the producers that `fuses` names in them. Returns the loops' result.
FailureOr<Value> tileContract(RewriterBase &rewriter, ContractOp &op,
                              const scf::SCFTilingOptions &options,
                              function_ref<bool(OpResult)> fuses = isFilled);

} // namespace mlir::mx

#endif // MX_TRANSFORMS_TILEANDFUSE_H
