/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* The accelerator of outer.mlir: its unit for products. */
#include "../elements.h"
#include "../simulator.h"

enum { kRows = 32, kColumns = 8, kDepth = 64, kBlock = 16, kCycles = 64 };

static int outer_open(mx_device **device) {
  static const simulator_config config = {65536,    32, 48,  kRows,
                                          kColumns, 32, 100, 0};
  return simulator_open(device, &config);
}

/* The element k of a row, times its scale. */
static float read_factor(const unsigned char *tile, const unsigned char *scales,
                         int rows, int row, int k) {
  unsigned byte = tile[(row * kDepth + k) / 2];
  unsigned code = k % 2 ? byte >> 4 : byte & 15;
  return get_element(MX_E2M1, code) *
         get_element(MX_E4M3, scales[k / kBlock * rows + row]);
}

static int outer_mma(mx_device *device, uint32_t mma,
                     enum mx_element lhs_element, enum mx_element rhs_element,
                     uint64_t accumulator, uint64_t lhs, uint64_t lhs_scales,
                     uint64_t rhs, uint64_t rhs_scales, int accumulate) {
  if (mma != 0 || lhs_element != MX_E2M1 || rhs_element != MX_E2M1)
    return simulator_fail(device, "there is no mma %u of %d and %d", mma,
                          (int)lhs_element, (int)rhs_element);
  simulator_begin_product(device, kCycles);
  const unsigned char *a = simulator_operand(device, lhs, kRows * kDepth / 2);
  const unsigned char *b =
      simulator_operand(device, rhs, kColumns * kDepth / 2);
  const unsigned char *as =
      simulator_operand(device, lhs_scales, kRows * kDepth / kBlock);
  const unsigned char *bs =
      simulator_operand(device, rhs_scales, kColumns * kDepth / kBlock);
  float *sums = simulator_accumulator(device, accumulator);
  if (!a || !b || !as || !bs || !sums)
    return 1;
  /* The sums of one operation are exact. */
  double products[kRows][kColumns] = {{0}};
  for (int k = 0; k < kDepth; ++k)
    for (int row = 0; row < kRows; ++row) {
      double left = read_factor(a, as, kRows, row, k);
      for (int column = 0; column < kColumns; ++column)
        products[row][column] += left * read_factor(b, bs, kColumns, column, k);
    }
  for (int row = 0; row < kRows; ++row)
    for (int column = 0; column < kColumns; ++column) {
      float *sum = &sums[row * kColumns + column];
      *sum = (float)products[row][column] + (accumulate ? *sum : 0);
    }
  return 0;
}

const mx_accelerator *mx_accelerator_get(void) {
  static const mx_accelerator outer = {
      .version = MX_RUNTIME_VERSION,
      .open = outer_open,
      .close = simulator_close,
      .error = simulator_error,
      .load = simulator_load,
      .store = simulator_store,
      .mma = outer_mma,
      .record = simulator_record,
      .wait = simulator_wait,
      .synchronize = simulator_synchronize,
      .cycles = simulator_cycles,
  };
  return &outer;
}
