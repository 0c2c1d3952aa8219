// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/IR/ScalarBuilder.h"
#include "mx/Transforms/Passes.h"

#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Transforms/DialectConversion.h"
#include "mlir/Transforms/WalkPatternRewriteDriver.h"

namespace mlir::mx {
#define GEN_PASS_DEF_MXWIDENFLOATS
#include "mx/Transforms/Passes.h.inc"
} // namespace mlir::mx

using namespace mlir;
using namespace mlir::mx;

/// Floats of 16 bits, of which the first is the sign.
static bool isHalf(Type type) {
  Type element = getElementTypeOrSelf(type);
  return (element.isF16() || element.isBF16()) && !isa<TensorType>(type);
}

namespace {
/// Signs are bits: nothing is rounded, and NaN stays as it is.
template <typename OpType, typename BuildFn>
struct ChangeSign : OpRewritePattern<OpType> {
  ChangeSign(MLIRContext *context, ArrayRef<Type> types, BuildFn build)
      : OpRewritePattern<OpType>(context), types(types), build(build) {}

  LogicalResult matchAndRewrite(OpType op,
                                PatternRewriter &rewriter) const override {
    Type element = getElementTypeOrSelf(op.getType());
    if (!isHalf(op.getType()) || !llvm::is_contained(types, element))
      return rewriter.notifyMatchFailure(op, "not a type that is widened");
    ScalarBuilder s(rewriter, op.getLoc(), op.getType());
    Type bits = rewriter.getI16Type();
    SmallVector<Value> operands;
    for (Value operand : op->getOperands())
      operands.push_back(s.bits(operand, bits));
    Value sign = s.code(0x8000, bits), rest = s.code(0x7fff, bits);
    rewriter.replaceOp(op, s.bits(build(s, operands, sign, rest), element));
    return success();
  }

  ArrayRef<Type> types;
  BuildFn build;
};

/// f64 by way of f32, rounded once: that one is the neighbor whose last bit is
/// 1 where f32 has not the number itself, so it is no tie of what is narrower.
struct TruncateF64 : OpRewritePattern<arith::TruncFOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(arith::TruncFOp op,
                                PatternRewriter &rewriter) const override {
    Value in = op.getIn();
    if (!isHalf(op.getType()) || !getElementTypeOrSelf(in.getType()).isF64() ||
        op.getRoundingmode())
      return rewriter.notifyMatchFailure(op, "not f64 to 16 bits, to nearest");
    Location loc = op.getLoc();
    ScalarBuilder s(rewriter, loc, op.getType());
    Value near = s.truncF(in, rewriter.getF32Type());
    Value back = arith::ExtFOp::create(rewriter, loc, in.getType(), near);
    auto compare = [&](arith::CmpFPredicate predicate, Value x, Value y) {
      return arith::CmpFOp::create(rewriter, loc, predicate, x, y);
    };
    Value isLarger = compare(arith::CmpFPredicate::OGT,
                             math::AbsFOp::create(rewriter, loc, back),
                             math::AbsFOp::create(rewriter, loc, in));
    Value below = s.sub(s.toBits(near), s.extend(isLarger));
    Value differs = compare(arith::CmpFPredicate::ONE, back, in);
    Value bits = s.bitOr(below, s.extend(differs));
    rewriter.replaceOp(op, s.truncF(s.toF32(bits), getElementTypeOrSelf(op)));
    return success();
  }
};

struct WidenFloats : mlir::mx::impl::MXWidenFloatsBase<WidenFloats> {
  using MXWidenFloatsBase::MXWidenFloatsBase;

  void runOnOperation() override {
    changeSigns();
    MLIRContext *context = &getContext();
    SmallVector<Type> types = getTypes();
    TypeConverter converter;
    converter.addConversion([](Type type) { return type; });
    Type f32 = Float32Type::get(context);
    converter.addConversion([&](Type type) -> std::optional<Type> {
      if (!llvm::is_contained(types, getElementTypeOrSelf(type)))
        return std::nullopt;
      auto shaped = dyn_cast<ShapedType>(type);
      return shaped ? Type(shaped.clone(f32)) : f32;
    });
    // Without upstream's contract, for which what is rounded and extended again
    // would fold to what it was before.
    converter.addTargetMaterialization(
        [](OpBuilder &b, Type type, ValueRange values, Location loc) -> Value {
          return arith::ExtFOp::create(b, loc, type, values);
        });
    ConversionTarget target(*context);
    arith::populateEmulateUnsupportedFloatsLegality(target, converter);
    target.addDynamicallyLegalDialect<math::MathDialect>(
        [&](Operation *op) { return converter.isLegal(op); });
    RewritePatternSet patterns(context);
    arith::populateEmulateUnsupportedFloatsPatterns(patterns, converter);
    if (failed(applyPartialConversion(getOperation(), target,
                                      std::move(patterns))))
      signalPassFailure();
  }

  SmallVector<Type> getTypes() {
    SmallVector<Type> types = {BFloat16Type::get(&getContext())};
    if (withF16)
      types.push_back(Float16Type::get(&getContext()));
    return types;
  }

  /// What needs no f32, and casts for which f32 is a step between.
  void changeSigns() {
    MLIRContext *context = &getContext();
    RewritePatternSet patterns(context);
    auto negate = [](ScalarBuilder &s, ValueRange x, Value sign, Value) {
      return arith::XOrIOp::create(s.b, s.loc, x[0], sign).getResult();
    };
    auto takeMagnitude = [](ScalarBuilder &s, ValueRange x, Value, Value rest) {
      return s.bitAnd(x[0], rest);
    };
    auto copySign = [](ScalarBuilder &s, ValueRange x, Value sign, Value rest) {
      return s.bitOr(s.bitAnd(x[0], rest), s.bitAnd(x[1], sign));
    };
    SmallVector<Type> types = getTypes();
    ArrayRef<Type> halves = types;
    patterns.add<ChangeSign<arith::NegFOp, decltype(negate)>>(context, halves,
                                                              negate);
    patterns.add<ChangeSign<math::AbsFOp, decltype(takeMagnitude)>>(
        context, halves, takeMagnitude);
    patterns.add<ChangeSign<math::CopySignOp, decltype(copySign)>>(
        context, halves, copySign);
    patterns.add<TruncateF64>(context);
    walkAndApplyPatterns(getOperation(), std::move(patterns));
  }
};
} // namespace
