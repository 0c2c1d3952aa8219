// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "KernelScales.h"
#include "mx/IR/ScalarBuilder.h"

using namespace mlir;
using namespace mlir::mx;

void KernelScales::add(OpBuilder &b, Location loc, Value scale) {
  ScalarBuilder s(b, loc);
  if (isa<Float8E8M0FNUType>(scale.getType())) {
    Value byte = s.extend(s.bits(scale, b.getI8Type()));
    exponent = exponent ? s.add(exponent, byte) : byte;
    largest = largest ? s.max(largest, byte) : byte;
    ++numExponents;
    return;
  }
  if (!scale.getType().isF32())
    scale = s.extF(scale);
  factor = factor ? s.mulF(factor, scale) : scale;
}

Value mlir::mx::applyScales(OpBuilder &b, Location loc, Value value,
                            const KernelScales &lhs, const KernelScales &rhs) {
  ScalarBuilder s(b, loc);
  Value exponent, largest;
  int64_t count = lhs.numExponents + rhs.numExponents;
  for (const KernelScales *scales : {&lhs, &rhs}) {
    if (scales->factor)
      value = s.mulF(value, scales->factor);
    if (!scales->exponent)
      continue;
    exponent = exponent ? s.add(exponent, scales->exponent) : scales->exponent;
    largest = largest ? s.max(largest, scales->largest) : scales->largest;
  }
  if (!count)
    return value;
  // 127 is the bias of E8M0 and of f32 (OCP MX v1.0 section 5.4.1). Two powers
  // have the exponents from -254 to 254: beyond, a sum of a block overflows or
  // is zero.
  exponent = s.sub(exponent, s.i32(127 * count));
  if (count > 2)
    exponent = s.max(s.min(exponent, s.i32(254)), s.i32(-254));
  Value half = arith::ShRSIOp::create(b, loc, exponent, s.i32(1));
  // 2^-127 is the subnormal 0x00400000.
  auto power = [&](Value exponent) {
    return s.max(s.shl(s.add(exponent, s.i32(127)), 23), s.i32(0x00400000));
  };
  Value other = s.select(s.equal(largest, 255), s.i32(0x7fc00000),
                         power(s.sub(exponent, half)));
  return s.mulF(s.mulF(value, s.toF32(power(half))), s.toF32(other));
}
