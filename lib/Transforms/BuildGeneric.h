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

/// The same in place of `empty`, a tensor of such.
Value buildGeneric(OpBuilder &b, Location loc, Value empty, ValueRange inputs,
                   ArrayRef<AffineMap> inputMaps,
                   function_ref<Value(OpBuilder &, Location, ValueRange)> body);

/// An empty tensor of `sizes` of which up to `count` rows, the last `rowDims`
/// dimensions, are read side by side: a line further apart where they would lie
/// in few sets of a first cache.
Value createRows(OpBuilder &b, Location loc, ArrayRef<OpFoldResult> sizes,
                 Type element, int64_t count, unsigned rowDims = 1);

} // namespace mlir::mx

#endif // MX_TRANSFORMS_BUILDGENERIC_H
