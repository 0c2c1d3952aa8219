// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Math/Transforms/Passes.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace mlir::mx {
#define GEN_PASS_DEF_MXEXPANDMATH
#include "mx/Transforms/Passes.h.inc"
} // namespace mlir::mx

using namespace mlir;

namespace {
struct ExpandMath : mlir::mx::impl::MXExpandMathBase<ExpandMath> {
  using MXExpandMathBase::MXExpandMathBase;

  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    math::populateExpansionPatterns(patterns, {"rsqrt", "fpowi"});
    if (approximate) {
      // sin, cos and cbrt are left out: upstream's are exact in absolute terms
      // only, or to 12 ulp.
      static const StringRef names[] = {
          math::ExpOp::getOperationName(),   math::ErfOp::getOperationName(),
          math::TanhOp::getOperationName(),  math::LogOp::getOperationName(),
          math::Log1pOp::getOperationName(), math::ExpM1Op::getOperationName()};
      auto chosen = [](StringRef name) {
        return llvm::is_contained(names, name);
      };
      populateMathF32ExpansionPatterns(patterns, chosen);
      populateMathPolynomialApproximationPatterns(patterns, chosen);
    }
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace
