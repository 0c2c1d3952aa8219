// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Codes of 4 bits as f32, looked up by shuffles of bytes.
#ifndef MX_TRANSFORMS_BYTETABLE_H
#define MX_TRANSFORMS_BYTETABLE_H

#include "mx/IR/MX.h"

namespace mlir::mx {

/// What `intrinsic` finds at `places` of a constant.
Value lookUp(OpBuilder &b, Location loc, StringRef intrinsic,
             DenseElementsAttr table, Value places);

/// The two bytes of each code's bf16, which is the upper half of its f32.
class ByteTable {
public:
  /// That of the element type `floats`, or null; none without a shuffle, for
  /// wider codes and for integers.
  static std::optional<ByteTable> get(Type floats, TargetAttr target);

  /// Vectors of `lanes` f32: the values of the vector `codes`, bytes with a
  /// code each in their low halves.
  SmallVector<Value> decode(OpBuilder &b, Location loc, Value codes,
                            int64_t lanes) const;

  /// Whether decodeRows works for these.
  bool takesTwoRows(int64_t lanes) const;
  /// Of one row or two, each of `lanes` bytes with two codes each, two vectors
  /// of f32 for each row, in the order that costs no shuffle: code
  /// getRowOrder(lanes)[i] in place i of both.
  SmallVector<Value> decodeRows(OpBuilder &b, Location loc, Value bytes,
                                int64_t lanes) const;
  static SmallVector<int64_t> getRowOrder(int64_t lanes);

private:
  ByteTable(FloatType floats, StringRef shuffle, int64_t size)
      : floats(floats), shuffle(shuffle), size(size) {}

  /// The bytes `byte` (0 or 1) of the bf16 of `size` codes.
  Value lookUp(OpBuilder &b, Location loc, Value codes, unsigned byte) const;

  FloatType floats;
  /// LLVM's intrinsic, and the bytes of its vectors.
  StringRef shuffle;
  int64_t size;
};

} // namespace mlir::mx

#endif // MX_TRANSFORMS_BYTETABLE_H
