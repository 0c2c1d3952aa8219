// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "ContractKernel.h"
#include "mx/Transforms/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mlir::mx {
#define GEN_PASS_DEF_MXKEEPCONTRACTIONS
#include "mx/Transforms/Passes.h.inc"
} // namespace mlir::mx

using namespace mlir;
using namespace mlir::mx;

namespace {
struct KeepContractions
    : mlir::mx::impl::MXKeepContractionsBase<KeepContractions> {
  void runOnOperation() override {
    getOperation()->walk([&](ContractOp op) {
      if (failed(getKernelShape(op)))
        return;
      op->setAttr(kRegisterTileAttr, UnitAttr::get(&getContext()));
      ++numKept;
    });
  }
};
} // namespace
