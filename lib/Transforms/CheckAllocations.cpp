// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "FailureBranch.h"
#include "mx/IR/Locations.h"
#include "mx/Transforms/Passes.h"

namespace mlir::mx {
#define GEN_PASS_DEF_MXCHECKALLOCATIONS
#include "mx/Transforms/Passes.h.inc"
} // namespace mlir::mx

using namespace mlir;
using namespace mlir::mx;

namespace {
struct CheckAllocations
    : mlir::mx::impl::MXCheckAllocationsBase<CheckAllocations> {
  void runOnOperation() override {
    SmallVector<LLVM::CallOp> calls;
    getOperation().walk([&](LLVM::CallOp call) {
      if (call.getCallee() == "malloc")
        calls.push_back(call);
    });
    for (LLVM::CallOp call : calls) {
      auto isMemory = [&](OpBuilder &b) -> Value {
        Value null =
            LLVM::ZeroOp::create(b, call.getLoc(), call.getResult().getType());
        return LLVM::ICmpOp::create(b, call.getLoc(), LLVM::ICmpPredicate::ne,
                                    call.getResult(), null);
      };
      if (failed(failUnless(getOperation(), call->getNextNode(), isMemory,
                            describeLocation(call.getLoc()) +
                                ": error: not enough memory for a tensor")))
        return signalPassFailure();
    }
  }
};
} // namespace
