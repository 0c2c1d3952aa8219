// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Codes of less than a byte, packed.
#ifndef MX_NUMERICS_PACKING_H
#define MX_NUMERICS_PACKING_H

#include <cstddef>
#include <cstdint>

namespace mx::numerics {

/// Two 4-bit codes in a byte, code 2i in the low half of byte i (torchao,
/// Triton, DeepGEMM). The last byte's high half is zero for an odd count.
/// `bytes` has (count + 1) / 2 elements.
void packFp4(const uint8_t *codes, size_t count, uint8_t *bytes);
void unpackFp4(const uint8_t *bytes, size_t count, uint8_t *codes);

/// Four 6-bit codes in three bytes, least significant bits first; unused bits
/// of the last group are zero. `bytes` has (count + 3) / 4 * 3 elements.
void packFp6(const uint8_t *codes, size_t count, uint8_t *bytes);
void unpackFp6(const uint8_t *bytes, size_t count, uint8_t *codes);

/// A block of ggml's MXFP4 (ggml-common.h, block_mxfp4): the E8M0 byte, and 32
/// codes, code j in the low half of qs[j] and code j + 16 in the high half.
struct GgmlMXFP4Block {
  uint8_t e;
  uint8_t qs[16];
};
static_assert(sizeof(GgmlMXFP4Block) == 17, "blocks stand without padding");

GgmlMXFP4Block packGgmlMXFP4(uint8_t scale, const uint8_t codes[32]);
void unpackGgmlMXFP4(const GgmlMXFP4Block &block, uint8_t &scale,
                     uint8_t codes[32]);

} // namespace mx::numerics

#endif // MX_NUMERICS_PACKING_H
