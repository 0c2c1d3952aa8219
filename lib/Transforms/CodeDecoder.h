// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// The codes that a register tile reads, as f32.
#ifndef MX_TRANSFORMS_CODEDECODER_H
#define MX_TRANSFORMS_CODEDECODER_H

#include "ByteTable.h"
#include "mx/Transforms/MatmulDims.h"

namespace mlir::mx {

/// Whether `op` multiplies rows of f32 without scales by columns of elements of
/// 8 bits with at most one scale, an f32.
bool multipliesCodes(ContractOp op, const MatmulDims &dims);

class CodeDecoder {
public:
  /// For elements of this type, divided by 2^fractionBits.
  CodeDecoder(Type elements, std::optional<int64_t> fractionBits,
              TargetAttr target);
  /// For those of the lhs or rhs of `op`.
  static CodeDecoder get(ContractOp op, bool isLhs, TargetAttr target);

  /// Vectors of `lanes` f32: the values of the vector `codes` divided by a
  /// power of two.
  SmallVector<Value> decode(OpBuilder &b, Location loc, Value codes,
                            int64_t lanes) const;
  /// The same of bytes that hold two codes: all the first ones of bytes, then
  /// all the second ones.
  SmallVector<Value> decodePairs(OpBuilder &b, Location loc, Value bytes,
                                 int64_t lanes) const;
  /// The places among all codes of `bytes` bytes of those that decodePairs
  /// gives.
  static SmallVector<int64_t> getPairOrder(int64_t bytes);

  /// Whether decodeRows takes two rows at once.
  bool takesTwoRows(int64_t lanes) const;
  /// The same of `bytes` of one row or two of `lanes` bytes each: two vectors
  /// for each row, whose codes are those of getRowOrder.
  SmallVector<Value> decodeRows(OpBuilder &b, Location loc, Value bytes,
                                int64_t lanes) const;
  SmallVector<int64_t> getRowOrder(int64_t lanes) const;
  /// That of this power.
  int64_t getExponent() const { return exponent; }
  /// `value`, an f32 or a vector of them, times this power. Exact for the
  /// decoded values, and for ordinary scales, which are far from overflow.
  Value multiplyByPower(OpBuilder &b, Location loc, Value value) const;

private:
  /// What the `lanes` first ones of `codes` from `first` on stand for.
  Value lookUp(OpBuilder &b, Location loc, Value codes, int64_t first,
               int64_t shift) const;

  /// The type of floats, null for integers.
  Type floats;
  /// LLVM's intrinsic that looks codes up in a vector of `tableLanes`, if any.
  StringRef permute;
  int64_t tableLanes;
  /// What looks up the bytes of codes' bf16, if any.
  std::optional<ByteTable> bytes;
  /// Whether codes become f32 by way of f16.
  bool byF16 = false;
  int64_t exponent;
};

} // namespace mlir::mx

#endif // MX_TRANSFORMS_CODEDECODER_H
