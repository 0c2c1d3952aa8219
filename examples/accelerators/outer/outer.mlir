// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// An accelerator for NVFP4 alone, by outer products: tiles of 32x8, of which 64 deep,
// with two codes in a byte and scales in E4M3 for each 16. The scales of one
// block of all rows lie together.
module attributes {mx.accelerator = #mx.accelerator<
  memory = 65536, alignment = 32, accumulators = 48,
  bandwidth = 32, latency = 100,
  mmas = [#mx.mma<
    rows = 32, columns = 8, depth = 64, elements = [f4E2M1FN],
    container = dense, scale = f8E4M3FN, block = 16,
    order = <(r, c) -> (c, r), pad = 0, container = i8>,
    cycles = 64>]>} {}
