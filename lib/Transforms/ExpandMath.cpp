// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/IR/ScalarBuilder.h"
#include "mx/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Math/Transforms/Passes.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace mlir::mx {
#define GEN_PASS_DEF_MXEXPANDMATH
#include "mx/Transforms/Passes.h.inc"
} // namespace mlir::mx

using namespace mlir;
using namespace mlir::mx;

namespace {
// Minimax fits by Remez' exchange in 120 bits. Coefficients were rounded to f32
// one by one, lowest first, and those above fitted anew each time.

/// expm1(r) = r + r^2 Q(r) for |r| <= log(2) / 2, highest power of Q first:
/// 2^-26.1 of expm1(r) off.
constexpr float kExpm1[] = {0x1.6ac018p-10f, 0x1.122c3ap-7f, 0x1.55579ap-5f,
                            0x1.5554aap-3f, 0x1.fffffep-2f};

/// log(erfc(-u)) = u + u Q(u) for -3.95 <= u <= 0, highest power of Q first:
/// 2^-27.8 of erf(u) off.
constexpr float kLogErfc[] = {
    -0x1.3afac0p-17f, -0x1.f283c2p-14f, -0x1.4e2748p-11f,
    -0x1.b74370p-10f, -0x1.63746ap-13f, 0x1.39b7ccp-6f,
    0x1.a4f8c4p-4f,   -0x1.45f300p-1f,  0x1.06eba8p-3f};

constexpr uint32_t kSignBit = 0x80000000, kOneBits = 0x3f800000;

/// x * y + z, rounded once.
Value fma(ScalarBuilder &s, Value x, Value y, Value z) {
  return math::FmaOp::create(s.b, s.loc, x, y, z);
}

Value horner(ScalarBuilder &s, ArrayRef<float> coefficients, Value x) {
  Value sum = s.f32(coefficients.front());
  for (float coefficient : coefficients.drop_front())
    sum = fma(s, sum, x, s.f32(coefficient));
  return sum;
}

/// `bound` where x is beyond it; NaN stays NaN. One instruction on most
/// machines, which minimumf and maximumf are not.
Value clamp(ScalarBuilder &s, Value x, arith::CmpFPredicate beyond,
            float bound) {
  Value isBeyond = arith::CmpFOp::create(s.b, s.loc, beyond, x, s.f32(bound));
  return s.select(isBeyond, s.f32(bound), x);
}

/// 2^n of a normal f32, from an integer whose lowest nine bits are those of n.
Value powerOfTwo(ScalarBuilder &s, Value n) {
  return s.toF32(s.add(s.shl(n, 23), s.i32(kOneBits)));
}

/// exp(x) = 2^n * (1 + rest).
struct ReducedExp {
  Value n, rest;
};

/// Of n only the lowest 22 bits count.
ReducedExp reduceExp(ScalarBuilder &s, Value x) {
  // The last bit of an f32 near 1.5 * 2^23 is 1: adding rounds to an integer. A
  // conversion to one would have no defined result for NaN.
  constexpr float kMagic = 0x1.8p23f;
  Value sum = fma(s, x, s.f32(0x1.715476p+0f), s.f32(kMagic)); // 1 / log(2)
  Value n = s.addF(sum, s.f32(-kMagic));
  // log(2) in two parts; the first step is exact.
  Value r = fma(s, n, s.f32(-0x1.62e430p-1f), x);
  r = fma(s, n, s.f32(0x1.05c610p-29f), r);
  Value rest = fma(s, horner(s, kExpm1, r), s.mulF(r, r), r);
  return {s.toBits(sum), rest};
}

Value expandExp(ScalarBuilder &s, Value x) {
  // From here on, the result is Inf or rounds to 0.
  x = clamp(s, x, arith::CmpFPredicate::OGT, 89.0f);
  Value isZero = arith::CmpFOp::create(s.b, s.loc, arith::CmpFPredicate::OLT, x,
                                       s.f32(-104.0f));
  // Not the result of a product: where that underflows, x86 takes a hundred
  // times longer, and softmax has masks of -Inf.
  x = s.select(isZero, s.f32(0.0f), x);
  ReducedExp exp = reduceExp(s, x);
  // 2^n in two factors, for n is from -150 to 128.
  Value half = s.shr(exp.n, 1);
  Value power = powerOfTwo(s, half);
  Value result =
      s.mulF(fma(s, exp.rest, power, power), powerOfTwo(s, s.sub(exp.n, half)));
  return s.select(isZero, s.f32(0.0f), result);
}

/// exp(x) - 1 without cancellation, for |x| <= 80.
Value buildExpm1(ScalarBuilder &s, Value x) {
  ReducedExp exp = reduceExp(s, x);
  Value power = powerOfTwo(s, exp.n);
  return fma(s, exp.rest, power, s.addF(power, s.f32(-1.0f)));
}

/// The magnitude of x with the sign of y.
Value copySign(ScalarBuilder &s, Value x, Value y) {
  Value magnitude = s.bitAnd(s.toBits(x), s.i32(~kSignBit));
  Value sign = s.bitAnd(s.toBits(y), s.i32(kSignBit));
  return s.toF32(s.bitOr(magnitude, sign));
}

/// tanh(x) = e / (e + 2) with e = expm1(2 x).
Value expandTanh(ScalarBuilder &s, Value x) {
  Value a = s.toF32(s.bitAnd(s.toBits(x), s.i32(~kSignBit)));
  a = clamp(s, a, arith::CmpFPredicate::OGT, 10.0f); // It is 1 there.
  Value e = buildExpm1(s, s.addF(a, a));
  return copySign(s, s.divF(e, s.addF(e, s.f32(2.0f))), x);
}

/// erf(-u) = -expm1(log(erfc(-u))). The logarithm is smooth enough for one
/// polynomial where erf itself needs several.
Value expandErf(ScalarBuilder &s, Value x) {
  Value u = s.toF32(s.bitOr(s.toBits(x), s.i32(kSignBit)));
  u = clamp(s, u, arith::CmpFPredicate::OLT, -3.95f); // It is -1 there.
  Value logErfc = fma(s, horner(s, kLogErfc, u), u, u);
  return copySign(s, buildExpm1(s, logErfc), x);
}

template <typename OpType, Value (*expand)(ScalarBuilder &, Value)>
struct ExpandF32 : OpRewritePattern<OpType> {
  using OpRewritePattern<OpType>::OpRewritePattern;
  LogicalResult matchAndRewrite(OpType op,
                                PatternRewriter &rewriter) const override {
    Type type = op.getType();
    if (!getElementTypeOrSelf(type).isF32() || isa<TensorType>(type))
      return rewriter.notifyMatchFailure(op, "not f32 or a vector of it");
    ScalarBuilder s(rewriter, op.getLoc(), type);
    rewriter.replaceOp(op, expand(s, op.getOperand()));
    return success();
  }
};

struct ExpandMath : mlir::mx::impl::MXExpandMathBase<ExpandMath> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<ExpandF32<math::ExpOp, expandExp>,
                 ExpandF32<math::ErfOp, expandErf>,
                 ExpandF32<math::TanhOp, expandTanh>>(&getContext());
    math::populateExpansionPatterns(patterns, {"rsqrt", "fpowi", "clampf"});
    // f16 and bf16, which the patterns for rsqrt would round twice.
    auto isExpanded = [](StringRef name) {
      return llvm::is_contained(
          {"math.exp", "math.erf", "math.tanh", "math.rsqrt"}, name);
    };
    populateMathF32ExpansionPatterns(patterns, isExpanded, /*benefit=*/2);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace
