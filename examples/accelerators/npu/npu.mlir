// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A small NPU: 256 KiB of memory, which 16 bytes a cycle go to and from, 64 MiB
// of storage for constants, and a unit for 16x16x32 products of MX elements, 512
// of them in a cycle. What is copied may be quantized on its way; the CPU quantizes
// 4 numbers in a cycle. The scales of rows 0, 4, 8 and 12 lie together, then those
// of 1, 5, 9 and 13.
module attributes {mx.accelerator = #mx.accelerator<
  memory = 262144, alignment = 16, accumulators = 128,
  bandwidth = 16, latency = 200, storage = 67108864,
  quantize = [floor], host = 4,
  mmas = [#mx.mma<
    rows = 16, columns = 16, depth = 32,
    elements = [f8E4M3FN, f8E5M2, f6E2M3FN, f6E3M2FN, f4E2M1FN, i8],
    container = byte, scale = f8E8M0FNU, block = 32,
    order = <(r, c) -> (r mod 4, r floordiv 4, c), pad = 127, container = i8>,
    cycles = 16>]>} {}
