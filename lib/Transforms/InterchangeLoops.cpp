// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Transforms/Passes.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"

namespace mlir::mx {
#define GEN_PASS_DEF_MXINTERCHANGELOOPS
#include "mx/Transforms/Passes.h.inc"
} // namespace mlir::mx

using namespace mlir;

/// Whether consecutive values of `dim` are consecutive elements, or one.
static bool isContiguousAlong(AffineMap map, unsigned dim) {
  for (AffineExpr expr : map.getResults())
    if (expr.isFunctionOfDim(dim) && expr != map.getResults().back())
      return false;
  if (map.getNumResults() == 0 || !map.getResults().back().isFunctionOfDim(dim))
    return true;
  // d or a window d + e; a stride is none.
  AffineExpr zero = getAffineConstantExpr(0, map.getContext());
  AffineExpr d = getAffineDimExpr(dim, map.getContext());
  AffineExpr last = map.getResults().back();
  return simplifyAffineExpr(last - last.replace(d, zero) - d, map.getNumDims(),
                            0) == zero;
}

namespace {
struct InterchangeLoops
    : mlir::mx::impl::MXInterchangeLoopsBase<InterchangeLoops> {
  void runOnOperation() override {
    SmallVector<linalg::GenericOp> ops;
    getOperation()->walk([&](linalg::GenericOp op) {
      if (op.getNumReductionLoops() && op.getNumDpsInits() == 1)
        ops.push_back(op);
    });
    IRRewriter rewriter(&getContext());
    for (linalg::GenericOp op : ops) {
      AffineMap init = op.getIndexingMapsArray().back();
      if (init.getNumResults() == 0)
        continue;
      auto innermost = dyn_cast<AffineDimExpr>(init.getResults().back());
      if (!innermost)
        continue;
      unsigned dim = innermost.getPosition();
      if (!llvm::all_of(op.getIndexingMapsArray(), [&](AffineMap map) {
            return isContiguousAlong(map, dim);
          }))
        continue;
      SmallVector<unsigned> order;
      for (bool reduction : {false, true})
        for (unsigned loop = 0; loop < op.getNumLoops(); ++loop)
          if (loop != dim && (op.getIteratorTypesArray()[loop] ==
                              utils::IteratorType::reduction) == reduction)
            order.push_back(loop);
      order.push_back(dim);
      rewriter.setInsertionPoint(op);
      (void)linalg::interchangeGenericOp(rewriter, op, order);
    }
  }
};
} // namespace
