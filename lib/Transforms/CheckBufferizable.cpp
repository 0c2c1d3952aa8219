// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Transforms/Passes.h"

#include "mlir/Dialect/Bufferization/IR/BufferizableOpInterface.h"

namespace mlir::mx {
#define GEN_PASS_DEF_MXCHECKBUFFERIZABLE
#include "mx/Transforms/Passes.h.inc"
} // namespace mlir::mx

using namespace mlir;

namespace {
struct CheckBufferizable
    : mlir::mx::impl::MXCheckBufferizableBase<CheckBufferizable> {
  void runOnOperation() override {
    auto isTensor = [](Type type) { return isa<TensorType>(type); };
    WalkResult result = getOperation()->walk([&](Operation *op) {
      if (isa<bufferization::BufferizableOpInterface>(op) ||
          (llvm::none_of(op->getOperandTypes(), isTensor) &&
           llvm::none_of(op->getResultTypes(), isTensor)))
        return WalkResult::advance();
      op->emitError("'") << op->getName()
                         << "' on tensors is not supported by this target";
      return WalkResult::interrupt();
    });
    if (result.wasInterrupted())
      signalPassFailure();
  }
};
} // namespace
