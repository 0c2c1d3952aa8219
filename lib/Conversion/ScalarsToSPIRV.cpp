// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Scalars of types that SPIR-V lacks: integers of 4 and 6 bits, which are
/// codes on their way, bf16 and, on many devices, f16.
#include "ToSPIRV.h"
#include "mx/IR/ScalarBuilder.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

using namespace mlir;
using namespace mlir::mx;

/// Whether `type` is an integer that no memory holds.
static bool isShort(Type type) {
  return type.isInteger() && type.getIntOrFloatBitWidth() < 8 &&
         !type.isInteger(1);
}

namespace {
/// x extended from an integer of less than 8 bits that it was cut to: shifted
/// up and down again.
template <typename ExtOp, typename ShiftOp>
struct ExtendShort : OpRewritePattern<ExtOp> {
  using OpRewritePattern<ExtOp>::OpRewritePattern;
  LogicalResult matchAndRewrite(ExtOp op,
                                PatternRewriter &rewriter) const override {
    auto narrow = op.getIn().template getDefiningOp<arith::TruncIOp>();
    if (!narrow || !isShort(narrow.getType()))
      return rewriter.notifyMatchFailure(op, "no integer of less than 8 bits");
    Location loc = op.getLoc();
    Type type = op.getType();
    Value source = narrow.getIn();
    unsigned from = source.getType().getIntOrFloatBitWidth();
    unsigned to = type.getIntOrFloatBitWidth();
    if (from > to)
      source = arith::TruncIOp::create(rewriter, loc, type, source);
    else if (from < to)
      source = arith::ExtUIOp::create(rewriter, loc, type, source);
    unsigned width = narrow.getType().getIntOrFloatBitWidth();
    Value shift = arith::ConstantOp::create(
        rewriter, loc, rewriter.getIntegerAttr(type, to - width));
    source = arith::ShLIOp::create(rewriter, loc, source, shift);
    rewriter.replaceOpWithNewOp<ShiftOp>(op, source, shift);
    return success();
  }
};

/// A select between floats whose bits alone are wanted selects bits.
struct SelectBits : OpRewritePattern<arith::BitcastOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(arith::BitcastOp op,
                                PatternRewriter &rewriter) const override {
    auto select = op.getIn().getDefiningOp<arith::SelectOp>();
    if (!select || !op.getType().isInteger() || !select->hasOneUse() ||
        select.getType().getIntOrFloatBitWidth() > 16)
      return rewriter.notifyMatchFailure(op, "no select between codes");
    auto getBits = [&](Value value) -> Value {
      return arith::BitcastOp::create(rewriter, op.getLoc(), op.getType(),
                                      value);
    };
    rewriter.replaceOpWithNewOp<arith::SelectOp>(
        op, select.getCondition(), getBits(select.getTrueValue()),
        getBits(select.getFalseValue()));
    return success();
  }
};

/// The same of integers that are extended.
struct SelectExtended : OpRewritePattern<arith::ExtUIOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(arith::ExtUIOp op,
                                PatternRewriter &rewriter) const override {
    auto select = op.getIn().getDefiningOp<arith::SelectOp>();
    if (!select || !isShort(select.getType()) || !select->hasOneUse())
      return rewriter.notifyMatchFailure(op, "no select of short integers");
    auto extend = [&](Value value) -> Value {
      return arith::ExtUIOp::create(rewriter, op.getLoc(), op.getType(), value);
    };
    rewriter.replaceOpWithNewOp<arith::SelectOp>(
        op, select.getCondition(), extend(select.getTrueValue()),
        extend(select.getFalseValue()));
    return success();
  }
};

/// The f32 of an f16, exactly.
struct ExpandExtF16 : OpRewritePattern<arith::ExtFOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(arith::ExtFOp op,
                                PatternRewriter &rewriter) const override {
    if (!op.getIn().getType().isF16())
      return rewriter.notifyMatchFailure(op, "source is not f16");
    ScalarBuilder s(rewriter, op.getLoc());
    Value code = s.extend(s.bits(op.getIn(), rewriter.getI16Type()));
    Value sign = s.shl(s.shr(code, 15), 31);
    Value magnitude = s.bitAnd(code, s.i32(0x7fff));
    // Biases are 15 and 127; mantissas have 10 and 23 bits (IEEE 754).
    Value placed = s.shl(magnitude, 13);
    Value rebiased = s.toF32(s.add(placed, s.i32((127 - 15) << 23)));
    // With exponent field 0 this is 2^-15 (1 + f) in place of 2^-14 f.
    Value distance = s.addF(rebiased, s.f32(-0x1p-14f));
    Value bits = s.toBits(s.addF(rebiased, s.minF(distance, s.f32(0))));
    bits = s.select(s.above(magnitude, 0x7bff),
                    s.bitOr(placed, s.i32(0x7f800000)), bits);
    Value value = s.toF32(s.bitOr(bits, sign));
    if (!op.getType().isF32())
      value = arith::ExtFOp::create(rewriter, op.getLoc(), op.getType(), value);
    rewriter.replaceOp(op, value);
    return success();
  }
};

/// The f16 nearest to an f32, ties to even.
struct ExpandTruncF16 : OpRewritePattern<arith::TruncFOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(arith::TruncFOp op,
                                PatternRewriter &rewriter) const override {
    if (!op.getType().isF16() || !op.getIn().getType().isF32())
      return rewriter.notifyMatchFailure(op, "not a cast of f32 to f16");
    ScalarBuilder s(rewriter, op.getLoc());
    Value bits = s.toBits(op.getIn());
    // 2^16 is enough to tell what is larger than all.
    Value magnitude =
        s.min(s.bitAnd(bits, s.i32(0x7fffffff)), s.i32((127 + 16) << 23));
    // Adding an f32 whose last bit is the code's rounds, as in
    // mx-expand-narrow-floats.
    Value exponent =
        s.max(s.bitAnd(magnitude, s.i32(0x7f800000)), s.i32((128 - 15) << 23));
    constexpr int64_t kOffset = -((128 - 15) << 10) & 0xffff;
    Value magic = s.toF32(s.add(exponent, s.i32((13 << 23) + kOffset)));
    Value sum = s.toBits(s.addF(s.toF32(magnitude), magic));
    Value code = s.bitAnd(s.add(sum, s.shr(exponent, 13)), s.i32(0xffff));
    code = s.select(s.isNaN(op.getIn()), s.i32(0x7e00),
                    s.min(code, s.i32(0x7c00)));
    code = s.bitOr(code, s.bitAnd(s.shr(bits, 16), s.i32(0x8000)));
    rewriter.replaceOp(op, s.bits(s.truncate(code, 16), op.getType()));
    return success();
  }
};
} // namespace

LogicalResult mlir::mx::expandForSPIRV(Operation *kernels) {
  MLIRContext *context = kernels->getContext();
  // arith-emulate-unsupported-floats lets casts there and back vanish, and with
  // them what they round.
  kernels->walk([&](arith::ArithFastMathInterface op) {
    if (isa<arith::ExtFOp, arith::TruncFOp>(op))
      op->removeAttr(op.getFastMathAttrName());
  });
  RewritePatternSet patterns(context);
  patterns.add<ExtendShort<arith::ExtUIOp, arith::ShRUIOp>,
               ExtendShort<arith::ExtSIOp, arith::ShRSIOp>, SelectBits,
               SelectExtended, ExpandExtF16, ExpandTruncF16>(context);
  arith::BitcastOp::getCanonicalizationPatterns(patterns, context);
  arith::populateCeilFloorDivExpandOpsPatterns(patterns);
  arith::populateExpandBFloat16Patterns(patterns);
  return applyPatternsGreedily(kernels, std::move(patterns));
}
