// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "ByteTable.h"
#include "mx/IR/ScalarBuilder.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace mlir::mx;

static constexpr int64_t kCodeBits = 4;
/// A table's, and what a shuffle moves bytes within.
static constexpr int64_t kTableBytes = 1 << kCodeBits;

std::optional<ByteTable> ByteTable::get(Type floats, TargetAttr target) {
  auto type = dyn_cast_or_null<FloatType>(floats);
  if (!type || type.getWidth() != kCodeBits || target.getShuffle().empty())
    return std::nullopt;
  return ByteTable(type, target.getShuffle(), target.getVectorBits() / 8);
}

static VectorType getVector(OpBuilder &b, int64_t size, unsigned bits) {
  return VectorType::get({size}, b.getIntegerType(bits));
}

static Value shuffleVector(OpBuilder &b, Location loc, Value first,
                           Value second, ArrayRef<int64_t> order) {
  return vector::ShuffleOp::create(b, loc, first, second, order);
}

Value mlir::mx::lookUp(OpBuilder &b, Location loc, StringRef intrinsic,
                       DenseElementsAttr table, Value places) {
  Value values = arith::ConstantOp::create(b, loc, table);
  return LLVM::CallIntrinsicOp::create(b, loc, table.getType(),
                                       b.getStringAttr(intrinsic),
                                       ValueRange{values, places})
      .getResult(0);
}

/// `vectors`, of which `count` make one.
static SmallVector<Value> join(OpBuilder &b, Location loc,
                               SmallVector<Value> vectors, int64_t count) {
  for (; count > 1; count /= 2) {
    SmallVector<Value> pairs;
    for (size_t i = 0; i < vectors.size(); i += 2) {
      int64_t lanes = cast<VectorType>(vectors[i].getType()).getDimSize(0);
      pairs.push_back(
          shuffleVector(b, loc, vectors[i], vectors[i + 1],
                        llvm::to_vector(llvm::seq<int64_t>(0, 2 * lanes))));
    }
    vectors = pairs;
  }
  return vectors;
}

Value ByteTable::lookUp(OpBuilder &b, Location loc, Value codes,
                        unsigned byte) const {
  SmallVector<uint8_t> table;
  for (int64_t i = 0; i < size; ++i) {
    llvm::APFloat value(floats.getFloatSemantics(),
                        llvm::APInt(kCodeBits, i % kTableBytes));
    bool losesInfo = false;
    value.convert(llvm::APFloat::BFloat(), llvm::APFloat::rmNearestTiesToEven,
                  &losesInfo);
    assert(!losesInfo && "bf16 has room for codes of 4 bits");
    table.push_back(value.bitcastToAPInt().extractBitsAsZExtValue(8, 8 * byte));
  }
  return mx::lookUp(
      b, loc, shuffle,
      DenseElementsAttr::get(getVector(b, size, 8), ArrayRef<uint8_t>(table)),
      codes);
}

SmallVector<Value> ByteTable::decode(OpBuilder &b, Location loc, Value codes,
                                     int64_t lanes) const {
  int64_t count = cast<VectorType>(codes.getType()).getDimSize(0);
  int64_t own = size / 4;
  VectorType bytes = getVector(b, size, 8), halves = getVector(b, size / 2, 16);
  Value zeros = arith::ConstantOp::create(b, loc, b.getZeroAttr(halves));
  ScalarBuilder s(b, loc, bytes);
  SmallVector<Value> values;
  for (int64_t first = 0; first < count; first += size) {
    // Vectors of f32 come of bytes by shuffles within 16 of them, which have
    // four codes of each vector, one vector's after the other's. What moves
    // lanes across takes longer.
    constexpr int64_t kRow = 4;
    int64_t vectors = std::min(size, count - first) / own;
    SmallVector<int64_t> order;
    for (int64_t at = 0; at < size; at += kTableBytes)
      for (int64_t i = 0; i < kTableBytes; ++i)
        order.push_back(first + i / kRow % vectors * own +
                        at / kTableBytes * kRow + i % kRow);
    Value places = s.bitAnd(shuffleVector(b, loc, codes, codes, order),
                            s.constant(b.getI8IntegerAttr(kTableBytes - 1)));
    Value lower = lookUp(b, loc, places, 0), upper = lookUp(b, loc, places, 1);
    for (int64_t i = 0; i < vectors; ++i) {
      // The bf16 of a pair of vectors, of which each takes its own above zeros.
      SmallVector<int64_t> pair, single;
      int64_t inBytes = i / 2 * 2 * kRow, inPair = i % 2 * kRow;
      for (int64_t at = 0; at < size; at += kTableBytes) {
        for (int64_t j = at + inBytes; j < at + inBytes + 2 * kRow; ++j)
          pair.append({j, size + j});
        for (int64_t j = at / 2 + inPair; j < at / 2 + inPair + kRow; ++j)
          single.append({j, size / 2 + j});
      }
      Value words = vector::BitCastOp::create(
          b, loc, halves, shuffleVector(b, loc, lower, upper, pair));
      values.push_back(vector::BitCastOp::create(
          b, loc, VectorType::get({own}, b.getF32Type()),
          shuffleVector(b, loc, zeros, words, single)));
    }
  }
  return join(b, loc, values, lanes / own);
}

bool ByteTable::takesTwoRows(int64_t lanes) const {
  // A row's first codes of bytes are half of what a shuffle moves bytes within,
  // and all its codes are a half of the vector.
  return 2 * lanes == kTableBytes && 4 * lanes == size;
}

SmallVector<int64_t> ByteTable::getRowOrder(int64_t lanes) {
  SmallVector<int64_t> order;
  for (int64_t i = 0; i < 2 * lanes; ++i)
    order.push_back(4 * (i % 4) + i / 4);
  return order;
}

SmallVector<Value> ByteTable::decodeRows(OpBuilder &b, Location loc,
                                         Value bytes, int64_t lanes) const {
  int64_t count = cast<VectorType>(bytes.getType()).getDimSize(0);
  // All bytes in each half of a vector, where one takes the first codes and one
  // the second ones: the halves of the bytes.
  SmallVector<int64_t> order;
  for (int64_t i = 0; i < size; ++i)
    order.push_back(i % kTableBytes % count);
  SmallVector<int32_t> shifts;
  for (int64_t i = 0; i < lanes; ++i)
    shifts.push_back(i < lanes / 2 ? 0 : kCodeBits);
  VectorType words = getVector(b, lanes, 32);
  Value both = vector::BitCastOp::create(
      b, loc, words, shuffleVector(b, loc, bytes, bytes, order));
  both = arith::ShRUIOp::create(
      b, loc, both,
      arith::ConstantOp::create(
          b, loc, DenseElementsAttr::get(words, ArrayRef<int32_t>(shifts))));
  ScalarBuilder s(b, loc, getVector(b, size, 8));
  Value places =
      s.bitAnd(vector::BitCastOp::create(b, loc, getVector(b, size, 8), both),
               s.constant(b.getI8IntegerAttr(kTableBytes - 1)));
  Value lower = lookUp(b, loc, places, 0), upper = lookUp(b, loc, places, 1);
  SmallVector<Value> values;
  for (int64_t row = 0; row < count; row += lanes) {
    SmallVector<int64_t> order;
    for (int64_t half = 0; half < size; half += kTableBytes)
      for (int64_t i = half + row; i < half + row + lanes; ++i)
        order.append({i, size + i});
    // Two bf16 in a word: the first is moved up, the second is there.
    Value pairs = vector::BitCastOp::create(
        b, loc, words, shuffleVector(b, loc, lower, upper, order));
    ScalarBuilder s(b, loc, words);
    values.push_back(s.toF32(s.shl(pairs, 16)));
    values.push_back(s.toF32(s.bitAnd(pairs, s.i32(0xffff0000))));
  }
  return values;
}
