// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Fewer dimensions of an operand and of its map.
#ifndef MX_LIB_TRANSFORMS_COLLAPSEVALUE_H
#define MX_LIB_TRANSFORMS_COLLAPSEVALUE_H

#include "mlir/Dialect/Utils/ReshapeOpsUtils.h"
#include "mlir/IR/AffineMap.h"
#include "mlir/IR/Value.h"

namespace mlir::mx {

/// A tensor.collapse_shape of `value` right after its definition, one for all
/// that ask for it, so that its result is quantized once.
Value collapse(Location loc, Value value,
               ArrayRef<ReassociationIndices> groups);

/// Merges the dimension at `position` + 1 of `value` into that at `position`.
Value mergeDims(Location loc, Value value, unsigned position);

/// `map` without dimension `dim`, which is 0 where it is not alone, and without
/// its result.
AffineMap dropDim(AffineMap map, unsigned dim);

} // namespace mlir::mx

#endif // MX_LIB_TRANSFORMS_COLLAPSEVALUE_H
