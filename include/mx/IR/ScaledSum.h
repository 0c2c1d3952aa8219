// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// The last step of a contraction whose scales are constant over its sum.
#ifndef MX_IR_SCALEDSUM_H
#define MX_IR_SCALEDSUM_H

#include "mlir/IR/AffineMap.h"
#include "mlir/IR/Builders.h"

namespace mlir::mx {

/// Scales of one operand of a contraction and their maps.
struct ScaleGroup {
  SmallVector<Value> scales;
  SmallVector<AffineMap> maps;
};

/// acc + sum * scales, elementwise over tensors of the shape of the
/// contraction's init, whose map is `init`. The scales apply as in applyScales;
/// what a scale's map has of contracted dimensions is taken as 0.
Value addScaledSum(OpBuilder &b, Location loc, Value sum, Value acc,
                   AffineMap init, ArrayRef<ScaleGroup> groups);

/// A tensor of f32 zeros of the shape of `like`.
Value createZeros(OpBuilder &b, Location loc, Value like);

} // namespace mlir::mx

#endif // MX_IR_SCALEDSUM_H
