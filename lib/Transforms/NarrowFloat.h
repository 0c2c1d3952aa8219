// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// The codes of narrow floats, and their values by way of f16.
#ifndef MX_TRANSFORMS_NARROWFLOAT_H
#define MX_TRANSFORMS_NARROWFLOAT_H

#include "mx/IR/ScalarBuilder.h"

namespace mlir::mx {

/// The bit layout of an element type: a sign, an exponent and a mantissa.
struct NarrowFloat {
  int64_t width, mantissa, bias;
  /// Largest finite code, and how codes above it are read.
  int64_t maxCode;
  bool hasInf, hasNaN;

  /// That of E4M3, E5M2, E3M2, E2M3 or E2M1 (OCP FP8 (OFP8) v1.0 table 1 and
  /// OCP MX v1.0 tables 2 to 4), or of a vector's or tensor's elements.
  static NarrowFloat get(Type type);
  /// Whether `type` is one of these.
  static bool is(Type type);

  /// The largest finite value.
  float getLargest() const;

  /// A value is 2^this times that of toF16Fields.
  int64_t getF16Exponent() const { return 15 - bias; }
};

/// The integer of `width` bits with the sign, exponent and mantissa of the
/// element `source`, as a float has them whose mantissa is `mantissa` bits
/// long. Both must have room.
Value moveFields(ScalarBuilder &s, Value source, int64_t width,
                 int64_t mantissa);

/// The f16 with the sign, exponent and mantissa of the element `source`, which
/// have room there. Subnormals stand for the same multiple of the value as
/// others, and Inf and NaN for themselves.
Value toF16Fields(ScalarBuilder &s, Value source);

/// An f32 for exponents of normal numbers.
float getPowerOfTwo(int64_t exponent);

} // namespace mlir::mx

#endif // MX_TRANSFORMS_NARROWFLOAT_H
