// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Codes to f32 and back, for elements and scales.
#ifndef MX_NUMERICS_CONVERT_H
#define MX_NUMERICS_CONVERT_H

#include "mx/Numerics/Formats.h"

namespace mx::numerics {

/// The value of an element's code, without its scale; exact. Bits above the
/// format's width are ignored. NaN codes give a quiet NaN of their sign.
float decode(ElementFormat format, uint8_t code);

/// The nearest element, ties to even, beyond the largest finite value that
/// value (Inf too). The sign of zero is kept, for negatives that round to zero
/// as well. NaN gives 0x7F in E4M3 and E5M2 and zero elsewhere. INT8 is clamped
/// to -127 at the lower end (OCP MX v1.0 section 5.3.4 leaves -128 unused).
uint8_t encode(ElementFormat format, float value);

/// 2^(code - 127); 0 is 2^-127, 255 is NaN (OCP MX v1.0 section 5.4).
float decodeE8M0(uint8_t code);

/// The code of the nearest power of two; ties go up, for the significand is
/// always 1 and so odd. Saturates: zero gives 0, beyond 2^127 numbers give 254.
/// Negative numbers, Inf and NaN give 255.
uint8_t encodeE8M0(float value);

/// 1 / 2^(code - 127) for codes 0 to 254; exact, 2^-127 being a subnormal.
float reciprocalE8M0(uint8_t code);

} // namespace mx::numerics

#endif // MX_NUMERICS_CONVERT_H
