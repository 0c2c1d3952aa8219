// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Builds the scalar arithmetic of quantization, the one of the numerics
/// library, on integers and exact f32 operations.
#ifndef MX_IR_QUANTIZEBUILDER_H
#define MX_IR_QUANTIZEBUILDER_H

#include "mx/IR/MX.h"

namespace mlir::mx {

/// The bits of |value| as i32, for an f32, f16 or bf16: ordered as integers
/// these are ordered as magnitudes, Inf above all numbers and NaN above Inf.
Value getMagnitudeBits(OpBuilder &b, Location loc, Value value);

/// The f8E8M0FNU scale of a block whose largest magnitude has the bits `amax`
/// (i32), for elements of type `element`.
Value getScaleByte(OpBuilder &b, Location loc, Value amax, Type element,
                   ScaleRule rule, SpecialPolicy special);

/// The f32 that divides a block by its f8E8M0FNU scale, which is no NaN.
Value getReciprocal(OpBuilder &b, Location loc, Value scale,
                    SpecialPolicy special);

/// The element nearest to value * reciprocal, ties to even, saturating; NaN
/// where `scale`, whose reciprocal that is, is NaN, or without it where the
/// value is.
Value quantizeElement(OpBuilder &b, Location loc, Value value, Value reciprocal,
                      Value scale, Type element, SpecialPolicy special);

/// NVFP4: the f8E4M3FN scale of a block under the tensor's scale `global`.
Value getNVFP4Scale(OpBuilder &b, Location loc, Value amax, Value global);

/// NVFP4: the f4E2M1FN element nearest to value / (global * scale).
Value quantizeNVFP4Element(OpBuilder &b, Location loc, Value value, Value scale,
                           Value global);

} // namespace mlir::mx

#endif // MX_IR_QUANTIZEBUILDER_H
