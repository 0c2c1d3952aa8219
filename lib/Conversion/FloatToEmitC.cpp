// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Floats: those of C as they are, others by their codes.
#include "EmitCTypes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace mlir::mx;

/// `f32` or `f64` for the floats of C.
static std::string getSuffix(Type type) { return type.isF32() ? "f32" : "f64"; }

template <typename OpType, typename CType>
static void addOperator(RewritePatternSet &patterns,
                        const CTypeConverter &types) {
  addRule<OpType>(patterns, types,
                  [](CBuilder &c, OpType op, auto adaptor, Type type) -> Value {
                    if (!isa<FloatType>(type))
                      return {};
                    return CType::create(c.b, c.loc, type, adaptor.getLhs(),
                                         adaptor.getRhs());
                  });
}

/// Predicates that hold for NaN are the contrary of those that do not.
static Value compare(CBuilder &c, arith::CmpFOp op,
                     arith::CmpFOp::Adaptor adaptor, Type) {
  using P = arith::CmpFPredicate;
  using C = emitc::CmpPredicate;
  Value lhs = adaptor.getLhs(), rhs = adaptor.getRhs();
  if (!isa<FloatType>(lhs.getType()))
    return {};
  auto holds = [&](C predicate) { return c.compare(predicate, lhs, rhs); };
  auto fails = [&](C predicate) { return c.logicalNot(holds(predicate)); };
  auto differs = [&]() -> Value {
    return emitc::LogicalOrOp::create(c.b, c.loc, c.b.getI1Type(), holds(C::lt),
                                      holds(C::gt));
  };
  auto isNaN = [&]() -> Value {
    Value first = c.compare(C::ne, lhs, lhs);
    if (lhs == rhs)
      return first;
    return emitc::LogicalOrOp::create(c.b, c.loc, c.b.getI1Type(), first,
                                      c.compare(C::ne, rhs, rhs));
  };
  switch (op.getPredicate()) {
  case P::AlwaysFalse:
    return c.literal(c.b.getI1Type(), "false");
  case P::AlwaysTrue:
    return c.literal(c.b.getI1Type(), "true");
  case P::OEQ:
    return holds(C::eq);
  case P::OGT:
    return holds(C::gt);
  case P::OGE:
    return holds(C::ge);
  case P::OLT:
    return holds(C::lt);
  case P::OLE:
    return holds(C::le);
  case P::ONE:
    return differs();
  case P::ORD:
    return c.logicalNot(isNaN());
  case P::UEQ:
    return c.logicalNot(differs());
  case P::UGT:
    return fails(C::le);
  case P::UGE:
    return fails(C::lt);
  case P::ULT:
    return fails(C::ge);
  case P::ULE:
    return fails(C::gt);
  case P::UNE:
    return holds(C::ne);
  case P::UNO:
    return isNaN();
  }
  llvm_unreachable("not a predicate");
}

static Value makeConstant(CBuilder &c, arith::ConstantOp op,
                          arith::ConstantOp::Adaptor, Type type) {
  auto attr = dyn_cast<FloatAttr>(op.getValue());
  if (!attr)
    return {};
  llvm::APFloat value = attr.getValue();
  APInt bits = value.bitcastToAPInt();
  if (!isa<FloatType>(type))
    return c.integer(type, bits);
  if (!value.isFinite()) {
    Type integer = IntegerType::get(type.getContext(), bits.getBitWidth(),
                                    IntegerType::Unsigned);
    return c.call(type, "mx_" + getSuffix(type) + "_of_bits",
                  c.integer(integer, bits));
  }
  return c.literal(type, getDecimal(value));
}

static Value bitcast(CBuilder &c, arith::BitcastOp op,
                     arith::BitcastOp::Adaptor adaptor, Type type) {
  Value in = adaptor.getIn();
  if (isa<FloatType>(type) && isa<IntegerType>(in.getType()))
    return c.call(type, "mx_" + getSuffix(type) + "_of_bits", in);
  if (isa<FloatType>(in.getType()) && isa<IntegerType>(type))
    return c.call(type, "mx_bits_of_" + getSuffix(in.getType()), in);
  return c.cast(type, in);
}

static Value extend(CBuilder &c, arith::ExtFOp op,
                    arith::ExtFOp::Adaptor adaptor, Type type) {
  Type from = op.getIn().getType();
  Value in = adaptor.getIn();
  if (from.isF32() && type.isF64())
    return c.cast(type, in);
  if (!from.isF16() || !isa<FloatType>(type))
    return {};
  return c.cast(type, c.call(c.b.getF32Type(), "mx_f32_of_f16", in));
}

static Value truncate(CBuilder &c, arith::TruncFOp op,
                      arith::TruncFOp::Adaptor adaptor, Type type) {
  Type from = op.getIn().getType();
  if (from.isF64() && type.isF32())
    return c.cast(type, adaptor.getIn());
  if (!from.isF32() || !op.getType().isF16())
    return {};
  return c.call(type, "mx_f16_of_f32", adaptor.getIn());
}

void mlir::mx::populateFloatToEmitC(RewritePatternSet &patterns,
                                    const CTypeConverter &types) {
  addOperator<arith::AddFOp, emitc::AddOp>(patterns, types);
  addOperator<arith::SubFOp, emitc::SubOp>(patterns, types);
  addOperator<arith::MulFOp, emitc::MulOp>(patterns, types);
  addOperator<arith::DivFOp, emitc::DivOp>(patterns, types);
  addRule<arith::NegFOp>(
      patterns, types,
      [](CBuilder &c, arith::NegFOp op, auto adaptor, Type type) -> Value {
        if (!isa<FloatType>(type))
          return {};
        return emitc::UnaryMinusOp::create(c.b, c.loc, type,
                                           adaptor.getOperand());
      });
  addRule<arith::SIToFPOp>(
      patterns, types,
      [](CBuilder &c, arith::SIToFPOp op, auto adaptor, Type type) -> Value {
        unsigned width = op.getIn().getType().getIntOrFloatBitWidth();
        if (!isa<FloatType>(type) || width == 1 || getCWidth(width) != width)
          return {};
        return c.cast(type, c.asSigned(adaptor.getIn()));
      });
  addRule<arith::UIToFPOp>(
      patterns, types,
      [](CBuilder &c, arith::UIToFPOp op, auto adaptor, Type type) -> Value {
        return isa<FloatType>(type) ? c.cast(type, adaptor.getIn()) : Value();
      });
  addRule<arith::FPToSIOp>(
      patterns, types,
      [](CBuilder &c, arith::FPToSIOp op, auto adaptor, Type type) -> Value {
        unsigned width = op.getType().getIntOrFloatBitWidth();
        if (!isa<FloatType>(adaptor.getIn().getType()) || width == 1 ||
            getCWidth(width) != width)
          return {};
        Type number = c.b.getIntegerType(width);
        return c.cast(type, c.cast(number, adaptor.getIn()));
      });
  addRule<arith::FPToUIOp>(
      patterns, types,
      [](CBuilder &c, arith::FPToUIOp op, auto adaptor, Type type) -> Value {
        Value in = adaptor.getIn();
        if (!isa<FloatType>(in.getType()))
          return {};
        // C's bool is true for all but 0.
        if (type.isInteger(1))
          return c.compare(
              emitc::CmpPredicate::ge, in,
              c.literal(in.getType(), in.getType().isF32() ? "1.0f" : "1.0"));
        return c.cast(type, in);
      });
  addRule<arith::CmpFOp>(patterns, types, compare);
  addRule<arith::ConstantOp>(patterns, types, makeConstant);
  addRule<arith::BitcastOp>(patterns, types, bitcast);
  addRule<arith::ExtFOp>(patterns, types, extend);
  addRule<arith::TruncFOp>(patterns, types, truncate);
}
