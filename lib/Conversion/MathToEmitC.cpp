// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Functions of C's math.h, and those of mx for what C has with another
/// treatment of NaN and zeros. What mx-expand-math expands is not among them.
#include "EmitCTypes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace mlir::mx;

namespace {
/// Calls `name`, with an f behind it for f32, as C's functions have it.
template <typename OpType> struct ToFunction : OpConversionPattern<OpType> {
  ToFunction(const TypeConverter &types, MLIRContext *context, StringRef name)
      : OpConversionPattern<OpType>(types, context), name(name) {}

  LogicalResult
  matchAndRewrite(OpType op,
                  typename OpConversionPattern<OpType>::OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Type type = op.getType();
    if (!type.isF32() && !type.isF64())
      return rewriter.notifyMatchFailure(op, "not a float of C");
    CBuilder c(rewriter, op.getLoc());
    rewriter.replaceOp(op, c.call(type, name + (type.isF32() ? "f" : ""),
                                  adaptor.getOperands()));
    return success();
  }

  std::string name;
};
} // namespace

void mlir::mx::populateMathToEmitC(RewritePatternSet &patterns,
                                   const CTypeConverter &types) {
  MLIRContext *context = patterns.getContext();
  patterns.add<ToFunction<math::AbsFOp>>(types, context, "fabs");
  // As exact as the library has them.
  patterns.add<ToFunction<math::AtanOp>>(types, context, "atan");
  patterns.add<ToFunction<math::CbrtOp>>(types, context, "cbrt");
  patterns.add<ToFunction<math::CosOp>>(types, context, "cos");
  patterns.add<ToFunction<math::Exp2Op>>(types, context, "exp2");
  patterns.add<ToFunction<math::Log1pOp>>(types, context, "log1p");
  patterns.add<ToFunction<math::LogOp>>(types, context, "log");
  patterns.add<ToFunction<math::PowFOp>>(types, context, "pow");
  patterns.add<ToFunction<math::SinOp>>(types, context, "sin");
  patterns.add<ToFunction<math::CeilOp>>(types, context, "ceil");
  patterns.add<ToFunction<math::CopySignOp>>(types, context, "copysign");
  patterns.add<ToFunction<math::FloorOp>>(types, context, "floor");
  patterns.add<ToFunction<math::FmaOp>>(types, context, "fma");
  patterns.add<ToFunction<math::RoundOp>>(types, context, "round");
  // To even, as C rounds unless a program changes that.
  patterns.add<ToFunction<math::RoundEvenOp>>(types, context, "rint");
  patterns.add<ToFunction<math::SqrtOp>>(types, context, "sqrt");
  patterns.add<ToFunction<math::TruncOp>>(types, context, "trunc");
  patterns.add<ToFunction<arith::RemFOp>>(types, context, "fmod");
  patterns.add<ToFunction<arith::MaxNumFOp>>(types, context, "fmax");
  patterns.add<ToFunction<arith::MinNumFOp>>(types, context, "fmin");
  patterns.add<ToFunction<arith::MaximumFOp>>(types, context, "mx_maximum");
  patterns.add<ToFunction<arith::MinimumFOp>>(types, context, "mx_minimum");
}
