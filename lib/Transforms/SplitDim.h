// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef MX_TRANSFORMS_SPLITDIM_H
#define MX_TRANSFORMS_SPLITDIM_H

#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace mlir::mx {

/// The tensor `value`, of the given sizes, with its last dimension, a static
/// multiple of `inner`, as two: parts, and the elements of one.
Value splitLastDim(OpBuilder &b, Location loc, Value value,
                   SmallVector<OpFoldResult> sizes, int64_t inner);

/// `value` with its last two dimensions as one, a tensor of `type`.
Value mergeLastDims(OpBuilder &b, Location loc, Value value,
                    RankedTensorType type);

} // namespace mlir::mx

#endif // MX_TRANSFORMS_SPLITDIM_H
