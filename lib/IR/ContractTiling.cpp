// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// TilingInterface of mx.contract.
#include "mx/IR/MX.h"
#include "mx/IR/ScaleMap.h"
#include "mx/IR/StructuredOps.h"

#include "mlir/Dialect/Linalg/Utils/Utils.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Interfaces/ValueBoundsOpInterface.h"

using namespace mlir;
using namespace mlir::mx;

SmallVector<utils::IteratorType> ContractOp::getLoopIteratorTypes() {
  return getIteratorTypes();
}

SmallVector<Range> ContractOp::getIterationDomain(OpBuilder &b) {
  SmallVector<AffineMap> maps = getIndexingMapsArray();
  SmallVector<Range> domain(getInitMap().getNumDims());
  // Factors and init only: an extent of the scales may stand for many indices.
  unsigned rhs = 1 + getLhsScales().size();
  for (unsigned number : {0u, rhs, getNumOperands() - 1})
    for (auto [position, expr] : llvm::enumerate(maps[number].getResults()))
      if (auto dim = dyn_cast<AffineDimExpr>(expr);
          dim && !domain[dim.getPosition()].size)
        domain[dim.getPosition()] = {
            b.getIndexAttr(0),
            linalg::createFoldedDimOp(b, getLoc(), getOperand(number),
                                      position),
            b.getIndexAttr(1)};
  return domain;
}

/// A tile holds whole blocks of every scale or lies inside one; nothing else
/// has a rectangular slice of scales.
static LogicalResult verifyTile(ContractOp op, ArrayRef<OpFoldResult> offsets,
                                ArrayRef<OpFoldResult> sizes) {
  SmallVector<int64_t> extents = op.getStaticLoopRanges();
  for (AffineMap map : op.getIndexingMapsArray())
    for (const MapResult &result : parseMap(map)) {
      if (!result.isBlocked())
        continue;
      unsigned dim = result.terms[0].dim;
      if (isBlockAligned(offsets[dim], sizes[dim], extents[dim], result.block))
        continue;
      InFlightDiagnostic diag = op.emitOpError("tile of dimension d")
                                << dim << " must hold whole blocks of "
                                << result.block
                                << " or divide one, found size ";
      if (std::optional<int64_t> size = getConstantIntValue(sizes[dim]))
        return diag << *size;
      return diag << "?";
    }
  return success();
}

/// A compensation is that of the whole sum over the dimensions it lacks.
static LogicalResult verifyCompensated(ContractOp op,
                                       ArrayRef<OpFoldResult> sizes) {
  if (!op.getCompensation())
    return success();
  AffineMap summed = op.getLhsZeroPoint() ? op.getRhsMap() : op.getLhsMap();
  SmallVector<int64_t> extents = op.getStaticLoopRanges();
  for (auto [dim, extent] : llvm::enumerate(extents))
    if (summed.isFunctionOfDim(dim) &&
        !op.getCompensationMap().isFunctionOfDim(dim) &&
        (ShapedType::isDynamic(extent) ||
         getConstantIntValue(sizes[dim]) != extent))
      return op.emitOpError("cannot be tiled along dimension d")
             << dim << ", which its compensation is a sum over";
  return success();
}

/// An init narrower than f32 is rounded once, after the whole sum.
static LogicalResult verifyWholeSum(ContractOp op, OpBuilder &b,
                                    ArrayRef<OpFoldResult> sizes) {
  Type element = getElementTypeOrSelf(op.getInit().getType());
  if (element.isF32())
    return success();
  SmallVector<Range> domain = op.getIterationDomain(b);
  for (auto [dim, iterator] : llvm::enumerate(op.getIteratorTypes())) {
    if (iterator == utils::IteratorType::parallel)
      continue;
    FailureOr<bool> whole =
        ValueBoundsConstraintSet::areEqual(sizes[dim], domain[dim].size);
    if (failed(whole) || !*whole)
      return op.emitOpError("cannot be tiled along the contracted dimension d")
             << dim << ": expected an init of f32, which partial sums are "
             << "added to without rounding, found " << element;
  }
  return success();
}

FailureOr<TilingResult>
ContractOp::getTiledImplementation(OpBuilder &b, ArrayRef<OpFoldResult> offsets,
                                   ArrayRef<OpFoldResult> sizes) {
  if (failed(verifyWholeSum(*this, b, sizes)))
    return failure();
  return getTile(b, offsets, sizes);
}

FailureOr<TilingResult> ContractOp::getTile(OpBuilder &b,
                                            ArrayRef<OpFoldResult> offsets,
                                            ArrayRef<OpFoldResult> sizes) {
  if (failed(verifyTile(*this, offsets, sizes)) ||
      failed(verifyCompensated(*this, sizes)))
    return failure();
  SmallVector<Value> operands;
  SmallVector<Operation *> slices;
  for (OpOperand &operand : (*this)->getOpOperands()) {
    SmallVector<OpFoldResult> sliceOffsets, sliceSizes;
    for (const MapResult &result : parseMap(getMatchingIndexingMap(&operand))) {
      auto [offset, size] = getSlice(b, getLoc(), result, offsets, sizes);
      sliceOffsets.push_back(offset);
      sliceSizes.push_back(size);
    }
    operands.push_back(createSlice(b, getLoc(), operand.get(), sliceOffsets,
                                   sliceSizes, slices));
  }
  SmallVector<Type> types;
  if (getNumResults())
    types.push_back(operands.back().getType());
  Operation *tiled = mlir::clone(b, getOperation(), types, operands);
  return TilingResult{{tiled}, SmallVector<Value>(tiled->getResults()), slices};
}

LogicalResult ContractOp::getResultTilePosition(
    OpBuilder &b, unsigned resultNumber, ArrayRef<OpFoldResult> offsets,
    ArrayRef<OpFoldResult> sizes, SmallVector<OpFoldResult> &resultOffsets,
    SmallVector<OpFoldResult> &resultSizes) {
  for (const MapResult &result : parseMap(getInitMap())) {
    resultOffsets.push_back(offsets[result.terms[0].dim]);
    resultSizes.push_back(sizes[result.terms[0].dim]);
  }
  return success();
}

LogicalResult ContractOp::getIterationDomainTileFromResultTile(
    OpBuilder &b, unsigned resultNumber, ArrayRef<OpFoldResult> offsets,
    ArrayRef<OpFoldResult> sizes, SmallVectorImpl<OpFoldResult> &domainOffsets,
    SmallVectorImpl<OpFoldResult> &domainSizes) {
  for (Range range : getIterationDomain(b)) {
    domainOffsets.push_back(range.offset);
    domainSizes.push_back(range.size);
  }
  for (auto [index, result] : llvm::enumerate(parseMap(getInitMap()))) {
    domainOffsets[result.terms[0].dim] = offsets[index];
    domainSizes[result.terms[0].dim] = sizes[index];
  }
  return success();
}

FailureOr<TilingResult>
ContractOp::generateResultTileValue(OpBuilder &b, unsigned resultNumber,
                                    ArrayRef<OpFoldResult> offsets,
                                    ArrayRef<OpFoldResult> sizes) {
  SmallVector<OpFoldResult> domainOffsets, domainSizes;
  if (failed(getIterationDomainTileFromResultTile(
          b, resultNumber, offsets, sizes, domainOffsets, domainSizes)))
    return failure();
  return getTiledImplementation(b, domainOffsets, domainSizes);
}
