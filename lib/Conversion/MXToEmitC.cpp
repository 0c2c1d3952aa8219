// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "EmitCTypes.h"
#include "mx/Conversion/Passes.h"

#include "mlir/Conversion/SCFToEmitC/SCFToEmitC.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Transforms/WalkPatternRewriteDriver.h"

namespace mlir::mx {
#define GEN_PASS_DEF_CONVERTMXTOEMITC
#include "mx/Conversion/Passes.h.inc"
} // namespace mlir::mx

using namespace mlir;
using namespace mlir::mx;

/// Erases what nothing uses, such as the sizes of buffers, which C does not ask
/// for: compilers would warn of it. EmitC takes operators for calls where an
/// operand's type is opaque.
static void eraseUnused(ModuleOp module) {
  SmallVector<Operation *> ops;
  module.walk([&](Operation *op) {
    if (isa<emitc::AddOp, emitc::BitwiseAndOp, emitc::BitwiseLeftShiftOp,
            emitc::BitwiseOrOp, emitc::BitwiseRightShiftOp, emitc::BitwiseXorOp,
            emitc::CastOp, emitc::CmpOp, emitc::ConditionalOp, emitc::DivOp,
            emitc::LiteralOp, emitc::LoadOp, emitc::LogicalAndOp,
            emitc::LogicalNotOp, emitc::LogicalOrOp, emitc::MulOp, emitc::RemOp,
            emitc::SubOp, emitc::UnaryMinusOp>(op))
      ops.push_back(op);
  });
  for (Operation *op : llvm::reverse(ops))
    if (op->use_empty())
      op->erase();
}

namespace {
struct ConvertMXToEmitC
    : mlir::mx::impl::ConvertMXToEmitCBase<ConvertMXToEmitC> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    if (failed(prepareForC(module)))
      return signalPassFailure();
    // arith-expand would also expand maximumf, and lose the sign of zero.
    RewritePatternSet expansions(&getContext());
    arith::populateCeilFloorDivExpandOpsPatterns(expansions);
    arith::populateExpandBFloat16Patterns(expansions);
    walkAndApplyPatterns(module, std::move(expansions));
    CTypeConverter types;
    RewritePatternSet patterns(&getContext());
    populateSCFToEmitCConversionPatterns(patterns, types);
    populateArithToEmitC(patterns, types);
    populateFloatToEmitC(patterns, types);
    populateMathToEmitC(patterns, types);
    populateMemRefToEmitC(patterns, types);
    populateGlobalToEmitC(patterns, types);
    populateFuncToEmitC(patterns, types);
    ConversionTarget target(getContext());
    target.addLegalDialect<emitc::EmitCDialect>();
    target.addLegalOp<ModuleOp>();
    if (failed(applyFullConversion(module, target, std::move(patterns))))
      return signalPassFailure();
    eraseUnused(module);
    addHelpers(module);
  }
};
} // namespace
