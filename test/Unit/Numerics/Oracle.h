// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// LLVM's APFloat as an independent implementation of the formats.
#ifndef MX_TEST_UNIT_NUMERICS_ORACLE_H
#define MX_TEST_UNIT_NUMERICS_ORACLE_H

#include "mx/Numerics/Bits.h"
#include "mx/Numerics/Formats.h"

#include "llvm/ADT/APFloat.h"
#include "llvm/ADT/APInt.h"

#include <cmath>
#include <vector>

namespace mx::numerics::test {

inline const llvm::fltSemantics &getSemantics(ElementFormat format) {
  switch (format) {
  case ElementFormat::E4M3:
    return llvm::APFloat::Float8E4M3FN();
  case ElementFormat::E5M2:
    return llvm::APFloat::Float8E5M2();
  case ElementFormat::E3M2:
    return llvm::APFloat::Float6E3M2FN();
  case ElementFormat::E2M3:
    return llvm::APFloat::Float6E2M3FN();
  default:
    return llvm::APFloat::Float4E2M1FN();
  }
}

inline float decodeByAPFloat(ElementFormat format, unsigned code) {
  unsigned bits = getFormatInfo(format).bits;
  llvm::APFloat value(getSemantics(format), llvm::APInt(bits, code));
  bool ignored;
  value.convert(llvm::APFloat::IEEEsingle(), llvm::APFloat::rmNearestTiesToEven,
                &ignored);
  return value.convertToFloat();
}

/// APFloat's rounding, saturated: it does not saturate itself.
inline unsigned encodeByAPFloat(ElementFormat format, float value) {
  const FormatInfo &info = getFormatInfo(format);
  if (std::isnan(value))
    return info.hasNaN ? 0x7f : 0;
  float clamped = std::fmin(std::fmax(value, -info.max), info.max);
  llvm::APFloat result(clamped);
  bool ignored;
  result.convert(getSemantics(format), llvm::APFloat::rmNearestTiesToEven,
                 &ignored);
  return result.bitcastToAPInt().getZExtValue();
}

/// `value` and the f32s next to it.
inline std::vector<float> withNeighbours(float value) {
  return {std::nextafterf(value, -INFINITY), value,
          std::nextafterf(value, INFINITY)};
}

} // namespace mx::numerics::test

#endif // MX_TEST_UNIT_NUMERICS_ORACLE_H
