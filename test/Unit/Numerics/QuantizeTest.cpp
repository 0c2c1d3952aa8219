// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Numerics/Quantize.h"
#include "Oracle.h"
#include "mx/Numerics/Convert.h"
#include "mx/Numerics/NVFP4.h"

#include "gtest/gtest.h"

#include <random>
#include <thread>

using namespace mx::numerics;
using namespace mx::numerics::test;

namespace {
/// Another scale in every block, and every kind of value.
std::vector<float> makeValues(size_t count) {
  std::mt19937 random(1);
  std::vector<float> values(count);
  for (size_t i = 0; i < count; ++i) {
    int exponent = static_cast<int>(i / 16 * 37 % 200) - 100;
    float mantissa = static_cast<float>(random() % 4096) / 4096.0f - 0.5f;
    values[i] = std::ldexp(mantissa, exponent);
  }
  values[count / 3] = -0.0f;
  return values;
}

void parallelFor(size_t n, const std::function<void(size_t)> &f) {
  std::vector<std::thread> threads;
  for (size_t t = 0; t < 3; ++t)
    threads.emplace_back([&, t] {
      for (size_t i = t; i < n; i += 3)
        f(i);
    });
  for (std::thread &thread : threads)
    thread.join();
}

/// Quantizes rows x columns in blocks and checks every code and scale against
/// a block-by-block computation.
void checkTensor(int64_t rows, int64_t columns, int64_t rowBlock,
                 int64_t columnBlock, bool transposedScales,
                 const ParallelFor &loop) {
  int64_t rowBlocks = (rows + rowBlock - 1) / rowBlock;
  int64_t columnBlocks = (columns + columnBlock - 1) / columnBlock;
  std::vector<BlockedDim> dims = {
      {rows, rowBlock, transposedScales ? 1 : columnBlocks},
      {columns, columnBlock, transposedScales ? rowBlocks : 1}};
  std::vector<float> values = makeValues(rows * columns);
  std::vector<uint8_t> codes(values.size()), scales(rowBlocks * columnBlocks);
  QuantizeSpec spec;
  quantizeTensor(spec, dims, values.data(), codes.data(), scales.data(), loop);
  for (int64_t rb = 0; rb < rowBlocks; ++rb)
    for (int64_t cb = 0; cb < columnBlocks; ++cb) {
      float amax = 0;
      auto forBlock = [&](auto f) {
        for (int64_t r = rb * rowBlock; r < std::min(rows, (rb + 1) * rowBlock);
             ++r)
          for (int64_t c = cb * columnBlock;
               c < std::min(columns, (cb + 1) * columnBlock); ++c)
            f(r * columns + c);
      };
      forBlock(
          [&](int64_t i) { amax = std::fmax(amax, std::fabs(values[i])); });
      uint8_t scale = scales[transposedScales ? cb * rowBlocks + rb
                                              : rb * columnBlocks + cb];
      ASSERT_EQ(scaleByte(spec.rule, spec.policy, spec.format, toBits(amax)),
                scale);
      forBlock([&](int64_t i) {
        ASSERT_EQ(
            encodeByAPFloat(spec.format, values[i] * reciprocalE8M0(scale)),
            codes[i]);
      });
    }
}

TEST(Quantize, RowsInBlocks) {
  checkTensor(33, 100, 1, 32, false, serialFor);
  checkTensor(33, 100, 1, 32, true, parallelFor);
}

TEST(Quantize, ColumnsInBlocks) {
  checkTensor(100, 33, 32, 1, false, serialFor);
  checkTensor(100, 33, 32, 1, true, parallelFor);
}

TEST(Quantize, SquareBlocks) {
  checkTensor(200, 300, 128, 128, false, parallelFor);
  checkTensor(130, 7, 64, 5, true, serialFor);
}

TEST(Quantize, OneBlockSpansADimension) {
  std::vector<float> values = makeValues(6 * 10);
  std::vector<uint8_t> codes(60), scales(6);
  quantizeTensor({}, {{6, 1, 1}, {10, 1, 0}}, values.data(), codes.data(),
                 scales.data(), parallelFor);
  for (int row = 0; row < 6; ++row) {
    float amax = 0;
    for (int i = 0; i < 10; ++i)
      amax = std::fmax(amax, std::fabs(values[row * 10 + i]));
    EXPECT_EQ(scaleByte(ScaleRule::Floor, SpecialPolicy::Default,
                        ElementFormat::E4M3, toBits(amax)),
              scales[row]);
  }
}

TEST(Quantize, SpecialBlocks) {
  float values[] = {NAN, 1.0f, -2.0f, 0.0f};
  uint8_t codes[4], scale;
  std::vector<BlockedDim> dims = {{4, 4, 1}};
  quantizeTensor({}, dims, values, codes, &scale);
  EXPECT_EQ(255, scale);
  for (uint8_t code : codes)
    EXPECT_EQ(0x7f, code);
  values[0] = INFINITY;
  QuantizeSpec te{ElementFormat::E4M3, ScaleRule::RCeil, SpecialPolicy::TE};
  quantizeTensor(te, dims, values, codes, &scale);
  EXPECT_EQ(254, scale);
  EXPECT_EQ(0x7e, codes[0]);
  float zeros[] = {0.0f, -0.0f, 0.0f, -0.0f};
  quantizeTensor({}, dims, zeros, codes, &scale);
  EXPECT_EQ(0, scale);
  EXPECT_EQ(0x80, codes[1]);
  float low[] = {-1.999f, 1.0f, 0.0f, 0.0f};
  QuantizeSpec tosa{ElementFormat::INT8, ScaleRule::TOSA, SpecialPolicy::TOSA};
  EXPECT_EQ(0x80, quantizeElement(tosa, -2.0f, 127));
  quantizeTensor({ElementFormat::INT8, ScaleRule::Floor, {}}, dims, low, codes,
                 &scale);
  EXPECT_EQ(0x81, codes[0]);
}

/// What mx.quantize's folder relies on: quantizing dequantized values again
/// finds the same bits, whichever exponent and mantissa the largest magnitude
/// has.
TEST(Quantize, RequantizingFindsTheSameBits) {
  for (ElementFormat format :
       {ElementFormat::E4M3, ElementFormat::E5M2, ElementFormat::E3M2,
        ElementFormat::E2M3, ElementFormat::E2M1, ElementFormat::INT8})
    for (uint32_t exponent = 0; exponent < 256; ++exponent)
      for (uint32_t mantissa = 0; mantissa < 1024; ++mantissa) {
        uint32_t low = mantissa % 3 == 0 ? 0 : mantissa % 3 == 1 ? 1 : 0x1fff;
        float amax = fromBits(exponent << 23 | mantissa << 13 | low);
        float values[] = {-amax, amax * 0.37f, -0.0f, amax * 0.004f};
        std::vector<BlockedDim> dims = {{4, 4, 1}};
        QuantizeSpec spec{format, ScaleRule::Floor, SpecialPolicy::Default};
        uint8_t codes[4], scale, codesAgain[4], scaleAgain;
        quantizeTensor(spec, dims, values, codes, &scale);
        for (int i = 0; i < 4; ++i)
          values[i] = dequantizeElement(format, codes[i], scale);
        quantizeTensor(spec, dims, values, codesAgain, &scaleAgain);
        ASSERT_EQ(scale, scaleAgain) << amax;
        for (int i = 0; i < 4; ++i)
          ASSERT_EQ(codes[i], codesAgain[i]) << amax << " " << i;
      }
}

TEST(NVFP4, FormulaAndEdges) {
  float amax = 13.5f;
  float g = nvfp4GlobalScale(amax);
  EXPECT_EQ(amax / 2688.0f, g);
  uint8_t scale = nvfp4BlockScale(toBits(amax), g);
  EXPECT_EQ(0x7e, scale); // 448
  EXPECT_EQ(0x7, nvfp4Element(amax, scale, g));
  EXPECT_EQ(6.0f * (g * 448.0f), nvfp4Dequantize(0x7, scale, g));
  // An all-zero tensor.
  EXPECT_EQ(0.0f, nvfp4GlobalScale(0));
  EXPECT_EQ(0x08, nvfp4BlockScale(0, 0));
  EXPECT_EQ(0, nvfp4Element(0.0f, 0x08, 0));
  // 1 / g overflows.
  float tiny = fromBits(3000);
  float small = nvfp4GlobalScale(tiny);
  EXPECT_EQ(0x7,
            nvfp4Element(tiny, nvfp4BlockScale(toBits(tiny), small), small));
  // NaN and Inf.
  EXPECT_EQ(0x7f, nvfp4BlockScale(kInfinityBits, g));
  EXPECT_EQ(0x7f, nvfp4BlockScale(kNaNBits, g));
  float values[] = {INFINITY, -3.0f, NAN};
  EXPECT_EQ(3.0f, finiteAmax(values, 3));
}
} // namespace
