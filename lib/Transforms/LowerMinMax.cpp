// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Transforms/Passes.h"

#include "mlir/Conversion/ArithCommon/AttrToLLVMConverter.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Transforms/WalkPatternRewriteDriver.h"

namespace mlir::mx {
#define GEN_PASS_DEF_MXLOWERMINMAX
#include "mx/Transforms/Passes.h.inc"
} // namespace mlir::mx

using namespace mlir;

namespace {
template <typename OpType, typename IntrinsicType>
struct LowerToIntrinsic : OpRewritePattern<OpType> {
  using OpRewritePattern<OpType>::OpRewritePattern;
  LogicalResult matchAndRewrite(OpType op,
                                PatternRewriter &rewriter) const override {
    Type type = op.getType();
    if (!LLVM::isCompatibleType(type) ||
        !isa<Float16Type, Float32Type, Float64Type>(getElementTypeOrSelf(type)))
      return rewriter.notifyMatchFailure(op, "not f16, f32 or f64 of LLVM");
    arith::AttrConvertFastMathToLLVM<OpType, IntrinsicType> attributes(op);
    rewriter.replaceOpWithNewOp<IntrinsicType>(op, type, op->getOperands(),
                                               attributes.getAttrs());
    return success();
  }
};

struct LowerMinMax : mlir::mx::impl::MXLowerMinMaxBase<LowerMinMax> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<LowerToIntrinsic<arith::MaximumFOp, LLVM::MaximumOp>,
                 LowerToIntrinsic<arith::MinimumFOp, LLVM::MinimumOp>>(
        &getContext());
    walkAndApplyPatterns(getOperation(), std::move(patterns));
  }
};
} // namespace
