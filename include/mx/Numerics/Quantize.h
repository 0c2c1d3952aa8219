// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Quantization of blocks and of whole tensors.
#ifndef MX_NUMERICS_QUANTIZE_H
#define MX_NUMERICS_QUANTIZE_H

#include "mx/Numerics/ScaleRules.h"

#include <cstddef>
#include <functional>
#include <vector>

namespace mx::numerics {

/// How elements and E8M0 scales are made.
struct QuantizeSpec {
  ElementFormat format = ElementFormat::E4M3;
  ScaleRule rule = ScaleRule::Floor;
  SpecialPolicy policy = SpecialPolicy::Default;
};

/// The element for `value` in a block with the scale byte `scale`: the nearest
/// to value / 2^(scale - 127), ties to even, saturating.
uint8_t quantizeElement(const QuantizeSpec &spec, float value, uint8_t scale);

/// One dimension of a row-major tensor and how its scales are indexed: index i
/// belongs to the block i / block, whose scale stands `scaleStride` scales
/// further per block. A stride of 0 means that one block spans the dimension.
struct BlockedDim {
  int64_t extent = 0;
  int64_t block = 1;
  int64_t scaleStride = 0;
};

/// Calls f(0) ... f(n - 1), in any order, possibly in parallel.
using ParallelFor =
    std::function<void(size_t n, const std::function<void(size_t)> &f)>;

/// A ParallelFor that is none.
void serialFor(size_t n, const std::function<void(size_t)> &f);

/// Quantizes the tensor `values` of shape `dims`: one code per byte to `codes`,
/// in the same order, and one E8M0 byte per block to `scales`.
void quantizeTensor(const QuantizeSpec &spec,
                    const std::vector<BlockedDim> &dims, const float *values,
                    uint8_t *codes, uint8_t *scales,
                    const ParallelFor &parallelFor = serialFor);

/// As above with E4M3 scales under the f32 `globalScale` (NVFP4; see NVFP4.h);
/// elements are E2M1.
void quantizeTensorNVFP4(float globalScale, const std::vector<BlockedDim> &dims,
                         const float *values, uint8_t *codes, uint8_t *scales,
                         const ParallelFor &parallelFor = serialFor);

/// The value of a code in a block with the scale byte `scale`: exact but for
/// overflow and underflow of f32; NaN if the byte is 255.
float dequantizeElement(ElementFormat format, uint8_t code, uint8_t scale);

} // namespace mx::numerics

#endif // MX_NUMERICS_QUANTIZE_H
