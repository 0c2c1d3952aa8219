// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef MX_TRANSFORMS_BUILDGENERIC_H
#define MX_TRANSFORMS_BUILDGENERIC_H

#include "mlir/IR/AffineMap.h"
#include "mlir/IR/Builders.h"

namespace mlir::mx {

/// A tensor of `sizes` and of `element`s that `body` makes of `inputs`, read
/// where `inputMaps` say, element by element: a linalg.generic.
Value buildGeneric(OpBuilder &b, Location loc, ArrayRef<OpFoldResult> sizes,
                   Type element, ValueRange inputs,
                   ArrayRef<AffineMap> inputMaps,
                   function_ref<Value(OpBuilder &, Location, ValueRange)> body);

} // namespace mlir::mx

#endif // MX_TRANSFORMS_BUILDGENERIC_H
