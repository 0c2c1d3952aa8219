// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Integers: C computes with an int where operands are narrower, so they are
/// widened first, and the result is cut.
#include "EmitCTypes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace mlir::mx;

/// Whether C has integers of as many bits as `type`, and with a sign.
static bool hasCWidth(Type type) {
  if (type.isIndex())
    return true;
  unsigned width = type.getIntOrFloatBitWidth();
  return width > 1 && getCWidth(width) == width;
}

/// `value`, of any integer type of C, as one of `type` of which `original`'s
/// bits are in use.
static Value cut(CBuilder &c, Type type, Value value, Type original) {
  unsigned width = original.isIndex() ? 64 : original.getIntOrFloatBitWidth();
  if (!original.isIndex() && width < type.getIntOrFloatBitWidth())
    value = emitc::BitwiseAndOp::create(
        c.b, c.loc, value.getType(), value,
        c.integer(value.getType(), APInt::getLowBitsSet(64, width)));
  return c.cast(type, value);
}

/// `value` in a type with which C computes as it is.
static Value widen(CBuilder &c, Value value) {
  auto type = dyn_cast<IntegerType>(value.getType());
  if (!type || type.getWidth() >= 32)
    return value;
  return c.cast(IntegerType::get(type.getContext(), 32, type.getSignedness()),
                value);
}

/// Adds a rule for an operation whose low bits follow from low bits alone.
template <typename OpType, typename CType>
static void addWrapping(RewritePatternSet &patterns,
                        const CTypeConverter &types) {
  addRule<OpType>(
      patterns, types,
      [](CBuilder &c, OpType op, auto adaptor, Type type) -> Value {
        if (type.isInteger(1))
          return {};
        Value lhs = widen(c, adaptor.getLhs()),
              rhs = widen(c, adaptor.getRhs());
        return cut(c, type, CType::create(c.b, c.loc, lhs.getType(), lhs, rhs),
                   op.getType());
      });
}

/// Adds a rule for an operation on numbers with or without a sign.
template <typename OpType, typename CType, bool isSigned>
static void addNumeric(RewritePatternSet &patterns,
                       const CTypeConverter &types) {
  addRule<OpType>(
      patterns, types,
      [](CBuilder &c, OpType op, auto adaptor, Type type) -> Value {
        if (type.isInteger(1) || (isSigned && !hasCWidth(op.getType())))
          return {};
        auto take = [&](Value value) {
          return widen(c, isSigned ? c.asSigned(value) : c.asUnsigned(value));
        };
        Value lhs = take(adaptor.getLhs()), rhs = take(adaptor.getRhs());
        return c.cast(type, CType::create(c.b, c.loc, lhs.getType(), lhs, rhs));
      });
}

/// Adds a rule for the lesser, or the greater, of two numbers.
template <typename OpType, emitc::CmpPredicate predicate, bool isSigned>
static void addChoice(RewritePatternSet &patterns,
                      const CTypeConverter &types) {
  addRule<OpType>(
      patterns, types,
      [](CBuilder &c, OpType op, auto adaptor, Type type) -> Value {
        if (isSigned && !hasCWidth(op.getType()))
          return {};
        Value lhs = adaptor.getLhs(), rhs = adaptor.getRhs();
        Value first =
            isSigned
                ? c.compare(predicate, c.asSigned(lhs), c.asSigned(rhs))
                : c.compare(predicate, c.asUnsigned(lhs), c.asUnsigned(rhs));
        return c.choose(first, lhs, rhs);
      });
}

/// Adds rules for and, or, xor, which C has for conditions too.
template <typename OpType, typename CType, typename LogicalType>
static void addBitwise(RewritePatternSet &patterns,
                       const CTypeConverter &types) {
  addRule<OpType>(
      patterns, types,
      [](CBuilder &c, OpType op, auto adaptor, Type type) -> Value {
        Value lhs = adaptor.getLhs(), rhs = adaptor.getRhs();
        if (type.isInteger(1))
          return LogicalType::create(c.b, c.loc, type, lhs, rhs);
        lhs = widen(c, lhs), rhs = widen(c, rhs);
        return c.cast(type, CType::create(c.b, c.loc, lhs.getType(), lhs, rhs));
      });
}

static emitc::CmpPredicate getPredicate(arith::CmpIPredicate predicate) {
  switch (predicate) {
  case arith::CmpIPredicate::eq:
    return emitc::CmpPredicate::eq;
  case arith::CmpIPredicate::ne:
    return emitc::CmpPredicate::ne;
  case arith::CmpIPredicate::slt:
  case arith::CmpIPredicate::ult:
    return emitc::CmpPredicate::lt;
  case arith::CmpIPredicate::sle:
  case arith::CmpIPredicate::ule:
    return emitc::CmpPredicate::le;
  case arith::CmpIPredicate::sgt:
  case arith::CmpIPredicate::ugt:
    return emitc::CmpPredicate::gt;
  case arith::CmpIPredicate::sge:
  case arith::CmpIPredicate::uge:
    return emitc::CmpPredicate::ge;
  }
  llvm_unreachable("not a predicate");
}

static Value compare(CBuilder &c, arith::CmpIOp op,
                     arith::CmpIOp::Adaptor adaptor, Type) {
  arith::CmpIPredicate predicate = op.getPredicate();
  Value lhs = adaptor.getLhs(), rhs = adaptor.getRhs();
  bool isSigned = predicate >= arith::CmpIPredicate::slt &&
                  predicate <= arith::CmpIPredicate::sge;
  if (isSigned && !hasCWidth(op.getLhs().getType()))
    return {};
  if (isSigned)
    return c.compare(getPredicate(predicate), c.asSigned(lhs), c.asSigned(rhs));
  return c.compare(getPredicate(predicate), c.asUnsigned(lhs),
                   c.asUnsigned(rhs));
}

/// Sign extension: that of C where C has the width, else by shifts.
static Value extendSign(CBuilder &c, arith::ExtSIOp op,
                        arith::ExtSIOp::Adaptor adaptor, Type type) {
  Value in = adaptor.getIn();
  if (hasCWidth(op.getIn().getType())) {
    unsigned width = op.getType().getIntOrFloatBitWidth();
    Value wide = c.cast(c.b.getIntegerType(getCWidth(width)), c.asSigned(in));
    return cut(c, type, c.cast(type, wide), op.getType());
  }
  unsigned bits = op.getIn().getType().getIntOrFloatBitWidth();
  // (x ^ s) - s, where s has the bit of the sign alone.
  Value wide = widen(c, c.cast(type, in));
  Value sign = c.integer(wide.getType(), APInt::getOneBitSet(64, bits - 1));
  Value flipped =
      emitc::BitwiseXorOp::create(c.b, c.loc, wide.getType(), wide, sign);
  return cut(c, type,
             emitc::SubOp::create(c.b, c.loc, wide.getType(), flipped, sign),
             op.getType());
}

static Value truncate(CBuilder &c, arith::TruncIOp op,
                      arith::TruncIOp::Adaptor adaptor, Type type) {
  Value in = adaptor.getIn();
  if (!type.isInteger(1))
    return cut(c, type, in, op.getType());
  Value wide = widen(c, in), one = c.integer(wide.getType(), APInt(64, 1));
  Value bit =
      emitc::BitwiseAndOp::create(c.b, c.loc, wide.getType(), wide, one);
  return c.compare(emitc::CmpPredicate::eq, bit, one);
}

static Value castIndex(CBuilder &c, arith::IndexCastOp op,
                       arith::IndexCastOp::Adaptor adaptor, Type type) {
  Type from = op.getIn().getType();
  if (!hasCWidth(from) || !hasCWidth(op.getType()))
    return {};
  return c.cast(type, c.asSigned(adaptor.getIn()));
}

static Value castUnsignedIndex(CBuilder &c, arith::IndexCastUIOp op,
                               arith::IndexCastUIOp::Adaptor adaptor,
                               Type type) {
  return cut(c, type, adaptor.getIn(), op.getType());
}

static Value makeConstant(CBuilder &c, arith::ConstantOp op,
                          arith::ConstantOp::Adaptor, Type type) {
  auto value = dyn_cast<IntegerAttr>(op.getValue());
  return value ? c.integer(type, value.getValue()) : Value();
}

void mlir::mx::populateArithToEmitC(RewritePatternSet &patterns,
                                    const CTypeConverter &types) {
  addWrapping<arith::AddIOp, emitc::AddOp>(patterns, types);
  addWrapping<arith::SubIOp, emitc::SubOp>(patterns, types);
  addWrapping<arith::MulIOp, emitc::MulOp>(patterns, types);
  addWrapping<arith::ShLIOp, emitc::BitwiseLeftShiftOp>(patterns, types);
  addNumeric<arith::ShRUIOp, emitc::BitwiseRightShiftOp, false>(patterns,
                                                                types);
  addNumeric<arith::ShRSIOp, emitc::BitwiseRightShiftOp, true>(patterns, types);
  addNumeric<arith::DivUIOp, emitc::DivOp, false>(patterns, types);
  addNumeric<arith::DivSIOp, emitc::DivOp, true>(patterns, types);
  addNumeric<arith::RemUIOp, emitc::RemOp, false>(patterns, types);
  addNumeric<arith::RemSIOp, emitc::RemOp, true>(patterns, types);
  using P = emitc::CmpPredicate;
  addChoice<arith::MinUIOp, P::lt, false>(patterns, types);
  addChoice<arith::MinSIOp, P::lt, true>(patterns, types);
  addChoice<arith::MaxUIOp, P::gt, false>(patterns, types);
  addChoice<arith::MaxSIOp, P::gt, true>(patterns, types);
  addBitwise<arith::AndIOp, emitc::BitwiseAndOp, emitc::LogicalAndOp>(patterns,
                                                                      types);
  addBitwise<arith::OrIOp, emitc::BitwiseOrOp, emitc::LogicalOrOp>(patterns,
                                                                   types);
  addRule<arith::XOrIOp>(
      patterns, types,
      [](CBuilder &c, arith::XOrIOp op, auto adaptor, Type type) -> Value {
        Value lhs = adaptor.getLhs(), rhs = adaptor.getRhs();
        if (type.isInteger(1))
          return c.compare(emitc::CmpPredicate::ne, lhs, rhs);
        lhs = widen(c, lhs), rhs = widen(c, rhs);
        return c.cast(type, emitc::BitwiseXorOp::create(
                                c.b, c.loc, lhs.getType(), lhs, rhs));
      });
  addRule<arith::SelectOp>(
      patterns, types,
      [](CBuilder &c, arith::SelectOp op, auto adaptor, Type) -> Value {
        return c.choose(adaptor.getCondition(), adaptor.getTrueValue(),
                        adaptor.getFalseValue());
      });
  addRule<arith::ExtUIOp>(
      patterns, types,
      [](CBuilder &c, arith::ExtUIOp op, auto adaptor, Type type) -> Value {
        return c.cast(type, adaptor.getIn());
      });
  addRule<arith::CmpIOp>(patterns, types, compare);
  addRule<arith::ExtSIOp>(patterns, types, extendSign);
  addRule<arith::TruncIOp>(patterns, types, truncate);
  addRule<arith::IndexCastOp>(patterns, types, castIndex);
  addRule<arith::IndexCastUIOp>(patterns, types, castUnsignedIndex);
  addRule<arith::ConstantOp>(patterns, types, makeConstant);
}
