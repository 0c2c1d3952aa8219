// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// The scale rules against integer comparisons of exact values: amax and every
/// bound are multiples of 2^-160, held as APInt.
#include "mx/Numerics/ScaleRules.h"
#include "Oracle.h"

#include "gtest/gtest.h"

using namespace mx::numerics;
using namespace mx::numerics::test;
using llvm::APInt;

namespace {
/// value * 2^160, exactly, for an f32 >= 0.
APInt exact(float value) {
  uint32_t bits = toBits(value), exponent = bits >> 23;
  uint64_t mantissa = bits & kMantissaMask;
  if (exponent)
    mantissa |= 1 << 23;
  else
    exponent = 1;
  // mantissa * 2^(exponent - 150)
  return APInt(1024, mantissa).shl(exponent - 150 + 160);
}

/// 2^exponent * 2^160 for exponent >= -160.
APInt power(int exponent) { return APInt(1024, 1).shl(exponent + 160); }

/// The largest e with 2^e <= value.
int floorLog2(const APInt &value) {
  return static_cast<int>(value.getActiveBits()) - 1 - 160;
}

/// The least e with value <= 2^e.
int ceilLog2(const APInt &value) {
  if (value.isZero()) // The quotient underflowed.
    return -1000;
  int floor = floorLog2(value);
  return value == power(floor) ? floor : floor + 1;
}

int clampByte(int byte) { return byte < 0 ? 0 : byte > 254 ? 254 : byte; }

/// The byte by the rule's words; amax > 0 and finite.
int expectedByte(ScaleRule rule, ElementFormat format, float amax) {
  const FormatInfo &info = getFormatInfo(format);
  APInt value = exact(amax);
  // Bytes count f32's exponent field, which is 0 for all subnormals.
  bool subnormal = amax < fromBits(0x00800000);
  int exponent = subnormal ? -127 : floorLog2(value);
  switch (rule) {
  case ScaleRule::Floor:
    return clampByte(exponent - info.emax + 127);
  case ScaleRule::Ceil: {
    bool exactPower = !subnormal && value == power(exponent);
    return clampByte(exponent - info.emax + 127 + !exactPower);
  }
  case ScaleRule::Even: {
    // The carry of rounding half up to the element's mantissa bits.
    APInt half = subnormal ? power(-126 - 1 - int(info.mantissaBits))
                           : power(exponent - 1 - int(info.mantissaBits));
    APInt next = subnormal ? power(-126) : power(exponent + 1);
    return clampByte(exponent - info.emax + 127 + (value + half).uge(next));
  }
  case ScaleRule::RCeil:
    return clampByte(ceilLog2(exact(amax / info.max)) + 127);
  case ScaleRule::DeepSeek:
    return std::max(
        1, clampByte(ceilLog2(exact(std::fmax(amax, 1e-4f) / 448.0f)) + 127));
  case ScaleRule::TOSA: {
    if (subnormal)
      return 0;
    if (format == ElementFormat::E4M3) // amax <= 464 * 2^(b - 127)
      for (int byte = 0; byte <= 254; ++byte)
        if ((value.shl(200)).ule(exact(464.0f).shl(200 + byte).lshr(127)))
          return byte;
    return -1;
  }
  }
  return -1;
}

std::vector<float> getMagnitudes() {
  std::vector<float> values;
  // 0, 1, the mantissas of every rule's bounds with their neighbours, the last.
  // 0x7f0000 and 0x7f8000 bound INT8 among the subnormals.
  std::vector<uint32_t> mantissas = {0,        1,        0x7f0000, 0x7f7fff,
                                     0x7f8000, 0x7ffffe, 0x7fffff};
  for (ElementFormat format : kElementFormats) {
    const FormatInfo &info = getFormatInfo(format);
    float halfUlp = std::ldexp(0.5f, info.emax - int(info.mantissaBits));
    for (float bound : {info.max, info.max + halfUlp, 464.0f, 448.0f})
      for (int step : {-1, 0, 1, 2})
        mantissas.push_back((toBits(bound) + step) & kMantissaMask);
    uint32_t carry = 0x800000 - (1u << (22 - info.mantissaBits));
    for (int step : {-1, 0, 1})
      mantissas.push_back(carry + step);
  }
  for (uint32_t exponent = 0; exponent < 255; ++exponent)
    for (uint32_t mantissa : mantissas)
      values.push_back(fromBits(exponent << 23 | mantissa));
  return values;
}

void checkRule(ScaleRule rule) {
  for (ElementFormat format : kElementFormats) {
    if (!isDefined(rule, SpecialPolicy::Default, format))
      continue;
    for (float amax : getMagnitudes()) {
      if (amax == 0)
        continue;
      ASSERT_EQ(expectedByte(rule, format, amax),
                scaleByte(rule, SpecialPolicy::Default, format, toBits(amax)))
          << getFormatInfo(format).name << " bits " << toBits(amax);
    }
  }
}

TEST(ScaleRules, Floor) { checkRule(ScaleRule::Floor); }
TEST(ScaleRules, Ceil) { checkRule(ScaleRule::Ceil); }
TEST(ScaleRules, Even) { checkRule(ScaleRule::Even); }
TEST(ScaleRules, RCeil) { checkRule(ScaleRule::RCeil); }
TEST(ScaleRules, DeepSeek) { checkRule(ScaleRule::DeepSeek); }

TEST(ScaleRules, TosaE4M3) {
  for (float amax : getMagnitudes()) {
    if (amax < fromBits(0x00800000))
      continue;
    ASSERT_EQ(expectedByte(ScaleRule::TOSA, ElementFormat::E4M3, amax),
              scaleByte(ScaleRule::TOSA, SpecialPolicy::Default,
                        ElementFormat::E4M3, toBits(amax)))
        << toBits(amax);
  }
}

// The other formats: the power of two after amax / (max + half an ulp).
TEST(ScaleRules, TosaOthers) {
  for (ElementFormat format : kElementFormats) {
    if (format == ElementFormat::E4M3)
      continue;
    const FormatInfo &info = getFormatInfo(format);
    float bound =
        info.max + std::ldexp(0.5f, info.emax - int(info.mantissaBits));
    for (float amax : getMagnitudes()) {
      // The least byte with amax < bound * 2^(byte - 127).
      int byte = 0;
      while (byte < 254 &&
             exact(amax).shl(140).uge(exact(bound).shl(140 + byte).lshr(127)))
        ++byte;
      ASSERT_EQ(byte, scaleByte(ScaleRule::TOSA, SpecialPolicy::Default, format,
                                toBits(amax)))
          << info.name << " " << toBits(amax);
    }
  }
}

TEST(ScaleRules, Specials) {
  using P = SpecialPolicy;
  auto byte = [](ScaleRule rule, P policy, uint32_t bits) {
    return scaleByte(rule, policy, ElementFormat::E4M3, bits);
  };
  uint32_t nan = kNaNBits, inf = kInfinityBits;
  EXPECT_EQ(255, byte(ScaleRule::Floor, P::Default, nan));
  EXPECT_EQ(255, byte(ScaleRule::Floor, P::Default, inf));
  EXPECT_EQ(0, byte(ScaleRule::Floor, P::Default, 0));
  EXPECT_EQ(255, byte(ScaleRule::RCeil, P::TE, nan));
  EXPECT_EQ(254, byte(ScaleRule::RCeil, P::TE, inf));
  EXPECT_EQ(254, byte(ScaleRule::DeepSeek, P::DeepSeek, nan));
  EXPECT_EQ(254, byte(ScaleRule::DeepSeek, P::DeepSeek, inf));
  // 1e-4 / 448 lies between 2^-23 and 2^-22.
  EXPECT_EQ(127 - 22, byte(ScaleRule::DeepSeek, P::DeepSeek, 0));
  EXPECT_EQ(0, byte(ScaleRule::TOSA, P::TOSA, 0));
  EXPECT_EQ(255, byte(ScaleRule::TOSA, P::TOSA, nan));
}

TEST(ScaleRules, UndefinedPairsAreExplained) {
  using P = SpecialPolicy;
  EXPECT_FALSE(isDefined(ScaleRule::DeepSeek, P::Default, ElementFormat::E5M2));
  EXPECT_FALSE(isDefined(ScaleRule::Floor, P::TE, ElementFormat::E4M3));
  EXPECT_FALSE(isDefined(ScaleRule::RCeil, P::TE, ElementFormat::E2M1));
  EXPECT_TRUE(isDefined(ScaleRule::RCeil, P::TE, ElementFormat::E5M2));
  EXPECT_FALSE(isDefined(ScaleRule::Floor, P::DeepSeek, ElementFormat::E4M3));
  EXPECT_FALSE(isDefined(ScaleRule::Ceil, P::TOSA, ElementFormat::E4M3));
  EXPECT_NE("",
            explainUndefined(ScaleRule::Ceil, P::TOSA, ElementFormat::E4M3));
}
} // namespace
