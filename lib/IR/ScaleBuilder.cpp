// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/IR/ScaleBuilder.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "llvm/ADT/APFloat.h"

using namespace mlir;
using namespace mlir::mx;

Value mlir::mx::decodeElement(OpBuilder &b, Location loc, Value element,
                              std::optional<int64_t> fractionBits) {
  Type f32 = b.getF32Type();
  Type type = element.getType();
  if (type.isF32())
    return element;
  if (!isa<IntegerType>(type))
    return arith::ExtFOp::create(b, loc, f32, element);
  Value value = arith::SIToFPOp::create(b, loc, f32, element);
  return divideByPower(b, loc, value, fractionBits.value_or(0));
}

/// The f32 `value` times 2^exponent.
static Value multiplyByPower(OpBuilder &b, Location loc, Value value,
                             int64_t exponent) {
  if (exponent == 0)
    return value;
  llvm::APFloat power = llvm::scalbn(llvm::APFloat(1.0f), exponent,
                                     llvm::APFloat::rmNearestTiesToEven);
  Value factor =
      arith::ConstantOp::create(b, loc, b.getFloatAttr(b.getF32Type(), power));
  return arith::MulFOp::create(b, loc, value, factor);
}

Value mlir::mx::divideByPower(OpBuilder &b, Location loc, Value value,
                              int64_t bits) {
  return multiplyByPower(b, loc, value, -bits);
}

Value mlir::mx::decodeInteger(OpBuilder &b, Location loc, Value element,
                              int64_t fractionBits) {
  if (element.getType().isInteger(8))
    return arith::ExtSIOp::create(b, loc, b.getI16Type(), element);
  Value value = multiplyByPower(
      b, loc, decodeElement(b, loc, element, std::nullopt), fractionBits);
  Value wide = arith::FPToSIOp::create(b, loc, b.getI32Type(), value);
  return arith::TruncIOp::create(b, loc, b.getI16Type(), wide);
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
