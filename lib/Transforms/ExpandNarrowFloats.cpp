// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "NarrowFloat.h"
#include "mx/IR/MX.h"
#include "mx/IR/ScalarBuilder.h"
#include "mx/Transforms/Passes.h"

#include "mlir/IR/Matchers.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Transforms/WalkPatternRewriteDriver.h"

namespace mlir::mx {
#define GEN_PASS_DEF_MXEXPANDNARROWFLOATS
#include "mx/Transforms/Passes.h.inc"
} // namespace mlir::mx

using namespace mlir;
using namespace mlir::mx;

namespace {
bool isE8M0(Type type) {
  return isa<Float8E8M0FNUType>(getElementTypeOrSelf(type));
}

bool isNarrow(Type type) { return NarrowFloat::is(type) || isE8M0(type); }

/// The f32 of an f8E8M0FNU; 2^-127 is the subnormal 0x00400000.
Value decodeE8M0(ScalarBuilder &s, Value scale) {
  Value byte = s.extend(s.bits(scale, s.b.getI8Type()));
  Value bits = s.select(s.equal(byte, 0), s.i32(0x00400000), s.shl(byte, 23));
  bits = s.select(s.equal(byte, 255), s.i32(0x7fc00000), bits);
  return s.toF32(bits);
}

/// The f32 of any narrow float, exactly. `byF16` tells that f16 is extended by
/// an instruction.
Value decode(ScalarBuilder &s, Value source, bool byF16) {
  if (isE8M0(source.getType()))
    return decodeE8M0(s, source);
  NarrowFloat layout = NarrowFloat::get(source.getType());
  if (byF16) {
    Value value = s.extF(toF16Fields(s, source));
    int64_t exponent = layout.getF16Exponent();
    return exponent ? s.mulF(value, s.f32(getPowerOfTwo(exponent))) : value;
  }
  Value code = s.extend(s.bits(source, s.b.getIntegerType(layout.width)));
  Value sign = s.bitAnd(s.shl(code, 32 - layout.width), s.i32(1u << 31));
  // Exponent and mantissa in the places that they have in an f32.
  int64_t shift = 23 - layout.mantissa;
  auto place = [&](int64_t code) { return s.i32(code << shift); };
  Value magnitude = s.bitAnd(s.shl(code, shift),
                             place((int64_t(1) << (layout.width - 1)) - 1));
  Value rebiased = s.toF32(s.add(magnitude, s.i32((127 - layout.bias) << 23)));
  // With exponent field 0 this is 2^-bias (1 + f) in place of 2^(1-bias) f, to
  // which the distance from 2^(1-bias) is missing.
  Value distance = s.addF(rebiased, s.f32(-getPowerOfTwo(1 - layout.bias)));
  Value bits = s.toBits(s.addF(rebiased, s.minF(distance, s.f32(0))));
  auto isAt = [&](int64_t code) {
    return s.compare(arith::CmpIPredicate::eq, magnitude, place(code));
  };
  auto isAbove = [&](int64_t code) {
    return s.compare(arith::CmpIPredicate::ugt, magnitude, place(code));
  };
  if (layout.hasInf)
    bits = s.select(isAt(layout.maxCode + 1), s.i32(0x7f800000), bits);
  if (layout.hasNaN)
    bits = s.select(isAbove(layout.maxCode + (layout.hasInf ? 1 : 0)),
                    s.i32(0x7fc00000), bits);
  return s.toF32(s.bitOr(bits, sign));
}

/// `value` without the clamp, if it is one to the finite values of `layout`,
/// NaN excepted; or null.
Value getClamped(Value value, const NarrowFloat &layout) {
  auto least = value.getDefiningOp<arith::MinimumFOp>();
  auto most =
      least ? least.getLhs().getDefiningOp<arith::MaximumFOp>() : nullptr;
  if (!most)
    return {};
  llvm::APFloat high(0.0f), low(0.0f);
  if (!matchPattern(least.getRhs(), m_ConstantFloat(&high)) ||
      !matchPattern(most.getRhs(), m_ConstantFloat(&low)))
    return {};
  llvm::APFloat largest(layout.getLargest());
  if (!high.bitwiseIsEqual(largest) || !low.bitwiseIsEqual(-largest))
    return {};
  return most.getLhs();
}

/// The narrow float nearest to the f32 `source`, ties to even. `isNumber` tells
/// that it is not NaN.
Value encode(ScalarBuilder &s, Value source, Type element, bool isNumber) {
  NarrowFloat layout = NarrowFloat::get(element);
  Value clamped = getClamped(source, layout);
  if (clamped)
    source = clamped;
  Value bits = s.toBits(source);
  int64_t shift = 23 - layout.mantissa;
  // The power of two above the largest number is enough to tell what is larger
  // than all.
  auto largest = llvm::bit_cast<uint32_t>(layout.getLargest());
  // Numbers are compared as such, for which x86 has twice as many units.
  auto min = [&](Value x, int64_t y) {
    return isNumber ? s.toBits(s.minNumber(s.toF32(x), s.toF32(s.i32(y))))
                    : s.min(x, s.i32(y));
  };
  auto max = [&](Value x, int64_t y) {
    return isNumber ? s.toBits(s.maxNumber(s.toF32(x), s.toF32(s.i32(y))))
                    : s.max(x, s.i32(y));
  };
  Value magnitude = min(s.bitAnd(bits, s.i32(0x7fffffff)),
                        clamped ? largest : ((largest >> 23) + 1) << 23);
  // That of the number, or of the smallest normal one. An f32 whose last bit is
  // the code's rounds the sum, whose last bits are then the mantissa with its
  // leading one. What exponents differ by is added there beforehand: it is
  // even, and all is right in the last 8 bits.
  constexpr int64_t kByte = 0xff;
  Value exponent = max(s.bitAnd(magnitude, s.i32(0x7f800000)),
                       (128 - layout.bias) << 23);
  int64_t offset = -((128 - layout.bias) << layout.mantissa) & kByte;
  Value magic = s.toF32(s.add(exponent, s.i32((shift << 23) + offset)));
  Value sum = s.toBits(s.addF(s.toF32(magnitude), magic));
  Value code = s.add(sum, s.shr(exponent, shift));
  // E4M3's NaN and E5M2's Inf are the codes after the largest.
  if (!clamped)
    code = s.min(s.bitAnd(code, s.i32(kByte)),
                 s.i32(layout.maxCode + (layout.hasNaN ? 1 : 0)));
  int64_t nan = !layout.hasNaN ? 0 : layout.hasInf ? 0x7e : 0x7f;
  Value sign = s.bitAnd(s.shr(bits, 32 - layout.width),
                        s.i32(int64_t(1) << (layout.width - 1)));
  if (isNumber) {
    code = s.bitOr(code, sign);
  } else if (layout.hasNaN) {
    code = s.bitOr(s.select(s.isNaN(source), s.i32(nan), code), sign);
  } else { // NaN becomes +0.
    code = s.select(s.isNaN(source), s.i32(0), s.bitOr(code, sign));
  }
  return s.bits(s.truncate(code, layout.width), getElementTypeOrSelf(element));
}

struct ExpandExtF : OpRewritePattern<arith::ExtFOp> {
  ExpandExtF(MLIRContext *context, bool byF16)
      : OpRewritePattern(context), byF16(byF16) {}
  LogicalResult matchAndRewrite(arith::ExtFOp op,
                                PatternRewriter &rewriter) const override {
    if (!isNarrow(op.getIn().getType()))
      return rewriter.notifyMatchFailure(op, "source is not a narrow float");
    ScalarBuilder s(rewriter, op.getLoc(), op.getType());
    Value value = decode(s, op.getIn(), byF16);
    unsigned width = getElementTypeOrSelf(op.getType()).getIntOrFloatBitWidth();
    // Exact but for f8E8M0FNU to f16, where it rounds once.
    if (width < 32)
      value =
          arith::TruncFOp::create(rewriter, op.getLoc(), op.getType(), value);
    else if (width > 32)
      value = arith::ExtFOp::create(rewriter, op.getLoc(), op.getType(), value);
    rewriter.replaceOp(op, value);
    return success();
  }

  bool byF16;
};

struct ExpandTruncF : OpRewritePattern<arith::TruncFOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(arith::TruncFOp op,
                                PatternRewriter &rewriter) const override {
    if (!isNarrow(op.getType()) || isE8M0(op.getType()))
      return rewriter.notifyMatchFailure(op, "target is not an element type");
    Type source = getElementTypeOrSelf(op.getIn().getType());
    if (!source.isF32() && !source.isF16() && !source.isBF16())
      return rewriter.notifyMatchFailure(op, "source is not f32, f16 or bf16");
    ScalarBuilder s(rewriter, op.getLoc(), op.getType());
    Value value = source.isF32() ? op.getIn() : s.extF(op.getIn());
    bool isNumber = bitEnumContainsAny(
        op.getFastmath().value_or(arith::FastMathFlags::none),
        arith::FastMathFlags::nnan);
    rewriter.replaceOp(op, encode(s, value, op.getType(), isNumber));
    return success();
  }
};

struct ExpandScalingExtF : OpRewritePattern<arith::ScalingExtFOp> {
  ExpandScalingExtF(MLIRContext *context, bool byF16)
      : OpRewritePattern(context), byF16(byF16) {}
  LogicalResult matchAndRewrite(arith::ScalingExtFOp op,
                                PatternRewriter &rewriter) const override {
    if (!isE8M0(op.getScale().getType()))
      return rewriter.notifyMatchFailure(op, "scale is not f8E8M0FNU");
    ScalarBuilder s(rewriter, op.getLoc(), op.getType());
    // In f32 the product is exact up to overflow and underflow, and casts to
    // f16 and bf16 round once.
    Value in = op.getIn();
    if (!getElementTypeOrSelf(in.getType()).isF32())
      in = isNarrow(in.getType()) ? decode(s, in, byF16) : s.extF(in);
    Value value = s.mulF(in, decodeE8M0(s, op.getScale()));
    Type type = getElementTypeOrSelf(op.getType());
    if (type.getIntOrFloatBitWidth() > 32)
      return rewriter.notifyMatchFailure(op, "result is wider than f32");
    if (!type.isF32())
      value = s.truncF(value, type);
    rewriter.replaceOp(op, value);
    return success();
  }

  bool byF16;
};

struct ExpandConstant : OpRewritePattern<arith::ConstantOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(arith::ConstantOp op,
                                PatternRewriter &rewriter) const override {
    Type type = op.getType();
    if (!isNarrow(type) || isa<TensorType>(type))
      return rewriter.notifyMatchFailure(op, "not a scalar or vector of them");
    Type integer = rewriter.getIntegerType(
        getElementTypeOrSelf(type).getIntOrFloatBitWidth());
    TypedAttr codes;
    if (auto value = dyn_cast<FloatAttr>(op.getValue()))
      codes =
          rewriter.getIntegerAttr(integer, value.getValue().bitcastToAPInt());
    else if (auto values = dyn_cast<DenseElementsAttr>(op.getValue()))
      codes = values.mapValues(integer, [](const llvm::APFloat &value) {
        return value.bitcastToAPInt();
      });
    else
      return rewriter.notifyMatchFailure(op, "not a dense constant");
    Value constant = arith::ConstantOp::create(rewriter, op.getLoc(), codes);
    rewriter.replaceOpWithNewOp<arith::BitcastOp>(op, type, constant);
    return success();
  }
};

struct ExpandNarrowFloats
    : mlir::mx::impl::MXExpandNarrowFloatsBase<ExpandNarrowFloats> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    bool byF16 = TargetAttr::get(getOperation())
                     .extendsToF32(Float16Type::get(&getContext()));
    patterns.add<ExpandConstant, ExpandTruncF>(&getContext());
    patterns.add<ExpandExtF, ExpandScalingExtF>(&getContext(), byF16);
    walkAndApplyPatterns(getOperation(), std::move(patterns));
    WalkResult result = getOperation()->walk([&](Operation *op) {
      bool moves =
          isa<arith::BitcastOp, arith::SelectOp, arith::ConstantOp>(op);
      if (!isa_and_nonnull<arith::ArithDialect>(op->getDialect()) || moves)
        return WalkResult::advance();
      if (llvm::none_of(op->getOperandTypes(), isNarrow) &&
          llvm::none_of(op->getResultTypes(), isNarrow))
        return WalkResult::advance();
      op->emitOpError("has no expansion for ")
          << (op->getNumOperands() ? op->getOperand(0).getType()
                                   : op->getResult(0).getType())
          << " to " << op->getResult(0).getType();
      return WalkResult::interrupt();
    });
    if (result.wasInterrupted())
      signalPassFailure();
  }
};
} // namespace
