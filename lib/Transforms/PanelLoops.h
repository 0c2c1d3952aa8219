// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef MX_TRANSFORMS_PANELLOOPS_H
#define MX_TRANSFORMS_PANELLOOPS_H

#include "mx/Transforms/DecodeFactor.h"
#include "mx/Transforms/MatmulDims.h"

#include "mlir/IR/PatternMatch.h"

namespace mlir::mx {

/// The sizes of a panel: its extent along the sum (in blocks, of a contraction
/// of integers), 0 for all, and its columns; and how many panels stand beside
/// each other while rows pass by, along a parallel dimension that counts panels
/// if there are several; and whether a factor that was not decoded is copied to
/// it.
struct Panel {
  int64_t sums;
  int64_t columns;
  unsigned groupDim = 0;
  int64_t group = 1;
  bool isCopied = false;
};

/// Cuts `op`, a contraction of decoded factors, into panels of `columns`, each
/// made where it is used if the factor was decoded, and those into register
/// tiles of `tileRows` rows. Panels of different columns or batches are
/// independent: their loop is an scf.forall. Returns what replaces `op`.
FailureOr<Value> buildPanelLoops(RewriterBase &rewriter, ContractOp op,
                                 const Factor &columns, const MatmulDims &dims,
                                 const Panel &panel, int64_t tileRows);

} // namespace mlir::mx

#endif // MX_TRANSFORMS_PANELLOOPS_H
