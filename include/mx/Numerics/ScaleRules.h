// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// From a block's largest magnitude to its E8M0 scale byte.
#ifndef MX_NUMERICS_SCALERULES_H
#define MX_NUMERICS_SCALERULES_H

#include "mx/Numerics/Formats.h"

#include <string>

namespace mx::numerics {

/// e and m are the biased exponent and the mantissa field of amax as an f32,
/// emax and max the element format's. Bytes are clamped to 0..254.
enum class ScaleRule : uint8_t {
  /// e - emax (OCP MX v1.0 section 6.3; torchao's default, oneDNN, ggml).
  Floor,
  /// e - emax, one more where m is not zero (torchao).
  Ceil,
  /// The exponent after amax was rounded to the element's mantissa bits, less
  /// emax (torchao, AMD Quark).
  Even,
  /// The f32 quotient amax / max, rounded up to a power of two (torchao,
  /// TransformerEngine, cuBLAS).
  RCeil,
  /// max(amax, 1e-4) / 448, rounded up to a power of two, at least byte 1
  /// (DeepGEMM).
  DeepSeek,
  /// E4M3: amax / 464 rounded up to a power of two; others: the power of two
  /// after amax / (max + half an ulp) rounded down (TOSA 1.1 draft).
  TOSA
};

/// What happens to zeros, NaN and Inf.
enum class SpecialPolicy : uint8_t {
  /// NaN or Inf in a block: byte 255, all elements the NaN code (0x7F; zero in
  /// formats without NaN). All zeros: byte 0 by the rule.
  Default,
  /// PTX cvt.rp.satfinite as TransformerEngine uses it: NaN gives byte 255 and
  /// NaN elements, Inf gives byte 254 and saturates; a byte of 0 divides by 1.
  TE,
  /// DeepGEMM: NaN and Inf give byte 254; NaN elements are NaN, Inf saturates.
  DeepSeek,
  /// As Default, but INT8 uses -128 (TOSA 1.1 draft).
  TOSA
};

/// Why `rule` with `policy` is not defined for `format`; empty if it is.
///
/// | rule                     | formats | policies          |
/// |--------------------------|---------|-------------------|
/// | floor, ceil, even        | all     | default           |
/// | rceil                    | all     | default; te for E4M3 and E5M2 |
/// | deepseek                 | E4M3    | default, deepseek |
/// | tosa                     | all     | default, tosa     |
std::string explainUndefined(ScaleRule rule, SpecialPolicy policy,
                             ElementFormat format);

/// Whether `rule` with `policy` is defined for `format`.
bool isDefined(ScaleRule rule, SpecialPolicy policy, ElementFormat format);

/// The scale byte for a block whose largest magnitude has the f32 bits
/// `amaxBits`, as magnitudeBits orders them (NaN above Inf above numbers).
uint8_t scaleByte(ScaleRule rule, SpecialPolicy policy, ElementFormat format,
                  uint32_t amaxBits);

} // namespace mx::numerics

#endif // MX_NUMERICS_SCALERULES_H
