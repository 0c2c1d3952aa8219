// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Quantizes a module's contractions and marks them by a pattern of its own.
#include "mx/InitAll.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/InitAllDialects.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
using namespace mlir;

struct NameContraction : OpRewritePattern<mx::ContractOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(mx::ContractOp op, PatternRewriter &rewriter) const override {
    if (op->hasAttr("external.seen"))
      return failure();
    rewriter.modifyOpInPlace(op, [&] { op->setAttr("external.seen", rewriter.getUnitAttr()); });
    return success();
  }
};

int main(int argc, char **argv) {
  DialectRegistry registry;
  registerAllDialects(registry);
  mx::registerAllDialects(registry);
  MLIRContext context(registry);
  context.loadDialect<mx::MXDialect>();
  auto module = parseSourceFile<ModuleOp>(argv[1], &context);
  PassManager pm(&context);
  pm.addNestedPass<func::FuncOp>(mx::createMXQuantizeMatmul());
  RewritePatternSet patterns(&context);
  patterns.add<NameContraction>(&context);
  if (!module || failed(pm.run(*module)) || failed(applyPatternsGreedily(*module, std::move(patterns))))
    return 1;
  module->print(llvm::outs());
}
