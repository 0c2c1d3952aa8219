// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Numerics/Quantize.h"
#include "Encode.h"
#include "mx/Numerics/Convert.h"
#include "mx/Numerics/NVFP4.h"

#include <algorithm>

using namespace mx::numerics;

/// What divides the values of a block, as a factor.
static float getFactor(const QuantizeSpec &spec, uint8_t scale) {
  if (scale == 0 && spec.policy == SpecialPolicy::TE)
    return 1.0f;
  return reciprocalE8M0(scale);
}

/// Encodes `count` values of one block.
template <ElementFormat format>
static void quantizeRun(const QuantizeSpec &spec, uint8_t scale,
                        const float *values, uint8_t *codes, int64_t count) {
  if (scale == 255) {
    uint8_t nan = getFormatInfo(format).hasNaN ? 0x7f : 0;
    std::fill_n(codes, count, nan);
    return;
  }
  float factor = getFactor(spec, scale);
  for (int64_t i = 0; i < count; ++i)
    codes[i] = encodeAs<format>(values[i] * factor);
  if (format != ElementFormat::INT8 || spec.policy != SpecialPolicy::TOSA)
    return;
  // TOSA uses -128 too; the tie at -127.5 goes to it, the even one.
  for (int64_t i = 0; i < count; ++i)
    if (values[i] * factor * 64.0f <= -127.5f)
      codes[i] = 0x80;
}

using RunFunction = void (*)(const QuantizeSpec &, uint8_t, const float *,
                             uint8_t *, int64_t);
static RunFunction getRunFunction(ElementFormat format) {
  static constexpr RunFunction functions[] = {
      quantizeRun<ElementFormat::E4M3>, quantizeRun<ElementFormat::E5M2>,
      quantizeRun<ElementFormat::E3M2>, quantizeRun<ElementFormat::E2M3>,
      quantizeRun<ElementFormat::E2M1>, quantizeRun<ElementFormat::INT8>};
  return functions[static_cast<unsigned>(format)];
}

uint8_t mx::numerics::quantizeElement(const QuantizeSpec &spec, float value,
                                      uint8_t scale) {
  uint8_t code;
  getRunFunction(spec.format)(spec, scale, &value, &code, 1);
  return code;
}

void mx::numerics::serialFor(size_t n, const std::function<void(size_t)> &f) {
  for (size_t i = 0; i < n; ++i)
    f(i);
}

namespace {
/// Walks the rows of `dims` whose first index is in [first, last), and in each
/// the runs of elements that share a scale: visit(offset, scale index, count).
template <typename Visit>
void forEachRun(const std::vector<BlockedDim> &dims, int64_t first,
                int64_t last, Visit visit) {
  if (dims.empty())
    return visit(0, 0, 1);
  size_t rank = dims.size();
  const BlockedDim &inner = dims.back();
  std::vector<int64_t> index(rank, 0);
  int64_t rows = rank == 1 ? 1 : last - first;
  for (size_t d = 1; d + 1 < rank; ++d)
    rows *= dims[d].extent;
  int64_t rowsPerFirst = rank == 1 || last == first ? 1 : rows / (last - first);
  int64_t begin = rank == 1 ? first : 0;
  int64_t end = rank == 1 ? last : inner.extent;
  int64_t run = inner.scaleStride ? inner.block : std::max<int64_t>(end, 1);
  for (int64_t row = 0; row < rows; ++row) {
    int64_t rest = row, scale = 0;
    for (size_t d = rank - 1; d-- > 1;) {
      scale += rest % dims[d].extent / dims[d].block * dims[d].scaleStride;
      rest /= dims[d].extent;
    }
    if (rank > 1)
      scale += (first + rest) / dims[0].block * dims[0].scaleStride;
    int64_t offset =
        rank == 1 ? 0 : (first * rowsPerFirst + row) * inner.extent;
    for (int64_t i = begin; i < end; i += run)
      visit(offset + i, scale + i / inner.block * inner.scaleStride,
            std::min(run, end - i));
  }
}

/// Scales of blocks from their largest magnitudes, codes from scales.
template <typename MakeScale, typename MakeCodes>
void quantizeBlocks(const std::vector<BlockedDim> &dims, const float *values,
                    uint8_t *codes, uint8_t *scales, MakeScale makeScale,
                    MakeCodes makeCodes, const ParallelFor &parallelFor) {
  int64_t extent = dims.empty() ? 1 : dims.front().extent;
  // Parts along the first dimension share no block. A few hundred blocks each
  // keep the parts large enough to be worth a thread.
  int64_t unit = dims.empty() || !dims.front().scaleStride
                     ? std::max<int64_t>(extent, 1)
                     : dims.front().block;
  int64_t part = unit * std::max<int64_t>(1, extent / unit / 64);
  parallelFor((extent + part - 1) / part, [&](size_t p) {
    int64_t first = static_cast<int64_t>(p) * part;
    int64_t last = std::min(extent, first + part);
    // A block's bits are gathered beside its scale, which is a byte: keep them
    // per part, by scale index.
    int64_t low = INT64_MAX, high = -1;
    forEachRun(dims, first, last, [&](int64_t, int64_t scale, int64_t) {
      low = std::min(low, scale);
      high = std::max(high, scale);
    });
    if (high < low)
      return;
    std::vector<uint32_t> amax(high - low + 1, 0);
    std::vector<bool> seen(high - low + 1, false);
    forEachRun(
        dims, first, last, [&](int64_t offset, int64_t scale, int64_t count) {
          uint32_t largest = amax[scale - low];
          for (int64_t i = 0; i < count; ++i)
            largest = std::max(largest, magnitudeBits(values[offset + i]));
          amax[scale - low] = largest;
          seen[scale - low] = true;
        });
    for (int64_t i = low; i <= high; ++i)
      if (seen[i - low])
        scales[i] = makeScale(amax[i - low]);
    forEachRun(
        dims, first, last, [&](int64_t offset, int64_t scale, int64_t count) {
          makeCodes(scales[scale], values + offset, codes + offset, count);
        });
  });
}
} // namespace

void mx::numerics::quantizeTensor(const QuantizeSpec &spec,
                                  const std::vector<BlockedDim> &dims,
                                  const float *values, uint8_t *codes,
                                  uint8_t *scales,
                                  const ParallelFor &parallelFor) {
  RunFunction run = getRunFunction(spec.format);
  quantizeBlocks(
      dims, values, codes, scales,
      [&](uint32_t amax) {
        return scaleByte(spec.rule, spec.policy, spec.format, amax);
      },
      [&](uint8_t scale, const float *x, uint8_t *codes, int64_t count) {
        run(spec, scale, x, codes, count);
      },
      parallelFor);
}

void mx::numerics::quantizeTensorNVFP4(float globalScale,
                                       const std::vector<BlockedDim> &dims,
                                       const float *values, uint8_t *codes,
                                       uint8_t *scales,
                                       const ParallelFor &parallelFor) {
  quantizeBlocks(
      dims, values, codes, scales,
      [&](uint32_t amax) { return nvfp4BlockScale(amax, globalScale); },
      [&](uint8_t scale, const float *x, uint8_t *codes, int64_t count) {
        for (int64_t i = 0; i < count; ++i)
          codes[i] = nvfp4Element(x[i], scale, globalScale);
      },
      parallelFor);
}

float mx::numerics::dequantizeElement(ElementFormat format, uint8_t code,
                                      uint8_t scale) {
  return decode(format, code) * decodeE8M0(scale);
}
