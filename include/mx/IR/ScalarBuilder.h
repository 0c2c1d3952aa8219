// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Short names for the scalar ops that the builders of numerics use, so that
/// their formulas can be read beside the specification's. The same formulas
/// serve vectors: constants are splats then.
#ifndef MX_IR_SCALARBUILDER_H
#define MX_IR_SCALARBUILDER_H

#include "mlir/Dialect/Arith/IR/Arith.h"

namespace mlir::mx {

class ScalarBuilder {
public:
  /// For values of the shape of `like`: a scalar, or a vector's.
  ScalarBuilder(OpBuilder &b, Location loc, Type like = {})
      : b(b), loc(loc), shape(dyn_cast_or_null<VectorType>(like)) {}

  /// `element`, or a vector of it.
  Type type(Type element) {
    return shape ? Type(shape.clone(element)) : element;
  }
  Value constant(TypedAttr value) {
    if (shape)
      value = DenseElementsAttr::get(shape.clone(value.getType()),
                                     Attribute(value));
    return arith::ConstantOp::create(b, loc, value);
  }

  Value f32(float value) { return constant(b.getF32FloatAttr(value)); }
  Value i32(int64_t value) {
    return constant(b.getI32IntegerAttr(static_cast<int32_t>(value)));
  }
  Value add(Value x, Value y) { return create<arith::AddIOp>(x, y); }
  Value sub(Value x, Value y) { return create<arith::SubIOp>(x, y); }
  Value bitAnd(Value x, Value y) { return create<arith::AndIOp>(x, y); }
  Value bitOr(Value x, Value y) { return create<arith::OrIOp>(x, y); }
  Value shl(Value x, int64_t n) { return create<arith::ShLIOp>(x, i32(n)); }
  Value shr(Value x, int64_t n) { return create<arith::ShRUIOp>(x, i32(n)); }
  Value min(Value x, Value y) { return create<arith::MinSIOp>(x, y); }
  Value max(Value x, Value y) { return create<arith::MaxSIOp>(x, y); }
  Value addF(Value x, Value y) { return create<arith::AddFOp>(x, y); }
  Value mulF(Value x, Value y) { return create<arith::MulFOp>(x, y); }
  Value divF(Value x, Value y) { return create<arith::DivFOp>(x, y); }
  /// The smaller one of numbers.
  Value minF(Value x, Value y) {
    return select(create<arith::CmpFOp>(arith::CmpFPredicate::OLT, x, y), x, y);
  }
  /// The smaller and the larger one of numbers; poison for NaN.
  Value minNumber(Value x, Value y) {
    return create<arith::MinimumFOp>(x, y, arith::FastMathFlags::nnan);
  }
  Value maxNumber(Value x, Value y) {
    return create<arith::MaximumFOp>(x, y, arith::FastMathFlags::nnan);
  }
  /// A number within [low, high]; poison for NaN.
  Value clampNumber(Value x, Value low, Value high) {
    return minNumber(maxNumber(x, low), high);
  }
  Value select(Value condition, Value x, Value y) {
    return create<arith::SelectOp>(condition, x, y);
  }
  Value compare(arith::CmpIPredicate predicate, Value x, Value y) {
    return arith::CmpIOp::create(b, loc, predicate, x, y);
  }
  Value equal(Value x, int64_t y) {
    return compare(arith::CmpIPredicate::eq, x, i32(y));
  }
  /// Unsigned comparisons.
  Value above(Value x, int64_t y) {
    return compare(arith::CmpIPredicate::ugt, x, i32(y));
  }
  Value isNaN(Value x) {
    return arith::CmpFOp::create(b, loc, arith::CmpFPredicate::UNO, x, x);
  }
  Value bits(Value x, Type type) {
    return arith::BitcastOp::create(b, loc, this->type(type), x);
  }
  Value toBits(Value x) { return bits(x, b.getI32Type()); }
  Value toF32(Value x) { return bits(x, b.getF32Type()); }
  Value extF(Value x) {
    return arith::ExtFOp::create(b, loc, type(b.getF32Type()), x);
  }
  /// An integer as i32, zero extended.
  Value extend(Value x) {
    return arith::ExtUIOp::create(b, loc, type(b.getI32Type()), x);
  }
  Value truncate(Value x, unsigned width) {
    return arith::TruncIOp::create(b, loc, type(b.getIntegerType(width)), x);
  }
  Value truncF(Value x, Type type) {
    return arith::TruncFOp::create(b, loc, this->type(type), x);
  }
  /// A number as `type`; poison for NaN.
  Value truncNumber(Value x, Type type) {
    auto flags = arith::FastMathFlagsAttr::get(b.getContext(),
                                               arith::FastMathFlags::nnan);
    return create<arith::TruncFOp>(this->type(type), x,
                                   arith::RoundingModeAttr(), flags);
  }
  /// The element or scale of `type` whose code is `code`.
  Value code(int64_t code, Type type) {
    unsigned width = type.getIntOrFloatBitWidth();
    Value integer = constant(b.getIntegerAttr(b.getIntegerType(width), code));
    return isa<FloatType>(type) ? bits(integer, type) : integer;
  }

  OpBuilder &b;
  Location loc;
  VectorType shape;

private:
  template <typename OpType, typename... Args> Value create(Args &&...args) {
    return OpType::create(b, loc, std::forward<Args>(args)...);
  }
};

} // namespace mlir::mx

#endif // MX_IR_SCALARBUILDER_H
