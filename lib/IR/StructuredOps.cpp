// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/IR/StructuredOps.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::mx;

LogicalResult mlir::mx::verifyStructuredResults(Operation *op) {
  auto dps = cast<DestinationStyleOpInterface>(op);
  bool onMemRefs = isa<MemRefType>(op->getOperand(0).getType());
  for (Value operand : op->getOperands())
    if (isa<MemRefType>(operand.getType()) != onMemRefs)
      return op->emitOpError("expected all operands to be ")
             << (onMemRefs ? "memrefs" : "tensors") << ", found "
             << operand.getType();
  unsigned expected = onMemRefs ? 0 : dps.getNumDpsInits();
  if (op->getNumResults() != expected)
    return op->emitOpError("expected ")
           << expected << " results, found " << op->getNumResults();
  for (auto [result, init] : llvm::zip(op->getResults(), dps.getDpsInits()))
    if (result.getType() != init.getType())
      return op->emitOpError("expected a result of its destination's type ")
             << init.getType() << ", found " << result.getType();
  return success();
}

void mlir::mx::getStructuredEffects(
    DestinationStyleOpInterface op,
    SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>>
        &effects) {
  for (OpOperand &operand : op->getOpOperands()) {
    if (!isa<MemRefType>(operand.get().getType()))
      continue;
    bool written = op.isDpsInit(&operand);
    // A contraction adds to its destination, other ops overwrite theirs.
    if (!written || isa<ContractOp>(op))
      effects.emplace_back(MemoryEffects::Read::get(), &operand);
    if (written)
      effects.emplace_back(MemoryEffects::Write::get(), &operand);
  }
}

LogicalResult
mlir::mx::reifyDestinationShapes(OpBuilder &b, DestinationStyleOpInterface op,
                                 ReifiedRankedShapedTypeDims &shapes) {
  if (!op.hasPureTensorSemantics())
    return failure();
  for (Value init : op.getDpsInits())
    shapes.push_back(tensor::getMixedSizes(b, op.getLoc(), init));
  return success();
}

Value mlir::mx::createSlice(OpBuilder &b, Location loc, Value source,
                            ArrayRef<OpFoldResult> offsets,
                            ArrayRef<OpFoldResult> sizes,
                            SmallVectorImpl<Operation *> &slices) {
  if (sizes.empty())
    return source;
  SmallVector<OpFoldResult> strides(sizes.size(), b.getIndexAttr(1));
  Operation *slice;
  if (isa<MemRefType>(source.getType()))
    slice = memref::SubViewOp::create(b, loc, source, offsets, sizes, strides);
  else
    slice =
        tensor::ExtractSliceOp::create(b, loc, source, offsets, sizes, strides);
  slices.push_back(slice);
  return slice->getResult(0);
}

// The interface methods of all structured ops.
#define MX_STRUCTURED_METHODS(OpType)                                          \
  void OpType::getEffects(                                                     \
      SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>>      \
          &effects) {                                                          \
    getStructuredEffects(*this, effects);                                      \
  }                                                                            \
  LogicalResult OpType::reifyResultShapes(                                     \
      OpBuilder &b, ReifiedRankedShapedTypeDims &shapes) {                     \
    return reifyDestinationShapes(b, *this, shapes);                           \
  }

MX_STRUCTURED_METHODS(ContractOp)
MX_STRUCTURED_METHODS(DequantizeOp)
MX_STRUCTURED_METHODS(QuantizeOp)
#undef MX_STRUCTURED_METHODS
