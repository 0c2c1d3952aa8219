// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// RuntimeVerifiableOpInterface: the extents that the verifier cannot see,
/// checked when the program runs (pass generate-runtime-verification).
#include "mx/IR/ExtentAssertion.h"
#include "mx/IR/MX.h"
#include "mx/IR/PackElements.h"
#include "mx/IR/ScaleLayout.h"
#include "mx/IR/ScaleMap.h"

#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/Linalg/Utils/Utils.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
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
        std::string text =
            ("extent of dimension " + Twine(position) + " of operand #" +
             Twine(operand->getOperandNumber()) +
             " does not agree with the indexing maps")
                .str();
        assertExtent(b, loc,
                     result.isWindow() ? arith::CmpIPredicate::sge
                                       : arith::CmpIPredicate::eq,
                     found, expected, message(op, text));
      }
  }
};

SmallVector<OpFoldResult> getPackedSizes(PackElementsOp op, OpBuilder &b,
                                         ArrayRef<OpFoldResult> sizes) {
  return getPackedSizes(b, op.getLoc(), sizes,
                        op.getElements().getType().getElementType(),
                        op.getContainer());
}

SmallVector<OpFoldResult> getPackedSizes(PackScalesOp op, OpBuilder &b,
                                         ArrayRef<OpFoldResult> sizes) {
  return getPackedSizes(b, op.getLoc(), sizes, op.getLayout());
}

/// A result's type may say more than the extents of what is packed.
template <typename OpType>
struct PackVerification
    : RuntimeVerifiableOpInterface::ExternalModel<PackVerification<OpType>,
                                                  OpType> {
  void generateRuntimeVerification(
      Operation *op, OpBuilder &b, Location loc,
      function_ref<std::string(Operation *, StringRef)> message) const {
    auto pack = cast<OpType>(op);
    SmallVector<OpFoldResult> found = getPackedSizes(
        pack, b, tensor::getMixedSizes(b, loc, op->getOperand(0)));
    auto type = cast<RankedTensorType>(op->getResult(0).getType());
    for (auto [dim, extent] : llvm::enumerate(type.getShape()))
      if (!ShapedType::isDynamic(extent))
        assertExtent(b, loc, arith::CmpIPredicate::eq, found[dim],
                     b.getIndexAttr(extent),
                     message(op, ("extent of dimension " + Twine(dim) +
                                  " of the result does not agree with the "
                                  "extents of the operand")
                                     .str()));
  }
};

SmallVector<OpFoldResult> getPackedSizes(UnpackElementsOp op, OpBuilder &b,
                                         ArrayRef<OpFoldResult> sizes) {
  return getPackedSizes(b, op.getLoc(), sizes,
                        op.getElements().getType().getElementType(),
                        op.getContainer());
}

SmallVector<OpFoldResult> getPackedSizes(UnpackScalesOp op, OpBuilder &b,
                                         ArrayRef<OpFoldResult> sizes) {
  return getPackedSizes(b, op.getLoc(), sizes, op.getLayout());
}

/// What is unpacked must have been packed: its bytes are those that the
/// result's extents take.
template <typename OpType>
struct UnpackVerification
    : RuntimeVerifiableOpInterface::ExternalModel<UnpackVerification<OpType>,
                                                  OpType> {
  void generateRuntimeVerification(
      Operation *op, OpBuilder &b, Location loc,
      function_ref<std::string(Operation *, StringRef)> message) const {
    auto unpack = cast<OpType>(op);
    for (Value size : op->getOperands().drop_front())
      assertExtent(b, loc, arith::CmpIPredicate::sge, size, b.getIndexAttr(0),
                   message(op, "an extent of the result is negative"));
    ReifiedRankedShapedTypeDims shapes;
    if (failed(unpack.reifyResultShapes(b, shapes)))
      return;
    SmallVector<OpFoldResult> expected =
        getPackedSizes(unpack, b, shapes.front());
    SmallVector<OpFoldResult> found =
        tensor::getMixedSizes(b, loc, unpack.getPacked());
    for (auto [dim, sizes] : llvm::enumerate(llvm::zip_equal(found, expected)))
      assertExtent(b, loc, arith::CmpIPredicate::eq, std::get<0>(sizes),
                   std::get<1>(sizes),
                   message(op, ("extent of dimension " + Twine(dim) +
                                " of the packed operand does not agree with "
                                "the extents of the result")
                                   .str()));
  }
};
} // namespace

void mlir::mx::assertExtent(OpBuilder &b, Location loc,
                            arith::CmpIPredicate predicate, OpFoldResult found,
                            OpFoldResult expected, const Twine &message) {
  if (getConstantIntValue(expected) && getConstantIntValue(found))
    return;
  Value holds = arith::CmpIOp::create(
      b, loc, predicate, getValueOrCreateConstantIndexOp(b, loc, found),
      getValueOrCreateConstantIndexOp(b, loc, expected));
  cf::AssertOp::create(b, loc, holds, b.getStringAttr(message));
}

void mlir::mx::registerRuntimeVerifiableOpInterfaceExternalModels(
    DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, MXDialect *) {
    ContractOp::attachInterface<ExtentVerification<ContractOp>>(*context);
    DequantizeOp::attachInterface<ExtentVerification<DequantizeOp>>(*context);
    QuantizeOp::attachInterface<ExtentVerification<QuantizeOp>>(*context);
    PackElementsOp::attachInterface<PackVerification<PackElementsOp>>(*context);
    PackScalesOp::attachInterface<PackVerification<PackScalesOp>>(*context);
    UnpackElementsOp::attachInterface<UnpackVerification<UnpackElementsOp>>(
        *context);
    UnpackScalesOp::attachInterface<UnpackVerification<UnpackScalesOp>>(
        *context);
    context->loadDialect<cf::ControlFlowDialect>();
  });
}
