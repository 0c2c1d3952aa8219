// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The scales of four tiles of v_mfma_scale_f32_16x16x128_f8f6f4, in a register of
// each lane.
module attributes {mx.accelerator = #mx.accelerator<
  memory = 262144, alignment = 64, accumulators = 16,
  bandwidth = 64, latency = 100,
  mmas = [#mx.mma<
    rows = 64, columns = 64, depth = 128,
    elements = [f8E4M3FN, f8E5M2, f6E2M3FN, f6E3M2FN, f4E2M1FN, i8],
    container = byte, scale = f8E8M0FNU, block = 32,
    order = <(r, c) -> (c * 16 + r mod 16, r floordiv 16), pad = 127, container = i8>,
    cycles = 64>]>} {}
