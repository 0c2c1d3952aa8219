// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "PanelRewrite.h"
#include "mx/Transforms/ConstantResources.h"
#include "mx/Transforms/MatmulDims.h"
#include "mx/Transforms/Passes.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/BuiltinOps.h"

namespace mlir::mx {
#define GEN_PASS_DEF_MXPACKWEIGHTS
#include "mx/Transforms/Passes.h.inc"
} // namespace mlir::mx

using namespace mlir;
using namespace mlir::mx;

namespace {
struct PackWeights : mlir::mx::impl::MXPackWeightsBase<PackWeights> {
  void runOnOperation() override {
    SmallVector<ContractOp> ops;
    getOperation().walk([&](ContractOp op) {
      if (op->getNumResults())
        ops.push_back(op);
    });
    ResourceUses uses(getOperation());
    IRRewriter rewriter(&getContext());
    int64_t width = TargetAttr::get(getOperation()).getRegisterTile().second;
    for (ContractOp op : ops)
      pack(rewriter, op, width, uses);
  }

  void pack(RewriterBase &rewriter, ContractOp op, int64_t width,
            ResourceUses &uses) {
    FailureOr<MatmulDims> dims = getMatmulDims(op);
    if (failed(dims))
      return;
    bool isLhs = dims->columnsAreLhs;
    Value elements = isLhs ? op.getLhs() : op.getRhs();
    PanelRewrite rewrite(rewriter, op, *dims, width,
                         PanelRewrite::Layout::Constant);
    // A second copy for another user would take memory.
    if (!elements.hasOneUse() || !rewrite.isPossible())
      return;
    ++numPacked;
    SmallVector<Value> old(isLhs ? op.getLhsScales() : op.getRhsScales());
    old.push_back(elements);
    rewrite.run();
    for (Value value : old)
      if (Operation *source = value.getDefiningOp();
          source && source->use_empty())
        uses.eraseWithOperands(rewriter, source);
  }
};
} // namespace
