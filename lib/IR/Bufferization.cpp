// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// BufferizableOpInterface of the structured ops: the op itself, on memrefs.
#include "mx/IR/MX.h"

#include "mlir/Dialect/Bufferization/IR/DstBufferizableOpInterfaceImpl.h"

using namespace mlir;
using namespace mlir::mx;

namespace {
template <typename OpType>
struct StructuredOpBufferization
    : bufferization::DstBufferizableOpInterfaceExternalModel<
          StructuredOpBufferization<OpType>, OpType> {
  LogicalResult bufferize(Operation *op, RewriterBase &rewriter,
                          const bufferization::BufferizationOptions &options,
                          bufferization::BufferizationState &state) const {
    SmallVector<Value> buffers;
    for (Value operand : op->getOperands()) {
      FailureOr<Value> buffer =
          bufferization::getBuffer(rewriter, operand, options, state);
      if (failed(buffer))
        return failure();
      buffers.push_back(*buffer);
    }
    OpBuilder::InsertionGuard guard(rewriter);
    rewriter.setInsertionPoint(op);
    clone(rewriter, op, /*newResultTypes=*/TypeRange{}, buffers);
    // The destinations are the last operands, in the order of the results.
    bufferization::replaceOpWithBufferizedValues(
        rewriter, op, ValueRange(buffers).take_back(op->getNumResults()));
    return success();
  }
};
} // namespace

void mlir::mx::registerBufferizableOpInterfaceExternalModels(
    DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, MXDialect *) {
    ContractOp::attachInterface<StructuredOpBufferization<ContractOp>>(
        *context);
    DequantizeOp::attachInterface<StructuredOpBufferization<DequantizeOp>>(
        *context);
    QuantizeOp::attachInterface<StructuredOpBufferization<QuantizeOp>>(
        *context);
  });
}
