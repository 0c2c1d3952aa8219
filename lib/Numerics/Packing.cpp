// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Numerics/Packing.h"

using namespace mx::numerics;

void mx::numerics::packFp4(const uint8_t *codes, size_t count, uint8_t *bytes) {
  for (size_t i = 0; i < count; i += 2) {
    unsigned high = i + 1 < count ? codes[i + 1] & 0xf : 0;
    bytes[i / 2] = static_cast<uint8_t>((codes[i] & 0xf) | high << 4);
  }
}

void mx::numerics::unpackFp4(const uint8_t *bytes, size_t count,
                             uint8_t *codes) {
  for (size_t i = 0; i < count; ++i)
    codes[i] = (bytes[i / 2] >> (i % 2 * 4)) & 0xf;
}

void mx::numerics::packFp6(const uint8_t *codes, size_t count, uint8_t *bytes) {
  for (size_t group = 0; group * 4 < count; ++group) {
    uint32_t word = 0;
    for (size_t i = 0; i < 4 && group * 4 + i < count; ++i)
      word |= static_cast<uint32_t>(codes[group * 4 + i] & 0x3f) << (6 * i);
    for (size_t i = 0; i < 3; ++i)
      bytes[group * 3 + i] = static_cast<uint8_t>(word >> (8 * i));
  }
}

void mx::numerics::unpackFp6(const uint8_t *bytes, size_t count,
                             uint8_t *codes) {
  for (size_t i = 0; i < count; ++i) {
    const uint8_t *group = bytes + i / 4 * 3;
    uint32_t word = group[0] | group[1] << 8 | group[2] << 16;
    codes[i] = (word >> (i % 4 * 6)) & 0x3f;
  }
}

GgmlMXFP4Block mx::numerics::packGgmlMXFP4(uint8_t scale,
                                           const uint8_t codes[32]) {
  GgmlMXFP4Block block;
  block.e = scale;
  for (int j = 0; j < 16; ++j)
    block.qs[j] =
        static_cast<uint8_t>((codes[j] & 0xf) | (codes[j + 16] & 0xf) << 4);
  return block;
}

void mx::numerics::unpackGgmlMXFP4(const GgmlMXFP4Block &block, uint8_t &scale,
                                   uint8_t codes[32]) {
  scale = block.e;
  for (int j = 0; j < 16; ++j) {
    codes[j] = block.qs[j] & 0xf;
    codes[j + 16] = block.qs[j] >> 4;
  }
}
