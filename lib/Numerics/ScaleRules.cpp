// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Numerics/ScaleRules.h"
#include "mx/Numerics/Bits.h"

#include <algorithm>

using namespace mx::numerics;

std::string mx::numerics::explainUndefined(ScaleRule rule, SpecialPolicy policy,
                                           ElementFormat format) {
  if (rule == ScaleRule::DeepSeek && format != ElementFormat::E4M3)
    return "rule deepseek is defined for e4m3 elements only";
  if (policy == SpecialPolicy::TE &&
      (rule != ScaleRule::RCeil ||
       (format != ElementFormat::E4M3 && format != ElementFormat::E5M2)))
    return "special te is defined for rule rceil with e4m3 and e5m2 elements "
           "only";
  if (policy == SpecialPolicy::DeepSeek && rule != ScaleRule::DeepSeek)
    return "special deepseek is defined for rule deepseek only";
  if (policy == SpecialPolicy::TOSA && rule != ScaleRule::TOSA)
    return "special tosa is defined for rule tosa only";
  return "";
}

bool mx::numerics::isDefined(ScaleRule rule, SpecialPolicy policy,
                             ElementFormat format) {
  return explainUndefined(rule, policy, format).empty();
}

/// The biased exponent of the least power of two not below an f32 >= 0. A
/// subnormal counts as 2^-127 (mantissa field 0x400000) or 2^-126.
static int ceilExponent(float value) {
  uint32_t bits = toBits(value);
  int exponent = static_cast<int>(bits >> 23);
  uint32_t mantissa = bits & kMantissaMask;
  if (exponent == 0)
    return mantissa > 0x400000;
  return exponent + (mantissa != 0);
}

/// The unclamped byte for a finite amax.
static int ruleByte(ScaleRule rule, ElementFormat format, uint32_t amaxBits) {
  const FormatInfo &info = getFormatInfo(format);
  int exponent = static_cast<int>(amaxBits >> 23);
  uint32_t mantissa = amaxBits & kMantissaMask;
  switch (rule) {
  case ScaleRule::Floor:
    return exponent - info.emax;
  case ScaleRule::Ceil:
    return exponent - info.emax + (mantissa != 0);
  case ScaleRule::Even:
    return static_cast<int>((amaxBits + (1u << (22 - info.mantissaBits))) >>
                            23) -
           info.emax;
  case ScaleRule::RCeil:
    return ceilExponent(fromBits(amaxBits) / info.max);
  case ScaleRule::DeepSeek:
    return std::max(ceilExponent(std::max(fromBits(amaxBits), 1e-4f) / 448.0f),
                    1);
  case ScaleRule::TOSA: {
    bool e4m3 = format == ElementFormat::E4M3;
    float halfUlp = fromBits(
        powerOfTwoBits(info.emax - static_cast<int>(info.mantissaBits) - 1));
    float bound = e4m3 ? 464.0f : info.max + halfUlp;
    // Significands of 24 bits; a subnormal's counts from 2^-127.
    uint32_t least = (toBits(bound) & kMantissaMask) | (1u << 23);
    uint32_t significand = exponent ? mantissa | (1u << 23) : mantissa << 1;
    return exponent - info.emax +
           (e4m3 ? significand > least : significand >= least);
  }
  }
  return 0;
}

uint8_t mx::numerics::scaleByte(ScaleRule rule, SpecialPolicy policy,
                                ElementFormat format, uint32_t amaxBits) {
  if (amaxBits >= kInfinityBits) {
    bool isNaN = amaxBits > kInfinityBits;
    if (policy == SpecialPolicy::DeepSeek ||
        (policy == SpecialPolicy::TE && !isNaN))
      return 254;
    return 255;
  }
  return static_cast<uint8_t>(
      std::clamp(ruleByte(rule, format, amaxBits), 0, 254));
}
