// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Numerics/Packing.h"

#include "gtest/gtest.h"

#include <vector>

using namespace mx::numerics;

namespace {
TEST(Packing, Fp4HoldsTheFirstCodeLow) {
  uint8_t codes[] = {0x1, 0xf, 0x7};
  uint8_t bytes[2];
  packFp4(codes, 3, bytes);
  EXPECT_EQ(0xf1, bytes[0]);
  EXPECT_EQ(0x07, bytes[1]);
}

TEST(Packing, Fp6HoldsFourCodesInThreeBytes) {
  // 0b111111'000001'100000'000011 from the last to the first.
  uint8_t codes[] = {0x03, 0x20, 0x01, 0x3f, 0x2a};
  uint8_t bytes[6];
  packFp6(codes, 5, bytes);
  EXPECT_EQ(0x03, bytes[0]);
  EXPECT_EQ(0x18, bytes[1]);
  EXPECT_EQ(0xfc, bytes[2]);
  EXPECT_EQ(0x2a, bytes[3]);
  EXPECT_EQ(0, bytes[4]);
  EXPECT_EQ(0, bytes[5]);
}

TEST(Packing, RoundTripsEveryLength) {
  for (size_t count = 0; count < 130; ++count) {
    std::vector<uint8_t> fp4(count), fp6(count), back(count);
    for (size_t i = 0; i < count; ++i) {
      fp4[i] = (i * 7 + 3) % 16;
      fp6[i] = (i * 11 + 5) % 64;
    }
    std::vector<uint8_t> bytes((count + 1) / 2 + (count + 3) / 4 * 3);
    packFp4(fp4.data(), count, bytes.data());
    unpackFp4(bytes.data(), count, back.data());
    EXPECT_EQ(fp4, back);
    packFp6(fp6.data(), count, bytes.data());
    unpackFp6(bytes.data(), count, back.data());
    EXPECT_EQ(fp6, back);
  }
}

TEST(Packing, GgmlBlocksPairCodesSixteenApart) {
  uint8_t codes[32], back[32], scale;
  for (int i = 0; i < 32; ++i)
    codes[i] = (i * 5 + 1) % 16;
  GgmlMXFP4Block block = packGgmlMXFP4(130, codes);
  EXPECT_EQ(130, block.e);
  EXPECT_EQ(codes[3] | codes[19] << 4, block.qs[3]);
  unpackGgmlMXFP4(block, scale, back);
  EXPECT_EQ(130, scale);
  for (int i = 0; i < 32; ++i)
    EXPECT_EQ(codes[i], back[i]);
}
} // namespace
