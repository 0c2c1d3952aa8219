/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* A unit for products of MX elements that takes the scales of a tile in an
   order that others publish: ORDER names one of them. It says nothing about the
   hardware of those who do. */
#include "../elements.h"
#include "../simulator.h"

#include <math.h>
#include <string.h>

enum { kBlock = 32, kMostRows = 128, kMostDepth = 512 };

/* Where the scale of row r and block c of a tile is. */
typedef int place_function(int r, int c);

/* cuBLAS, "1D block scaling factors layout", also that of tcgen05. */
static int nv_128x4(int r, int c) { return r % 32 * 16 + r / 32 * 4 + c; }
/* DeepGEMM: four blocks in an int32, row after row; MUSA's ph1 has the same. */
static int words_of_rows(int r, int c) { return r * 4 + c; }
/* gfx950, v_mfma_scale_f32_16x16x128_f8f6f4: lane l has row l % 16 and block
   l / 16; its register has the bytes of four tiles of 16 rows. */
static int amd_16x16x128(int r, int c) {
  return (c * 16 + r % 16) * 4 + r / 16;
}
/* gfx950, v_mfma_scale_f32_32x32x64_f8f6f4, in the same way. */
static int amd_32x32x64(int r, int c) { return (c * 32 + r % 32) * 4 + r / 32; }
/* vllm-ascend, for the Ascend 950: pairs of blocks, row after row. */
static int ascend_950(int r, int c) { return r * 2 + c; }
/* NKI, for Trainium 3: the rows of one block after those of another. */
static int trainium3(int r, int c) { return c * 64 + r; }

static const struct {
  const char *name;
  /* Of a tile of either operand. */
  int rows, depth;
  place_function *place;
} orders[] = {
    {"nv_128x4", 128, 128, nv_128x4},
    {"deepgemm_sm100", 64, 128, words_of_rows},
    {"amd_16x16x128", 64, 128, amd_16x16x128},
    {"amd_32x32x64", 128, 64, amd_32x32x64},
    {"ascend_950", 64, 64, ascend_950},
    {"musa_ph1", 64, 128, words_of_rows},
    {"trainium3", 64, 512, trainium3},
};

/* The place of ORDER among them. */
static int order;

static int published_open(mx_device **device) {
  int count = sizeof orders / sizeof *orders;
  for (order = 0; order < count && strcmp(orders[order].name, ORDER);)
    ++order;
  if (order == count)
    return 1;
  uint64_t rows = (uint64_t)orders[order].rows;
  simulator_config config = {262144, 64, 16, rows, rows, 64, 100, 0};
  return simulator_open(device, &config);
}

/* The elements of a tile as numbers; the scale of each block as an exponent, or
   255 for NaN. */
static void read_tile(enum mx_element element, const unsigned char *codes,
                      const unsigned char *scales, float *values,
                      int *exponents) {
  int depth = orders[order].depth, blocks = depth / kBlock;
  for (int r = 0; r < orders[order].rows; ++r) {
    for (int k = 0; k < depth; ++k)
      values[r * depth + k] = get_element(element, codes[r * depth + k]);
    for (int c = 0; c < blocks; ++c)
      exponents[r * blocks + c] = scales[orders[order].place(r, c)];
  }
}

static int published_mma(mx_device *device, uint32_t mma,
                         enum mx_element lhs_element,
                         enum mx_element rhs_element, uint64_t accumulator,
                         uint64_t lhs, uint64_t lhs_scales, uint64_t rhs,
                         uint64_t rhs_scales, int accumulate) {
  int rows = orders[order].rows, depth = orders[order].depth;
  int blocks = depth / kBlock;
  if (mma != 0)
    return simulator_fail(device, "there is no mma %u", mma);
  simulator_begin_product(device, 64);
  uint64_t bytes = (uint64_t)(rows * depth), count = (uint64_t)(rows * blocks);
  const unsigned char *a = simulator_operand(device, lhs, bytes);
  const unsigned char *b = simulator_operand(device, rhs, bytes);
  const unsigned char *as = simulator_operand(device, lhs_scales, count);
  const unsigned char *bs = simulator_operand(device, rhs_scales, count);
  float *sums = simulator_accumulator(device, accumulator);
  if (!a || !b || !as || !bs || !sums)
    return 1;
  static float x[kMostRows * kMostDepth], y[kMostRows * kMostDepth];
  static int xs[kMostRows * kMostDepth / kBlock],
      ys[kMostRows * kMostDepth / kBlock];
  read_tile(lhs_element, a, as, x, xs);
  read_tile(rhs_element, b, bs, y, ys);
  for (int row = 0; row < rows; ++row)
    for (int column = 0; column < rows; ++column) {
      float *total = &sums[row * rows + column];
      if (!accumulate)
        *total = 0;
      for (int c = 0; c < blocks; ++c) {
        float sum = 0;
        for (int k = c * kBlock; k < (c + 1) * kBlock; ++k)
          sum += x[row * depth + k] * y[column * depth + k];
        int s = xs[row * blocks + c], t = ys[column * blocks + c];
        *total += s == 255 || t == 255 ? NAN : ldexpf(sum, s + t - 2 * 127);
      }
    }
  return 0;
}

const mx_accelerator *mx_accelerator_get(void) {
  static const mx_accelerator published = {
      .version = MX_RUNTIME_VERSION,
      .open = published_open,
      .close = simulator_close,
      .error = simulator_error,
      .load = simulator_load,
      .store = simulator_store,
      .mma = published_mma,
      .record = simulator_record,
      .wait = simulator_wait,
      .synchronize = simulator_synchronize,
      .cycles = simulator_cycles,
  };
  return &published;
}
