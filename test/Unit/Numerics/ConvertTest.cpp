// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Numerics/Convert.h"
#include "Oracle.h"

#include "gtest/gtest.h"

using namespace mx::numerics;
using namespace mx::numerics::test;

namespace {
constexpr ElementFormat kFloats[] = {ElementFormat::E4M3, ElementFormat::E5M2,
                                     ElementFormat::E3M2, ElementFormat::E2M3,
                                     ElementFormat::E2M1};

/// Every boundary between two neighbouring values, those values, and the f32s
/// around each; f32's own extremes.
std::vector<float> getInteresting(ElementFormat format) {
  const FormatInfo &info = getFormatInfo(format);
  std::vector<float> values = {0.0f,
                               fromBits(1),
                               fromBits(0x007fffff),
                               fromBits(0x00800000),
                               3.0e38f,
                               fromBits(0x7f7fffff),
                               INFINITY};
  for (unsigned code = 0; code <= info.maxCode; ++code) {
    float value = decode(format, code);
    float next = code < info.maxCode ? decode(format, code + 1) : value * 2;
    for (float v : withNeighbours(value))
      values.push_back(v);
    for (float v : withNeighbours((value + next) / 2))
      values.push_back(v);
  }
  size_t count = values.size();
  for (size_t i = 0; i < count; ++i)
    values.push_back(-values[i]);
  return values;
}

TEST(Convert, DecodesEveryCodeAsAPFloat) {
  for (ElementFormat format : kFloats) {
    const FormatInfo &info = getFormatInfo(format);
    for (unsigned code = 0; code < (1u << info.bits); ++code) {
      float expected = decodeByAPFloat(format, code);
      float found = decode(format, code);
      if (std::isnan(expected))
        EXPECT_TRUE(std::isnan(found)) << info.name << " " << code;
      else
        EXPECT_EQ(toBits(expected), toBits(found)) << info.name << " " << code;
    }
  }
}

TEST(Convert, EncodesEveryCodeBack) {
  for (ElementFormat format : kFloats) {
    const FormatInfo &info = getFormatInfo(format);
    for (unsigned code = 0; code < (1u << info.bits); ++code) {
      float value = decode(format, code);
      if (std::isfinite(value)) {
        EXPECT_EQ(code, encode(format, value)) << info.name;
      }
    }
  }
}

TEST(Convert, RoundsAtEveryBoundaryAsAPFloat) {
  for (ElementFormat format : kFloats)
    for (float value : getInteresting(format))
      EXPECT_EQ(encodeByAPFloat(format, value), encode(format, value))
          << getFormatInfo(format).name << " " << value;
}

TEST(Convert, NaNHasNoSign) {
  for (ElementFormat format : kElementFormats)
    for (uint32_t bits : {0x7fc00000u, 0xffc00000u, 0x7f800001u})
      EXPECT_EQ(getFormatInfo(format).hasNaN ? 0x7f : 0,
                encode(format, fromBits(bits)));
}

TEST(Convert, Int8CountsSixtyFourths) {
  for (int code = -128; code < 128; ++code) {
    float value = decode(ElementFormat::INT8, static_cast<uint8_t>(code));
    EXPECT_EQ(code / 64.0f, value);
    EXPECT_EQ(static_cast<uint8_t>(std::max(code, -127)),
              encode(ElementFormat::INT8, value));
    // Ties go to the even neighbour.
    float tie = (code + 0.5f) / 64.0f;
    int expected = static_cast<int>(std::nearbyint(tie * 64));
    expected = std::min(std::max(expected, -127), 127);
    EXPECT_EQ(static_cast<uint8_t>(expected), encode(ElementFormat::INT8, tie));
    for (float v : withNeighbours(tie)) {
      int nearest = static_cast<int>(std::nearbyint(double(v) * 64));
      nearest = std::min(std::max(nearest, -127), 127);
      EXPECT_EQ(static_cast<uint8_t>(nearest), encode(ElementFormat::INT8, v));
    }
  }
  EXPECT_EQ(127, encode(ElementFormat::INT8, INFINITY));
  EXPECT_EQ(0x81, encode(ElementFormat::INT8, -INFINITY));
}

TEST(Convert, DecodesEveryScaleAsAPFloat) {
  for (unsigned code = 0; code < 255; ++code) {
    llvm::APFloat value(llvm::APFloat::Float8E8M0FNU(), llvm::APInt(8, code));
    bool ignored;
    value.convert(llvm::APFloat::IEEEsingle(),
                  llvm::APFloat::rmNearestTiesToEven, &ignored);
    EXPECT_EQ(toBits(value.convertToFloat()), toBits(decodeE8M0(code)));
    EXPECT_EQ(1.0f, decodeE8M0(code) * reciprocalE8M0(code)) << code;
  }
  EXPECT_TRUE(std::isnan(decodeE8M0(255)));
}

TEST(Convert, EncodesScalesAsAPFloat) {
  for (unsigned code = 0; code < 255; ++code) {
    float power = decodeE8M0(code);
    EXPECT_EQ(code, encodeE8M0(power));
    if (code == 254)
      continue;
    for (float value : withNeighbours(1.5f * power)) {
      llvm::APFloat expected(value);
      bool ignored;
      expected.convert(llvm::APFloat::Float8E8M0FNU(),
                       llvm::APFloat::rmNearestTiesToEven, &ignored);
      EXPECT_EQ(expected.bitcastToAPInt().getZExtValue(), encodeE8M0(value))
          << value;
    }
  }
  EXPECT_EQ(0, encodeE8M0(0.0f));
  EXPECT_EQ(0, encodeE8M0(-0.0f));
  EXPECT_EQ(0, encodeE8M0(fromBits(1)));
  EXPECT_EQ(254, encodeE8M0(fromBits(kInfinityBits - 1)));
  for (float value : {-1.0f, -fromBits(1), INFINITY, -INFINITY, NAN})
    EXPECT_EQ(255, encodeE8M0(value)) << value;
}
} // namespace
