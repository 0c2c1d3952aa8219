// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/IR/ScaleBuilder.h"
#include "mx/IR/ScalarBuilder.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "llvm/ADT/APFloat.h"

using namespace mlir;
using namespace mlir::mx;

Value mlir::mx::decodeElement(OpBuilder &b, Location loc, Value element,
                              const ElementMeaning &meaning) {
  Type f32 = b.getF32Type();
  Type type = element.getType();
  if (type.isF32())
    return element;
  if (meaning.codes)
    element = readCode(b, loc, element, meaning.codes);
  if (!isa<IntegerType>(element.getType()))
    return divideByPower(b, loc, arith::ExtFOp::create(b, loc, f32, element),
                         meaning.fractionBits.value_or(0));
  if (meaning.zeroPoint) {
    Value code = arith::UIToFPOp::create(b, loc, f32, element);
    Value zero = arith::ConstantOp::create(
        b, loc, b.getF32FloatAttr(static_cast<float>(*meaning.zeroPoint)));
    return arith::SubFOp::create(b, loc, code, zero);
  }
  Value value = arith::SIToFPOp::create(b, loc, f32, element);
  return divideByPower(b, loc, value, meaning.fractionBits.value_or(0));
}

Value mlir::mx::readCode(OpBuilder &b, Location loc, Value byte, Type codes) {
  ScalarBuilder s(b, loc, byte.getType());
  return s.bits(s.truncate(byte, codes.getIntOrFloatBitWidth()), codes);
}

Value mlir::mx::divideByPower(OpBuilder &b, Location loc, Value value,
                              int64_t bits) {
  if (bits == 0)
    return value;
  llvm::APFloat power = llvm::scalbn(llvm::APFloat(1.0f), -bits,
                                     llvm::APFloat::rmNearestTiesToEven);
  Value factor =
      arith::ConstantOp::create(b, loc, b.getFloatAttr(b.getF32Type(), power));
  return arith::MulFOp::create(b, loc, value, factor);
}

/// The multiple of its smallest subnormal that an f4E2M1FN or f6E2M3FN is, as
/// an i8 (OCP MX v1.0 tables 3 and 5). Subnormals and the first normal numbers
/// are their code; from one exponent to the next the distance of two doubles.
static Value decodeMultiple(OpBuilder &b, Location loc, Value element) {
  Type type = b.getI8Type();
  unsigned width = element.getType().getIntOrFloatBitWidth();
  auto constant = [&](int64_t value) -> Value {
    return arith::ConstantOp::create(b, loc, b.getIntegerAttr(type, value));
  };
  Value bits =
      arith::BitcastOp::create(b, loc, b.getIntegerType(width), element);
  Value code = arith::ExtUIOp::create(b, loc, type, bits);
  Value magnitude =
      arith::AndIOp::create(b, loc, code, constant((1 << (width - 1)) - 1));
  Value value = magnitude;
  for (int64_t exponent : {2, 3}) {
    Value first = constant(exponent << (width - 3));
    Value beyond = arith::SubIOp::create(
        b, loc, arith::MaxUIOp::create(b, loc, magnitude, first), first);
    for (int64_t i = 1; i < exponent; ++i)
      value = arith::AddIOp::create(b, loc, value, beyond);
  }
  Value isNegative =
      arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ne, code, magnitude);
  Value negative = arith::SubIOp::create(b, loc, constant(0), value);
  return arith::SelectOp::create(b, loc, isNegative, negative, value);
}

Value mlir::mx::decodeInteger(OpBuilder &b, Location loc, Value element) {
  if (!element.getType().isInteger(8))
    element = decodeMultiple(b, loc, element);
  return arith::ExtSIOp::create(b, loc, b.getI16Type(), element);
}

/// The byte of an f8E8M0FNU as an i32.
static Value getByte(OpBuilder &b, Location loc, Value scale) {
  Value byte = arith::BitcastOp::create(b, loc, b.getI8Type(), scale);
  return arith::ExtUIOp::create(b, loc, b.getI32Type(), byte);
}

/// value * 2^(sum of (byte - 127)), rounded once; NaN if a byte is 255.
static Value applyExponents(OpBuilder &b, Location loc, Value value,
                            ArrayRef<Value> bytes) {
  auto i32Constant = [&](int64_t v) -> Value {
    return arith::ConstantOp::create(b, loc, b.getI32IntegerAttr(v));
  };
  Value sum = bytes.front();
  Value largest = bytes.front();
  for (Value byte : bytes.drop_front()) {
    sum = arith::AddIOp::create(b, loc, sum, byte);
    largest = arith::MaxUIOp::create(b, loc, largest, byte);
  }
  // In f64 neither the f32 nor the scaled value can be subnormal, so that the
  // product is exact and truncf rounds once. 1023 is the bias of f64, 127 that
  // of E8M0; with up to three scales the exponent stays within +-381.
  int64_t bias = 1023 - 127 * static_cast<int64_t>(bytes.size());
  Value exponent = arith::AddIOp::create(b, loc, sum, i32Constant(bias));
  Value wide = arith::ExtUIOp::create(b, loc, b.getI64Type(), exponent);
  Value shift = arith::ConstantOp::create(b, loc, b.getI64IntegerAttr(52));
  Value bits = arith::ShLIOp::create(b, loc, wide, shift);
  Value power = arith::BitcastOp::create(b, loc, b.getF64Type(), bits);
  Value extended = arith::ExtFOp::create(b, loc, b.getF64Type(), value);
  Value product = arith::MulFOp::create(b, loc, extended, power);
  Value scaled = arith::TruncFOp::create(b, loc, b.getF32Type(), product);
  Value nan = arith::ConstantOp::create(
      b, loc,
      b.getFloatAttr(b.getF32Type(),
                     llvm::APFloat::getQNaN(llvm::APFloat::IEEEsingle())));
  Value invalid = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq,
                                        largest, i32Constant(255));
  return arith::SelectOp::create(b, loc, invalid, nan, scaled);
}

Value mlir::mx::applyScales(OpBuilder &b, Location loc, Value value,
                            ArrayRef<SmallVector<Value>> groups) {
  SmallVector<Value> bytes;
  for (ArrayRef<Value> group : groups) {
    Value product;
    for (Value scale : group) {
      if (isa<Float8E8M0FNUType>(scale.getType())) {
        bytes.push_back(getByte(b, loc, scale));
        continue;
      }
      Value factor = scale;
      if (!scale.getType().isF32())
        factor = arith::ExtFOp::create(b, loc, b.getF32Type(), scale);
      product =
          product ? arith::MulFOp::create(b, loc, product, factor) : factor;
    }
    if (product)
      value = arith::MulFOp::create(b, loc, value, product);
  }
  return bytes.empty() ? value : applyExponents(b, loc, value, bytes);
}
