// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// NVFP4: E2M1 elements, an E4M3 scale per 16 of them, one f32 per tensor.
/// Formulas and constants as in torchao's nvfp4_tensor.py; what that leaves
/// undefined (an all-zero tensor, NaN and Inf, a tiny global scale) is defined
/// here.
#ifndef MX_NUMERICS_NVFP4_H
#define MX_NUMERICS_NVFP4_H

#include <cstddef>
#include <cstdint>

namespace mx::numerics {

/// Largest finite magnitude of `values`, as the global scale wants it: NaN and
/// Inf do not count.
float finiteAmax(const float *values, size_t count);

/// g = amax / (448 * 6), in f32; 0 for an all-zero tensor.
float nvfp4GlobalScale(float amax);

/// The E4M3 code of clamp((amax / 6) / g, 2^-6, 448), amax being the block's,
/// given by its f32 bits as magnitudeBits orders them; 0x7F (NaN) where the
/// block has a NaN or Inf; 0x08 (2^-6) where g is zero and so the tensor too.
uint8_t nvfp4BlockScale(uint32_t amaxBits, float globalScale);

/// The E2M1 code of clamp(value * ((1 / g) / s), +-6), ties to even, s being
/// the value of the block's scale. Where 1 / g overflows it is (value / g) / s;
/// NaN, also from g = 0, gives zero.
uint8_t nvfp4Element(float value, uint8_t scaleCode, float globalScale);

/// code * (g * s), the product of the scales rounded to f32 first.
float nvfp4Dequantize(uint8_t code, uint8_t scaleCode, float globalScale);

} // namespace mx::numerics

#endif // MX_NUMERICS_NVFP4_H
