// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/IR/MX.h"
#include "mx/Transforms/Contraction.h"
#include "mx/Transforms/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/TypeUtilities.h"

namespace mlir::mx {
#define GEN_PASS_DEF_MXFORMCONTRACT
#include "mx/Transforms/Passes.h.inc"
} // namespace mlir::mx

using namespace mlir;
using namespace mlir::mx;

namespace {
struct FormContract : mlir::mx::impl::MXFormContractBase<FormContract> {
  void runOnOperation() override {
    SmallVector<linalg::LinalgOp> ops;
    getOperation()->walk([&](linalg::LinalgOp op) { ops.push_back(op); });
    for (linalg::LinalgOp op : ops)
      rewrite(op);
  }

  void rewrite(linalg::LinalgOp op) {
    std::string reason;
    std::optional<Contraction> contraction = getContraction(op, reason);
    if (!contraction || op->getNumResults() != 1)
      return;
    lookThroughOperands(*contraction);
    if (!contraction->lhsMap.isProjectedPermutation() ||
        !contraction->rhsMap.isProjectedPermutation() ||
        !getElementTypeOrSelf(contraction->init.getType()).isF32())
      return;
    OpBuilder b(op);
    auto contract = ContractOp::create(
        b, op.getLoc(), op->getResultTypes(), contraction->lhs, ValueRange(),
        contraction->rhs, ValueRange(), contraction->init,
        b.getAffineMapArrayAttr(
            {contraction->lhsMap, contraction->rhsMap, contraction->initMap}),
        IntegerAttr(), IntegerAttr());
    op->replaceAllUsesWith(contract->getResults());
    op->erase();
    ++numFormed;
  }
};
} // namespace
