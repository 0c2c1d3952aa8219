/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* The NPU of npu.mlir: its unit for products. */
#include "../elements.h"
#include "../simulator.h"

#include <math.h>
#include <string.h>

enum { kRows = 16, kColumns = 16, kDepth = 32, kCycles = 16 };

static int npu_open(mx_device **device) {
  static const simulator_config config = {262144,   16, 128, kRows,
                                          kColumns, 16, 200, 67108864};
  return simulator_open(device, &config);
}

/* Where the scale of a row or column is. */
static int scale_place(int row) { return row % 4 * 4 + row / 4; }

static int npu_mma(mx_device *device, uint32_t mma, enum mx_element lhs_element,
                   enum mx_element rhs_element, uint64_t accumulator,
                   uint64_t lhs, uint64_t lhs_scales, uint64_t rhs,
                   uint64_t rhs_scales, int accumulate) {
  if (mma != 0)
    return simulator_fail(device, "there is no mma %u", mma);
  simulator_begin_product(device, kCycles);
  const unsigned char *a = simulator_operand(device, lhs, kRows * kDepth);
  const unsigned char *b = simulator_operand(device, rhs, kColumns * kDepth);
  const unsigned char *as = simulator_operand(device, lhs_scales, kRows);
  const unsigned char *bs = simulator_operand(device, rhs_scales, kColumns);
  float *sums = simulator_accumulator(device, accumulator);
  if (!a || !b || !as || !bs || !sums)
    return 1;
  float values[2][256];
  for (unsigned code = 0; code < 256; ++code) {
    values[0][code] = get_element(lhs_element, code);
    values[1][code] = get_element(rhs_element, code);
  }
  for (int row = 0; row < kRows; ++row)
    for (int column = 0; column < kColumns; ++column) {
      float sum = 0;
      for (int k = 0; k < kDepth; ++k)
        sum +=
            values[0][a[row * kDepth + k]] * values[1][b[column * kDepth + k]];
      /* The product of both scales may be no float: their exponents are added.
       */
      int s = as[scale_place(row)], t = bs[scale_place(column)];
      float scaled = s == 255 || t == 255 ? NAN : ldexpf(sum, s + t - 2 * 127);
      float *total = &sums[row * kColumns + column];
      *total = accumulate ? *total + scaled : scaled;
    }
  return 0;
}

static int npu_quantize(mx_device *device, uint32_t mma,
                        enum mx_element element, enum mx_scale_rule rule,
                        uint64_t to, uint64_t to_scales, uint32_t tile_rows,
                        const float *from, uint64_t stride, uint32_t rows,
                        uint32_t depth) {
  if (mma != 0 || rule != MX_FLOOR || tile_rows != kRows || rows > kRows ||
      depth > kDepth)
    return simulator_fail(device, "there is no such tile to be quantized");
  simulator_begin_copy(device, rows * depth * sizeof(float));
  unsigned char *tile = simulator_tile(device, to, kRows * kDepth);
  unsigned char *scales = simulator_tile(device, to_scales, kRows);
  if (!tile || !scales)
    return 1;
  for (uint32_t row = 0; row < kRows; ++row) {
    float values[kDepth] = {0};
    if (row < rows)
      memcpy(values, (const char *)from + row * stride, depth * sizeof(float));
    scales[scale_place((int)row)] =
        quantize_block(element, values, kDepth, tile + row * kDepth);
  }
  return 0;
}

const mx_accelerator *mx_accelerator_get(void) {
  static const mx_accelerator npu = {
      .version = MX_RUNTIME_VERSION,
      .open = npu_open,
      .close = simulator_close,
      .error = simulator_error,
      .load = simulator_load,
      .quantize = npu_quantize,
      .allocate = simulator_allocate,
      .upload = simulator_upload,
      .store = simulator_store,
      .mma = npu_mma,
      .record = simulator_record,
      .wait = simulator_wait,
      .synchronize = simulator_synchronize,
      .cycles = simulator_cycles,
  };
  return &npu;
}
