// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Numerics/Convert.h"
#include "Encode.h"

#include <algorithm>

using namespace mx::numerics;

float mx::numerics::decode(ElementFormat format, uint8_t code) {
  if (format == ElementFormat::INT8)
    return static_cast<float>(static_cast<int8_t>(code)) / 64.0f;
  const FormatInfo &info = getFormatInfo(format);
  uint32_t magnitude = code & ((1u << (info.bits - 1)) - 1);
  uint32_t sign = static_cast<uint32_t>(code >> (info.bits - 1) & 1) << 31;
  if (magnitude > info.maxCode)
    return fromBits(sign | (info.hasInf && magnitude == info.maxCode + 1u
                                ? kInfinityBits
                                : kNaNBits));
  // Subnormals are multiples of the smallest one.
  if (magnitude < (1u << info.mantissaBits)) {
    float unit = fromBits(
        powerOfTwoBits(1 - info.bias - static_cast<int>(info.mantissaBits)));
    return fromBits(sign | toBits(static_cast<float>(magnitude) * unit));
  }
  uint32_t bits = (magnitude << (23 - info.mantissaBits)) +
                  (static_cast<uint32_t>(127 - info.bias) << 23);
  return fromBits(sign | bits);
}

uint8_t mx::numerics::encode(ElementFormat format, float value) {
  switch (format) {
  case ElementFormat::E4M3:
    return encodeAs<ElementFormat::E4M3>(value);
  case ElementFormat::E5M2:
    return encodeAs<ElementFormat::E5M2>(value);
  case ElementFormat::E3M2:
    return encodeAs<ElementFormat::E3M2>(value);
  case ElementFormat::E2M3:
    return encodeAs<ElementFormat::E2M3>(value);
  case ElementFormat::E2M1:
    return encodeAs<ElementFormat::E2M1>(value);
  case ElementFormat::INT8:
    return encodeAs<ElementFormat::INT8>(value);
  }
  return 0;
}

float mx::numerics::decodeE8M0(uint8_t code) {
  if (code == 255)
    return fromBits(kNaNBits);
  return fromBits(code == 0 ? 0x00400000 : static_cast<uint32_t>(code) << 23);
}

uint8_t mx::numerics::encodeE8M0(float value) {
  uint32_t bits = toBits(value);
  if (magnitudeBits(value) == 0)
    return 0;
  if (bits >= kInfinityBits)
    return 255;
  uint32_t exponent = bits >> 23, mantissa = bits & kMantissaMask;
  // 2^-127 is a subnormal: its half again is 0x600000.
  uint32_t tie = exponent == 0 ? 0x00600000 : 0x00400000;
  return static_cast<uint8_t>(std::min(exponent + (mantissa >= tie), 254u));
}

float mx::numerics::reciprocalE8M0(uint8_t code) {
  return decodeE8M0(static_cast<uint8_t>(254 - code));
}
