// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// The scale byte of a block from the bits of its largest magnitude. Nothing
/// here takes a float logarithm: floor(log2f(x)) is wrong just below most
/// powers of two.
#include "mx/IR/QuantizeBuilder.h"
#include "mx/IR/ScalarBuilder.h"

#include "llvm/ADT/APFloat.h"
#include "llvm/ADT/bit.h"

using namespace mlir;
using namespace mlir::mx;

namespace {
/// What the rules ask of an element format (OCP MX v1.0 tables 1 to 5).
struct ElementTraits {
  int64_t emax;
  int64_t mantissaBits;
  float max;
};

ElementTraits getTraits(Type element) {
  if (element.isInteger(8))
    return {0, kInt8FractionBits, 127.0f / 64.0f};
  const llvm::fltSemantics &semantics =
      cast<FloatType>(element).getFloatSemantics();
  llvm::APFloat largest = llvm::APFloat::getLargest(semantics);
  int64_t emax = llvm::ilogb(largest);
  bool ignored;
  largest.convert(llvm::APFloat::IEEEsingle(),
                  llvm::APFloat::rmNearestTiesToEven, &ignored);
  return {emax,
          static_cast<int64_t>(llvm::APFloat::semanticsPrecision(semantics)) -
              1,
          largest.convertToFloat()};
}

/// The biased exponent of the least power of two not below an f32 >= 0 with
/// these bits; a subnormal counts as 2^-127 (byte 0) or 2^-126.
Value ceilExponent(ScalarBuilder &s, Value bits) {
  Value exponent = s.shr(bits, 23);
  Value mantissa = s.bitAnd(bits, s.i32(0x7fffff));
  // 2^-127 has the mantissa field 0x400000.
  Value normal = s.add(exponent, s.extend(s.above(mantissa, 0)));
  Value subnormal = s.extend(s.above(mantissa, 0x400000));
  return s.select(s.equal(exponent, 0), subnormal, normal);
}

/// TOSA 1.1: E4M3 takes the next exponent above 464, the others from
/// max + half an ulp on; the significand of that bound as an f32 mantissa.
Value tosaByte(ScalarBuilder &s, Value amax, Type element,
               const ElementTraits &traits) {
  Value exponent = s.shr(amax, 23);
  Value mantissa = s.bitAnd(amax, s.i32(0x7fffff));
  // Significands of 24 bits; a subnormal's counts from 2^-127.
  Value significand = s.select(s.equal(exponent, 0), s.shl(mantissa, 1),
                               s.bitOr(mantissa, s.i32(int64_t(1) << 23)));
  bool e4m3 = isa<Float8E4M3FNType>(element);
  float halfUlp =
      std::ldexp(0.5f, static_cast<int>(traits.emax - traits.mantissaBits));
  float bound = e4m3 ? 464.0f : traits.max + halfUlp;
  int64_t least = (llvm::bit_cast<uint32_t>(bound) & 0x7fffff) | int64_t(1)
                                                                     << 23;
  Value up = s.above(significand, e4m3 ? least : least - 1);
  return s.add(s.sub(exponent, s.i32(traits.emax)), s.extend(up));
}

Value ruleByte(ScalarBuilder &s, Value amax, Type element, ScaleRule rule) {
  ElementTraits traits = getTraits(element);
  Value emax = s.i32(traits.emax);
  switch (rule) {
  case ScaleRule::Floor:
    return s.sub(s.shr(amax, 23), emax);
  case ScaleRule::Ceil: {
    Value mantissa = s.bitAnd(amax, s.i32(0x7fffff));
    return s.add(s.sub(s.shr(amax, 23), emax), s.extend(s.above(mantissa, 0)));
  }
  case ScaleRule::Even: {
    Value half = s.i32(int64_t(1) << (22 - traits.mantissaBits));
    return s.sub(s.shr(s.add(amax, half), 23), emax);
  }
  case ScaleRule::RCeil: {
    Value quotient = s.divF(s.toF32(amax), s.f32(traits.max));
    return ceilExponent(s, s.toBits(quotient));
  }
  case ScaleRule::DeepSeek: {
    // DeepGEMM: max(amax, 1e-4) / 448, rounded up to a power of two.
    Value least = s.i32(llvm::bit_cast<uint32_t>(1e-4f));
    Value quotient = s.divF(s.toF32(s.max(amax, least)), s.f32(448.0f));
    return s.max(ceilExponent(s, s.toBits(quotient)), s.i32(1));
  }
  case ScaleRule::TOSA:
    return tosaByte(s, amax, element, traits);
  }
  llvm_unreachable("all rules are handled");
}
} // namespace

Value mlir::mx::getScaleByte(OpBuilder &b, Location loc, Value amax,
                             Type element, ScaleRule rule,
                             SpecialPolicy special) {
  ScalarBuilder s(b, loc);
  Value byte =
      s.max(s.min(ruleByte(s, amax, element, rule), s.i32(254)), s.i32(0));
  Value infinity = s.i32(0x7f800000);
  Value notFinite = s.compare(arith::CmpIPredicate::uge, amax, infinity);
  Value isNaN = s.compare(arith::CmpIPredicate::ugt, amax, infinity);
  switch (special) {
  case SpecialPolicy::Default:
  case SpecialPolicy::TOSA:
    byte = s.select(notFinite, s.i32(255), byte);
    break;
  case SpecialPolicy::TE:
    byte = s.select(notFinite, s.i32(254), byte);
    byte = s.select(isNaN, s.i32(255), byte);
    break;
  case SpecialPolicy::DeepSeek:
    byte = s.select(notFinite, s.i32(254), byte);
    break;
  }
  return s.bits(s.truncate(byte, 8), Float8E8M0FNUType::get(b.getContext()));
}
