// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef MX_TRANSFORMS_SPLITDIM_H
#define MX_TRANSFORMS_SPLITDIM_H

#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace mlir::mx {

/// Groups of `rank` dimensions that are themselves, but for the one at `split`,
/// which is two.
SmallVector<ReassociationIndices> getSplitGroups(int64_t rank, int64_t split);

/// The tensor `value` with its dimension `dim` filled up with zeros to a
/// multiple of `size`.
Value padDim(OpBuilder &b, Location loc, Value value, int64_t dim,
             int64_t size);

/// The tensor `value` with its dimension `dim`, a multiple of `inner`, as two:
/// parts, and the elements of one.
Value splitDim(OpBuilder &b, Location loc, Value value, int64_t dim,
               int64_t inner);

/// `value` with its last two dimensions as one, a tensor of `type`.
Value mergeLastDims(OpBuilder &b, Location loc, Value value,
                    RankedTensorType type);

} // namespace mlir::mx

#endif // MX_TRANSFORMS_SPLITDIM_H
