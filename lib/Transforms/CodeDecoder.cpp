// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "CodeDecoder.h"
#include "NarrowFloat.h"
#include "mx/IR/ScaleBuilder.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::mx;

bool mlir::mx::multipliesCodes(ContractOp op, const MatmulDims &dims) {
  auto isF32 = [](Value value) {
    return getElementTypeOrSelf(value.getType()).isF32();
  };
  Value columns = op.getRhs(), rows = op.getLhs();
  ValueRange scales = op.getRhsScales(), rowsScales = op.getLhsScales();
  if (dims.columnsAreLhs) {
    std::swap(columns, rows);
    std::swap(scales, rowsScales);
  }
  Type elements = getElementTypeOrSelf(columns.getType());
  return elements.getIntOrFloatBitWidth() == 8 && isF32(rows) &&
         rowsScales.empty() && scales.size() <= 1 &&
         llvm::all_of(scales, isF32);
}

CodeDecoder::CodeDecoder(Type elements, std::optional<int64_t> fractionBits,
                         TargetAttr target)
    : tableLanes(target.getLanes()), exponent(-fractionBits.value_or(0)) {
  if (!NarrowFloat::is(elements))
    return;
  floats = elements;
  NarrowFloat layout = NarrowFloat::get(floats);
  if (tableLanes >> layout.width)
    permute = target.getPermute();
  if (permute.empty())
    bytes = ByteTable::get(floats, target);
  byF16 = permute.empty() && !bytes &&
          target.extendsToF32(Float16Type::get(elements.getContext()));
  if (byF16)
    exponent += layout.getF16Exponent();
}

CodeDecoder CodeDecoder::get(ContractOp op, bool isLhs, TargetAttr target) {
  ElementMeaning meaning = op.getElementMeaning(isLhs);
  Type elements =
      getElementTypeOrSelf((isLhs ? op.getLhs() : op.getRhs()).getType());
  return CodeDecoder(meaning.codes ? meaning.codes : elements,
                     meaning.fractionBits, target);
}

/// `size` elements of `source` from `first` on.
static Value slice(OpBuilder &b, Location loc, Value source, int64_t first,
                   int64_t size) {
  if (cast<VectorType>(source.getType()).getDimSize(0) == size)
    return source;
  return vector::ExtractStridedSliceOp::create(b, loc, source, first, size,
                                               /*stride=*/1);
}

Value CodeDecoder::lookUp(OpBuilder &b, Location loc, Value codes,
                          int64_t first, int64_t shift) const {
  auto type = cast<FloatType>(floats);
  SmallVector<float> table;
  for (int64_t lane = 0; lane < tableLanes; ++lane) {
    llvm::APInt code(64, lane);
    llvm::APFloat value(type.getFloatSemantics(), code.trunc(type.getWidth()));
    table.push_back(value.convertToFloat());
  }
  auto vector = VectorType::get({tableLanes}, b.getF32Type());
  codes = slice(b, loc, codes, first, tableLanes);
  ScalarBuilder s(b, loc, codes.getType());
  Value places = s.extend(codes);
  if (shift)
    places = s.shr(places, shift);
  return mx::lookUp(b, loc, permute,
                    DenseElementsAttr::get(vector, ArrayRef<float>(table)),
                    places);
}

SmallVector<Value> CodeDecoder::decode(OpBuilder &b, Location loc, Value codes,
                                       int64_t lanes) const {
  int64_t size = cast<VectorType>(codes.getType()).getDimSize(0);
  if (bytes)
    return bytes->decode(b, loc, codes, lanes);
  bool byTable = !permute.empty() && lanes == tableLanes;
  ScalarBuilder s(b, loc, codes.getType());
  if (!byTable && floats && codes.getType() != s.type(floats))
    codes = readCode(b, loc, codes, floats);
  if (byF16)
    codes = toF16Fields(s, codes);
  auto vector = VectorType::get({lanes}, b.getF32Type());
  SmallVector<Value> values;
  for (int64_t first = 0; first < size; first += lanes) {
    if (byTable) {
      values.push_back(lookUp(b, loc, codes, first, /*shift=*/0));
      continue;
    }
    Value part = slice(b, loc, codes, first, lanes);
    if (floats)
      part = arith::ExtFOp::create(b, loc, vector, part);
    else
      part = arith::SIToFPOp::create(b, loc, vector, part);
    values.push_back(part);
  }
  return values;
}

SmallVector<Value> CodeDecoder::decodePairs(OpBuilder &b, Location loc,
                                            Value bytes, int64_t lanes) const {
  constexpr int64_t kHalf = 4;
  SmallVector<Value> values = decode(b, loc, bytes, lanes);
  if (!permute.empty() && lanes == tableLanes) {
    int64_t size = cast<VectorType>(bytes.getType()).getDimSize(0);
    for (int64_t first = 0; first < size; first += lanes)
      values.push_back(lookUp(b, loc, bytes, first, kHalf));
    return values;
  }
  ScalarBuilder s(b, loc, bytes.getType());
  Value shift = s.constant(b.getI8IntegerAttr(kHalf));
  llvm::append_range(
      values,
      decode(b, loc, arith::ShRUIOp::create(b, loc, bytes, shift), lanes));
  return values;
}

SmallVector<int64_t> CodeDecoder::getPairOrder(int64_t bytes) {
  SmallVector<int64_t> order;
  for (int64_t half : {0, 1})
    for (int64_t i = 0; i < bytes; ++i)
      order.push_back(2 * i + half);
  return order;
}

bool CodeDecoder::takesTwoRows(int64_t lanes) const {
  return bytes && bytes->takesTwoRows(lanes);
}

SmallVector<Value> CodeDecoder::decodeRows(OpBuilder &b, Location loc,
                                           Value codes, int64_t lanes) const {
  return takesTwoRows(lanes) ? bytes->decodeRows(b, loc, codes, lanes)
                             : decodePairs(b, loc, codes, lanes);
}

SmallVector<int64_t> CodeDecoder::getRowOrder(int64_t lanes) const {
  return takesTwoRows(lanes) ? ByteTable::getRowOrder(lanes)
                             : getPairOrder(lanes);
}

Value CodeDecoder::multiplyByPower(OpBuilder &b, Location loc,
                                   Value value) const {
  if (exponent == 0)
    return value;
  ScalarBuilder s(b, loc, value.getType());
  return s.mulF(value, s.f32(getPowerOfTwo(exponent)));
}
