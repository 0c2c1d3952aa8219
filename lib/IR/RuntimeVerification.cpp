// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// RuntimeVerifiableOpInterface: the extents that the verifier cannot see,
/// checked when the program runs (pass generate-runtime-verification).
#include "mx/IR/MX.h"
#include "mx/IR/ScaleMap.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/Linalg/Utils/Utils.h"
#include "mlir/Interfaces/RuntimeVerifiableOpInterface.h"

using namespace mlir;
using namespace mlir::mx;

namespace {
/// An operand and the map from the dimensions to it.
using MappedOperand = std::pair<OpOperand *, AffineMap>;

SmallVector<MappedOperand> getMappedOperands(ContractOp op) {
  SmallVector<MappedOperand> operands;
  for (auto [operand, map] :
       llvm::zip(op->getOpOperands(), op.getIndexingMapsArray()))
    operands.emplace_back(&operand, map);
  return operands;
}

SmallVector<MappedOperand> getMappedOperands(QuantizeOp op) {
  AffineMap identity = AffineMap::getMultiDimIdentityMap(
      op.getScaleMap().getNumDims(), op.getContext());
  return {{&op.getInputMutable(), identity},
          {&op.getElementsMutable(), identity},
          {&op.getScalesMutable(), op.getScaleMap()}};
}

SmallVector<MappedOperand> getMappedOperands(DequantizeOp op) {
  AffineMap identity = AffineMap::getMultiDimIdentityMap(
      cast<ShapedType>(op.getElements().getType()).getRank(), op.getContext());
  SmallVector<MappedOperand> operands = {{&op.getElementsMutable(), identity},
                                         {&op.getOutputMutable(), identity}};
  for (auto [scale, map] :
       llvm::zip(op.getScalesMutable(), op.getScaleMapsArray()))
    operands.emplace_back(&scale, map);
  return operands;
}

template <typename OpType>
struct ExtentVerification
    : RuntimeVerifiableOpInterface::ExternalModel<ExtentVerification<OpType>,
                                                  OpType> {
  void generateRuntimeVerification(
      Operation *op, OpBuilder &b, Location loc,
      function_ref<std::string(Operation *, StringRef)> message) const {
    SmallVector<MappedOperand> operands = getMappedOperands(cast<OpType>(op));
    unsigned numDims = operands.front().second.getNumDims();
    SmallVector<OpFoldResult> zeros(numDims, b.getIndexAttr(0)),
        extents(numDims);
    for (auto &[operand, map] : operands)
      for (auto [position, result] : llvm::enumerate(parseMap(map)))
        if (result.isDim() && !result.isBlocked() &&
            !extents[result.terms[0].dim])
          extents[result.terms[0].dim] =
              linalg::createFoldedDimOp(b, loc, operand->get(), position);
    for (auto &[operand, map] : operands)
      for (auto [position, result] : llvm::enumerate(parseMap(map))) {
        OpFoldResult expected = getSlice(b, loc, result, zeros, extents).second;
        OpFoldResult found =
            linalg::createFoldedDimOp(b, loc, operand->get(), position);
        // What is static, the verifier has checked.
        if (getConstantIntValue(expected) && getConstantIntValue(found))
          continue;
        Value holds = arith::CmpIOp::create(
            b, loc,
            result.isWindow() ? arith::CmpIPredicate::sge
                              : arith::CmpIPredicate::eq,
            getValueOrCreateConstantIndexOp(b, loc, found),
            getValueOrCreateConstantIndexOp(b, loc, expected));
        std::string text =
            ("extent of dimension " + Twine(position) + " of operand #" +
             Twine(operand->getOperandNumber()) +
             " does not agree with the indexing maps")
                .str();
        cf::AssertOp::create(b, loc, holds, message(op, text));
      }
  }
};
} // namespace

void mlir::mx::registerRuntimeVerifiableOpInterfaceExternalModels(
    DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, MXDialect *) {
    ContractOp::attachInterface<ExtentVerification<ContractOp>>(*context);
    DequantizeOp::attachInterface<ExtentVerification<DequantizeOp>>(*context);
    QuantizeOp::attachInterface<ExtentVerification<QuantizeOp>>(*context);
    context->loadDialect<cf::ControlFlowDialect>();
  });
}
