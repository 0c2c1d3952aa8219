// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// The bits of an f32 (IEEE 754 binary32): sign 1, exponent 8, mantissa 23.
#ifndef MX_NUMERICS_BITS_H
#define MX_NUMERICS_BITS_H

#include <cstdint>
#include <cstring>

namespace mx::numerics {

constexpr uint32_t kMagnitudeMask = 0x7fffffff;
constexpr uint32_t kMantissaMask = 0x007fffff;
constexpr uint32_t kInfinityBits = 0x7f800000;
constexpr uint32_t kNaNBits = 0x7fc00000;

inline uint32_t toBits(float value) {
  uint32_t bits;
  std::memcpy(&bits, &value, sizeof(bits));
  return bits;
}

inline float fromBits(uint32_t bits) {
  float value;
  std::memcpy(&value, &bits, sizeof(value));
  return value;
}

/// Ordered like |value|: numbers, then Inf, then NaN.
inline uint32_t magnitudeBits(float value) {
  return toBits(value) & kMagnitudeMask;
}

/// 2^exponent for -126 <= exponent <= 127.
constexpr uint32_t powerOfTwoBits(int exponent) {
  return static_cast<uint32_t>(exponent + 127) << 23;
}

} // namespace mx::numerics

#endif // MX_NUMERICS_BITS_H
