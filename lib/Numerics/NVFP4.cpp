// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Numerics/NVFP4.h"
#include "mx/Numerics/Bits.h"
#include "mx/Numerics/Convert.h"

#include <algorithm>

using namespace mx::numerics;

float mx::numerics::finiteAmax(const float *values, size_t count) {
  uint32_t largest = 0;
  for (size_t i = 0; i < count; ++i) {
    uint32_t bits = magnitudeBits(values[i]);
    largest = std::max(largest, bits < kInfinityBits ? bits : 0);
  }
  return fromBits(largest);
}

float mx::numerics::nvfp4GlobalScale(float amax) {
  return amax / (448.0f * 6.0f);
}

uint8_t mx::numerics::nvfp4BlockScale(uint32_t amaxBits, float globalScale) {
  if (amaxBits >= kInfinityBits)
    return 0x7f;
  float quotient = (fromBits(amaxBits) / 6.0f) / globalScale;
  // 0 / 0 fails the comparison and takes the lower bound: the least normal.
  float clamped = quotient > 0.015625f ? quotient : 0.015625f;
  return encode(ElementFormat::E4M3, std::min(clamped, 448.0f));
}

uint8_t mx::numerics::nvfp4Element(float value, uint8_t scaleCode,
                                   float globalScale) {
  float scale = decode(ElementFormat::E4M3, scaleCode);
  float inverse = 1.0f / globalScale;
  float scaled = magnitudeBits(inverse) >= kInfinityBits
                     ? (value / globalScale) / scale
                     : value * (inverse / scale);
  return encode(ElementFormat::E2M1, scaled);
}

float mx::numerics::nvfp4Dequantize(uint8_t code, uint8_t scaleCode,
                                    float globalScale) {
  float scale = decode(ElementFormat::E4M3, scaleCode);
  return decode(ElementFormat::E2M1, code) * (globalScale * scale);
}
