// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// The element and scale formats of block-scaled numbers. Plain C++, free of
/// MLIR, so that run-time libraries and tests can use it alone.
#ifndef MX_NUMERICS_FORMATS_H
#define MX_NUMERICS_FORMATS_H

#include <cstdint>

namespace mx::numerics {

/// Element formats: OCP FP8 (OFP8) v1.0 for E4M3 and E5M2, OCP MX v1.0 section
/// 5.3 for the others.
enum class ElementFormat : uint8_t { E4M3, E5M2, E3M2, E2M3, E2M1, INT8 };

constexpr ElementFormat kElementFormats[] = {
    ElementFormat::E4M3, ElementFormat::E5M2, ElementFormat::E3M2,
    ElementFormat::E2M3, ElementFormat::E2M1, ElementFormat::INT8};

/// The bit layout of a format, from the most significant bit: a sign,
/// `exponentBits`, `mantissaBits`. INT8 is a two's complement integer with
/// `mantissaBits` bits after the binary point (implied scale 2^-6).
struct FormatInfo {
  const char *name;
  unsigned bits;
  unsigned exponentBits;
  unsigned mantissaBits;
  int bias;
  /// Exponent of the largest finite value.
  int emax;
  /// Largest finite value and its code.
  float max;
  uint8_t maxCode;
  bool hasInf;
  bool hasNaN;
};

constexpr FormatInfo kFormatInfos[] = {
    {"e4m3", 8, 4, 3, 7, 8, 448.0f, 0x7e, false, true},
    {"e5m2", 8, 5, 2, 15, 15, 57344.0f, 0x7b, true, true},
    {"e3m2", 6, 3, 2, 3, 4, 28.0f, 0x1f, false, false},
    {"e2m3", 6, 2, 3, 1, 2, 7.5f, 0x1f, false, false},
    {"e2m1", 4, 2, 1, 1, 2, 6.0f, 0x07, false, false},
    {"int8", 8, 0, 6, 0, 0, 127.0f / 64.0f, 0x7f, false, false}};

constexpr const FormatInfo &getFormatInfo(ElementFormat format) {
  return kFormatInfos[static_cast<unsigned>(format)];
}

} // namespace mx::numerics

#endif // MX_NUMERICS_FORMATS_H
