// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace mlir::mx {
#define GEN_PASS_DEF_MXRELAXSUMS
#include "mx/Transforms/Passes.h.inc"
} // namespace mlir::mx

using namespace mlir;

namespace {
struct RelaxSums : mlir::mx::impl::MXRelaxSumsBase<RelaxSums> {
  void runOnOperation() override {
    getOperation()->walk([](linalg::GenericOp op) {
      if (!op.getNumReductionLoops())
        return;
      for (auto [init, yielded] :
           llvm::zip(op.getRegionOutputArgs(),
                     op.getBlock()->getTerminator()->getOperands())) {
        auto add = yielded.getDefiningOp<arith::AddFOp>();
        if (!add || !llvm::is_contained(add->getOperands(), init))
          continue;
        relax(add);
        for (Value term : add->getOperands())
          if (auto multiply = term.getDefiningOp<arith::MulFOp>())
            relax(multiply);
      }
    });
  }

  template <typename OpType> static void relax(OpType op) {
    op.setFastmath(op.getFastmath() | arith::FastMathFlags::reassoc |
                   arith::FastMathFlags::contract);
  }
};
} // namespace
