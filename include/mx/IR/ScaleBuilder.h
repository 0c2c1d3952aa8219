// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Builds the scalar arithmetic of scales and elements: how a code becomes an
/// f32 and how scales of one or both operands are applied to a value.
#ifndef MX_IR_SCALEBUILDER_H
#define MX_IR_SCALEBUILDER_H

#include "mx/IR/ElementMeaning.h"

#include "mlir/IR/Builders.h"

namespace mlir::mx {

/// The f32 of an element without its scale: narrow floats and f16, bf16 are
/// extended, f32 is taken as it is. All exact.
Value decodeElement(OpBuilder &b, Location loc, Value element,
                    const ElementMeaning &meaning);

/// The floats of type `codes` in the low bits of the i8 `byte`, or of a vector.
Value readCode(OpBuilder &b, Location loc, Value byte, Type codes);

/// The i16 of an f4E2M1FN or f6E2M3FN, in units of its smallest subnormal, or
/// of an i8.
Value decodeInteger(OpBuilder &b, Location loc, Value element);

/// The f32 `value` divided by 2^bits.
Value divideByPower(OpBuilder &b, Location loc, Value value, int64_t bits);

/// Applies scales to the f32 `value`. First the product of each group's scales
/// that are not f8E8M0FNU, in listed order and in f32, multiplies it; then the
/// f8E8M0FNU exponents of all groups, added as integers, scale it once, with
/// one rounding. A byte of 255 among them gives NaN. (OCP MX v1.0 section 5.4;
/// the product of two E8M0 scales spans 2^-254 to 2^254.)
Value applyScales(OpBuilder &b, Location loc, Value value,
                  ArrayRef<SmallVector<Value>> groups);

} // namespace mlir::mx

#endif // MX_IR_SCALEBUILDER_H
