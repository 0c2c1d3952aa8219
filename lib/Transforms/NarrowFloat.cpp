// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "NarrowFloat.h"

#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/APFloat.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::mx;

bool NarrowFloat::is(Type type) {
  return isa<Float8E4M3FNType, Float8E5M2Type, Float6E3M2FNType,
             Float6E2M3FNType, Float4E2M1FNType>(getElementTypeOrSelf(type));
}

NarrowFloat NarrowFloat::get(Type type) {
  Type element = getElementTypeOrSelf(type);
  if (isa<Float8E4M3FNType>(element))
    return {8, 3, 7, 0x7e, false, true};
  if (isa<Float8E5M2Type>(element))
    return {8, 2, 15, 0x7b, true, true};
  if (isa<Float6E3M2FNType>(element))
    return {6, 2, 3, 0x1f, false, false};
  if (isa<Float6E2M3FNType>(element))
    return {6, 3, 1, 0x1f, false, false};
  return {4, 1, 1, 0x7, false, false};
}

float NarrowFloat::getLargest() const {
  return llvm::bit_cast<float>(static_cast<uint32_t>(
      (maxCode << (23 - mantissa)) + ((127 - bias) << 23)));
}

float mlir::mx::getPowerOfTwo(int64_t exponent) {
  return llvm::scalbn(llvm::APFloat(1.0f), exponent,
                      llvm::APFloat::rmNearestTiesToEven)
      .convertToFloat();
}

Value mlir::mx::moveFields(ScalarBuilder &s, Value source, int64_t width,
                           int64_t mantissa) {
  NarrowFloat layout = NarrowFloat::get(source.getType());
  Type integer = s.b.getIntegerType(width);
  auto constant = [&](int64_t value) {
    return s.constant(
        s.b.getIntegerAttr(integer, llvm::SignExtend64(value, width)));
  };
  int64_t shift = mantissa - layout.mantissa, sign = int64_t(1) << (width - 1);
  int64_t magnitude = ((int64_t(1) << (layout.width - 1)) - 1) << shift;
  Value code =
      arith::ExtSIOp::create(s.b, s.loc, s.type(integer),
                             s.bits(source, s.b.getIntegerType(layout.width)));
  code = arith::ShLIOp::create(s.b, s.loc, code, constant(shift));
  return s.bitAnd(code, constant(sign | magnitude));
}

Value mlir::mx::toF16Fields(ScalarBuilder &s, Value source) {
  constexpr int64_t kMantissa = 10; // f16's
  NarrowFloat layout = NarrowFloat::get(source.getType());
  // E5M2 has f16's own exponents, Inf and NaN.
  if (!layout.hasNaN || layout.hasInf)
    return s.bits(moveFields(s, source, /*width=*/16, kMantissa),
                  s.b.getF16Type());
  // E4M3's exponent has a bit less, in whose place the sign is repeated. NaN is
  // all ones, so that one more in the last place carries into this bit: it
  // differs from the sign then, for NaN alone.
  constexpr int64_t kHighest = 0x4000;
  int64_t shift = kMantissa - layout.mantissa;
  auto i16 = [&](int64_t value) {
    return s.constant(s.b.getI16IntegerAttr(value));
  };
  Value code = arith::ExtSIOp::create(s.b, s.loc, s.type(s.b.getI16Type()),
                                      s.bits(source, s.b.getI8Type()));
  code = arith::ShLIOp::create(s.b, s.loc, code, i16(shift));
  Value carried = s.bitAnd(s.add(code, i16(1 << shift)), i16(kHighest));
  code = arith::XOrIOp::create(s.b, s.loc, code, carried);
  return s.bits(code, s.b.getF16Type());
}
