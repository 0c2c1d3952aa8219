// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/IR/QuantizeBuilder.h"
#include "mx/IR/ScalarBuilder.h"

#include "llvm/ADT/APFloat.h"
#include "llvm/ADT/bit.h"

using namespace mlir;
using namespace mlir::mx;

static Value toF32(ScalarBuilder &s, Value value) {
  return value.getType().isF32() ? value : s.extF(value);
}

Value mlir::mx::getMagnitudeBits(OpBuilder &b, Location loc, Value value) {
  ScalarBuilder s(b, loc);
  return s.bitAnd(s.toBits(toF32(s, value)), s.i32(0x7fffffff));
}

/// Rounds a scaled value that is a number to an i8 of 6 fraction bits, ties to
/// even.
static Value roundToInt8(ScalarBuilder &s, Value scaled,
                         SpecialPolicy special) {
  float low = special == SpecialPolicy::TOSA ? -128.0f : -127.0f;
  Value value =
      s.clampNumber(s.mulF(scaled, s.f32(64.0f)), s.f32(low), s.f32(127.0f));
  // Adding 1.5 * 2^23 leaves the integer, rounded, in the low mantissa bits.
  Value rounded = s.toBits(s.addF(value, s.f32(12582912.0f)));
  return s.truncate(rounded, 8);
}

/// Rounds a scaled value that is a number to a narrow float.
static Value roundToFloat(ScalarBuilder &s, Value scaled, Type element) {
  const llvm::fltSemantics &semantics =
      cast<FloatType>(element).getFloatSemantics();
  llvm::APFloat largest = llvm::APFloat::getLargest(semantics);
  bool ignored;
  largest.convert(llvm::APFloat::IEEEsingle(),
                  llvm::APFloat::rmNearestTiesToEven, &ignored);
  float max = largest.convertToFloat();
  return s.truncNumber(s.clampNumber(scaled, s.f32(-max), s.f32(max)), element);
}

/// The code that stands for NaN: 0x7F in the 8-bit floats, zero elsewhere.
static Value getNaNElement(ScalarBuilder &s, Type element) {
  bool hasNaN = isa<Float8E4M3FNType, Float8E5M2Type>(element);
  return s.code(hasNaN ? 0x7f : 0, element);
}

Value mlir::mx::getReciprocal(OpBuilder &b, Location loc, Value scale,
                              SpecialPolicy special) {
  ScalarBuilder s(b, loc);
  Value byte = s.extend(s.bits(scale, b.getI8Type()));
  // 1 / 2^(byte - 127); for byte 254 that is the subnormal 2^-127.
  Value reciprocal = s.select(s.equal(byte, 254), s.i32(0x00400000),
                              s.shl(s.sub(s.i32(254), byte), 23));
  if (special == SpecialPolicy::TE) // PTX cvt: a scale of 0 divides by 1.
    reciprocal = s.select(s.equal(byte, 0),
                          s.i32(llvm::bit_cast<uint32_t>(1.0f)), reciprocal);
  return s.toF32(reciprocal);
}

Value mlir::mx::quantizeElement(OpBuilder &b, Location loc, Value value,
                                Value reciprocal, Value scale, Type element,
                                SpecialPolicy special) {
  ScalarBuilder s(b, loc);
  Value scaled = s.mulF(toF32(s, value), reciprocal);
  Value rounded = element.isInteger(8) ? roundToInt8(s, scaled, special)
                                       : roundToFloat(s, scaled, element);
  Value isNaN = scale ? s.equal(s.extend(s.bits(scale, b.getI8Type())), 255)
                      : s.isNaN(scaled);
  return s.select(isNaN, getNaNElement(s, element), rounded);
}

Value mlir::mx::getNVFP4Scale(OpBuilder &b, Location loc, Value amax,
                              Value global) {
  ScalarBuilder s(b, loc);
  Type type = Float8E4M3FNType::get(b.getContext());
  Value quotient = s.divF(s.divF(s.toF32(amax), s.f32(6.0f)), global);
  // An all-zero tensor has the global scale 0, and 0 / 0 is NaN.
  quotient = s.select(s.isNaN(quotient), s.f32(0.0f), quotient);
  // 2^-6 and 448: the least normal and the largest E4M3.
  Value scale = s.truncNumber(
      s.clampNumber(quotient, s.f32(0.015625f), s.f32(448.0f)), type);
  Value finite = s.compare(arith::CmpIPredicate::ult, amax, s.i32(0x7f800000));
  return s.select(finite, scale, s.code(0x7f, type));
}

Value mlir::mx::quantizeNVFP4Element(OpBuilder &b, Location loc, Value value,
                                     Value scale, Value global) {
  ScalarBuilder s(b, loc);
  Type type = Float4E2M1FNType::get(b.getContext());
  value = toF32(s, value);
  Value factor = s.extF(scale);
  Value inverse = s.divF(s.f32(1.0f), global);
  Value scaled = s.mulF(value, s.divF(inverse, factor));
  // Below 2^-128 the reciprocal overflows; there the quotients do not.
  Value overflow = s.compare(arith::CmpIPredicate::uge,
                             s.bitAnd(s.toBits(inverse), s.i32(0x7fffffff)),
                             s.i32(0x7f800000));
  scaled = s.select(overflow, s.divF(s.divF(value, global), factor), scaled);
  scaled = s.select(s.isNaN(scaled), s.f32(0.0f), scaled);
  return roundToFloat(s, scaled, type);
}
