// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Reads of rows of a table at indices that only the running program knows.
#ifndef MX_TRANSFORMS_ROWGATHER_H
#define MX_TRANSFORMS_ROWGATHER_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace mlir::mx {

/// A linalg.generic whose result is made of whole rows of a tensor: its
/// innermost dimension is the tensor's, and where a row stands depends on the
/// other dimensions.
struct RowGather {
  linalg::GenericOp op;
  /// The read of an element, in the body of `op`.
  tensor::ExtractOp extract;

  Value getTable() { return extract.getTensor(); }
};

/// `op` as a gather, if it is one.
std::optional<RowGather> getRowGather(linalg::GenericOp op);

/// The rows that `gather` reads, of `table`, which has as many rows as its own
/// and may have others as to length and type.
Value gatherRows(RewriterBase &rewriter, RowGather gather, Value table);

/// Under `root`, replaces gathers of rows of mx.unpack_elements by
/// mx.unpack_elements of gathered bytes, so that only these are unpacked.
void gatherBytes(Operation *root, RewriterBase &rewriter);

} // namespace mlir::mx

#endif // MX_TRANSFORMS_ROWGATHER_H
