// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// encode() for one format, inlined into loops. Branch-free integer and f32
/// arithmetic that a compiler can emit as it stands; ScalarBuilder's users in
/// lib/IR and lib/Transforms build the same on IR.
#ifndef MX_LIB_NUMERICS_ENCODE_H
#define MX_LIB_NUMERICS_ENCODE_H

#include "mx/Numerics/Bits.h"
#include "mx/Numerics/Formats.h"

namespace mx::numerics {

template <ElementFormat format> inline uint8_t encodeAs(float value) {
  constexpr FormatInfo info = getFormatInfo(format);
  constexpr unsigned shift = 23 - info.mantissaBits;
  uint32_t bits = toBits(value);
  uint32_t magnitude = bits & kMagnitudeMask;
  // Normal: add half an ulp less one, and one more where the last bit is odd.
  uint32_t rounded =
      magnitude + ((1u << (shift - 1)) - 1) + ((magnitude >> shift) & 1);
  uint32_t normal = (rounded >> shift) - (static_cast<uint32_t>(127 - info.bias)
                                          << info.mantissaBits);
  // Subnormal: the sum with an f32 whose last bit weighs as much as the
  // smallest subnormal is rounded to that bit.
  constexpr uint32_t magic =
      powerOfTwoBits(1 - info.bias + static_cast<int>(shift));
  uint32_t subnormal = toBits(fromBits(magnitude) + fromBits(magic)) - magic;
  uint32_t code =
      magnitude >= powerOfTwoBits(1 - info.bias) ? normal : subnormal;
  code = code < info.maxCode ? code : info.maxCode;
  uint32_t sign = (bits >> (32 - info.bits)) & (1u << (info.bits - 1));
  constexpr uint8_t nan = info.hasNaN ? 0x7f : 0;
  return magnitude > kInfinityBits ? nan : static_cast<uint8_t>(code | sign);
}

template <> inline uint8_t encodeAs<ElementFormat::INT8>(float value) {
  float scaled = value * 64.0f;
  scaled = scaled < 127.0f ? scaled : 127.0f; // NaN becomes 127 here ...
  scaled = scaled > -127.0f ? scaled : -127.0f;
  // The sum with 1.5 * 2^23 has the rounded integer in its low bits.
  uint8_t code = static_cast<uint8_t>(toBits(scaled + 12582912.0f));
  return magnitudeBits(value) > kInfinityBits ? 0 : code; // ... and 0 here.
}

} // namespace mx::numerics

#endif // MX_LIB_NUMERICS_ENCODE_H
