// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The scales of a tile as cuBLAS and tcgen05 take them: 128 rows of 4 blocks.
module attributes {mx.accelerator = #mx.accelerator<
  memory = 262144, alignment = 64, accumulators = 16,
  bandwidth = 64, latency = 100,
  mmas = [#mx.mma<
    rows = 128, columns = 128, depth = 128,
    elements = [f8E4M3FN, f8E5M2, f6E2M3FN, f6E3M2FN, f4E2M1FN, i8],
    container = byte, scale = f8E8M0FNU, block = 32,
    order = <(r, c) -> (r mod 32, r floordiv 32, c), pad = 127, container = i8>,
    cycles = 64>]>} {}
