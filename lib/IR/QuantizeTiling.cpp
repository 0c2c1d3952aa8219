// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// TilingInterface of mx.quantize: the loops count blocks.
#include "mx/IR/MX.h"
#include "mx/IR/ScaleMap.h"
#include "mx/IR/StructuredOps.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Linalg/Utils/Utils.h"

using namespace mlir;
using namespace mlir::mx;

namespace {
/// One dimension of the input as the loops see it.
struct BlockedDim {
  /// Elements in a block, or nothing if one block spans the dimension.
  std::optional<int64_t> block;
  OpFoldResult extent;
};
} // namespace

static SmallVector<BlockedDim> getBlockedDims(OpBuilder &b, QuantizeOp op) {
  unsigned rank = op.getScaleMap().getNumDims();
  SmallVector<BlockedDim> dims(rank);
  for (unsigned dim = 0; dim < rank; ++dim)
    dims[dim].extent =
        linalg::createFoldedDimOp(b, op.getLoc(), op.getInput(), dim);
  for (const MapResult &result : parseMap(op.getScaleMap()))
    if (!result.isUnit())
      dims[result.terms[0].dim].block = result.block;
  return dims;
}

/// Elements of a tile of `size` blocks from block `offset`.
static std::pair<OpFoldResult, OpFoldResult>
getElementSlice(OpBuilder &b, Location loc, const BlockedDim &dim,
                OpFoldResult offset, OpFoldResult size) {
  if (!dim.block)
    return {b.getIndexAttr(0), dim.extent};
  if (*dim.block == 1)
    return {offset, size};
  AffineExpr d0, d1, d2;
  bindDims(b.getContext(), d0, d1, d2);
  OpFoldResult start = affine::makeComposedFoldedAffineApply(
      b, loc, AffineMap::get(1, 0, d0 * *dim.block), {offset});
  std::optional<int64_t> extent = getConstantIntValue(dim.extent);
  std::optional<int64_t> blocks = getConstantIntValue(size);
  if (extent && blocks && *extent % *dim.block == 0)
    return {start, b.getIndexAttr(*blocks * *dim.block)};
  // The last block may be short.
  return {start,
          affine::makeComposedFoldedAffineMin(
              b, loc,
              AffineMap::get(3, 0, {d0 * *dim.block, d1 - d2}, b.getContext()),
              {size, dim.extent, start})};
}

SmallVector<utils::IteratorType> QuantizeOp::getLoopIteratorTypes() {
  return SmallVector<utils::IteratorType>(getScaleMap().getNumDims(),
                                          utils::IteratorType::parallel);
}

SmallVector<Range> QuantizeOp::getIterationDomain(OpBuilder &b) {
  SmallVector<Range> domain;
  for (const BlockedDim &dim : getBlockedDims(b, *this)) {
    OpFoldResult count = b.getIndexAttr(1);
    if (dim.block)
      count = affine::makeComposedFoldedAffineApply(
          b, getLoc(),
          AffineMap::get(1, 0, b.getAffineDimExpr(0).ceilDiv(*dim.block)),
          {dim.extent});
    domain.push_back({b.getIndexAttr(0), count, b.getIndexAttr(1)});
  }
  return domain;
}

LogicalResult QuantizeOp::getResultTilePosition(
    OpBuilder &b, unsigned resultNumber, ArrayRef<OpFoldResult> offsets,
    ArrayRef<OpFoldResult> sizes, SmallVector<OpFoldResult> &resultOffsets,
    SmallVector<OpFoldResult> &resultSizes) {
  auto append = [&](std::pair<OpFoldResult, OpFoldResult> slice) {
    resultOffsets.push_back(slice.first);
    resultSizes.push_back(slice.second);
  };
  if (resultNumber == 0) {
    for (auto [index, dim] : llvm::enumerate(getBlockedDims(b, *this)))
      append(getElementSlice(b, getLoc(), dim, offsets[index], sizes[index]));
    return success();
  }
  for (const MapResult &result : parseMap(getScaleMap())) {
    if (result.isUnit()) {
      append({b.getIndexAttr(0), b.getIndexAttr(1)});
      continue;
    }
    unsigned dim = result.terms[0].dim;
    append({offsets[dim], sizes[dim]});
  }
  return success();
}

FailureOr<TilingResult>
QuantizeOp::getTiledImplementation(OpBuilder &b, ArrayRef<OpFoldResult> offsets,
                                   ArrayRef<OpFoldResult> sizes) {
  SmallVector<OpFoldResult> elementOffsets, elementSizes;
  SmallVector<OpFoldResult> scaleOffsets, scaleSizes;
  if (failed(getResultTilePosition(b, 0, offsets, sizes, elementOffsets,
                                   elementSizes)) ||
      failed(getResultTilePosition(b, 1, offsets, sizes, scaleOffsets,
                                   scaleSizes)))
    return failure();
  Location loc = getLoc();
  SmallVector<Operation *> slices;
  SmallVector<Value> operands = {
      createSlice(b, loc, getInput(), elementOffsets, elementSizes, slices)};
  if (getGlobalScale())
    operands.push_back(getGlobalScale());
  operands.push_back(
      createSlice(b, loc, getElements(), elementOffsets, elementSizes, slices));
  operands.push_back(
      createSlice(b, loc, getScales(), scaleOffsets, scaleSizes, slices));
  SmallVector<Type> types;
  if (getNumResults())
    types = {operands[operands.size() - 2].getType(),
             operands.back().getType()};
  Operation *tiled = mlir::clone(b, getOperation(), types, operands);
  return TilingResult{{tiled}, SmallVector<Value>(tiled->getResults()), slices};
}

LogicalResult QuantizeOp::getIterationDomainTileFromResultTile(
    OpBuilder &b, unsigned resultNumber, ArrayRef<OpFoldResult> offsets,
    ArrayRef<OpFoldResult> sizes, SmallVectorImpl<OpFoldResult> &domainOffsets,
    SmallVectorImpl<OpFoldResult> &domainSizes) {
  for (Range range : getIterationDomain(b)) {
    domainOffsets.push_back(range.offset);
    domainSizes.push_back(range.size);
  }
  if (resultNumber == 1) {
    for (auto [index, result] : llvm::enumerate(parseMap(getScaleMap()))) {
      if (result.isUnit())
        continue;
      domainOffsets[result.terms[0].dim] = offsets[index];
      domainSizes[result.terms[0].dim] = sizes[index];
    }
    return success();
  }
  ArrayRef<int64_t> shape = cast<ShapedType>(getInput().getType()).getShape();
  for (auto [index, dim] : llvm::enumerate(getBlockedDims(b, *this))) {
    // A tile of elements that cuts a block has no scale of its own.
    if (!dim.block) {
      if (!isEqualConstantIntOrValue(offsets[index], b.getIndexAttr(0)) ||
          !isEqualConstantIntOrValue(sizes[index], dim.extent))
        return failure();
      continue;
    }
    std::optional<int64_t> size = getConstantIntValue(sizes[index]);
    if (*dim.block > 1 &&
        (!isBlockAligned(offsets[index], sizes[index], shape[index],
                         *dim.block) ||
         (size && *size < *dim.block && *size != shape[index])))
      return failure();
    AffineExpr d0 = b.getAffineDimExpr(0);
    domainOffsets[index] = affine::makeComposedFoldedAffineApply(
        b, getLoc(), AffineMap::get(1, 0, d0.floorDiv(*dim.block)),
        {offsets[index]});
    domainSizes[index] = affine::makeComposedFoldedAffineApply(
        b, getLoc(), AffineMap::get(1, 0, d0.ceilDiv(*dim.block)),
        {sizes[index]});
  }
  return success();
}

FailureOr<TilingResult>
QuantizeOp::generateResultTileValue(OpBuilder &b, unsigned resultNumber,
                                    ArrayRef<OpFoldResult> offsets,
                                    ArrayRef<OpFoldResult> sizes) {
  SmallVector<OpFoldResult> domainOffsets, domainSizes;
  if (failed(getIterationDomainTileFromResultTile(
          b, resultNumber, offsets, sizes, domainOffsets, domainSizes)))
    return failure();
  FailureOr<TilingResult> tiled =
      getTiledImplementation(b, domainOffsets, domainSizes);
  if (succeeded(tiled))
    tiled->tiledValues = {tiled->tiledValues[resultNumber]};
  return tiled;
}
