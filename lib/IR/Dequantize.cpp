// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Verifier of mx.dequantize, whose rules its numbers are, and its tiling.
#include "mx/IR/MX.h"
#include "mx/IR/ScaleMap.h"
#include "mx/IR/StructuredOps.h"

#include "mlir/Dialect/Linalg/Utils/Utils.h"
#include "mlir/Support/DebugStringHelper.h"

using namespace mlir;
using namespace mlir::mx;

SmallVector<AffineMap> DequantizeOp::getScaleMapsArray() {
  return llvm::to_vector(getScaleMaps().getAsValueRange<AffineMapAttr>());
}

LogicalResult DequantizeOp::verify() {
  auto elements = cast<ShapedType>(getElements().getType());
  SmallVector<AffineMap> maps = getScaleMapsArray();
  // 1.
  if (maps.size() != getScales().size())
    return emitOpError("expected one map per scale, ")
           << getScales().size() << " in all, found " << maps.size();
  auto emitError = [&] { return emitOpError(); };
  for (auto [index, map, scale] : llvm::enumerate(maps, getScales())) {
    if (map.getNumDims() != elements.getRank() || map.getNumSymbols())
      return emitOpError("expected scale maps of ")
             << elements.getRank() << " dimensions and no symbols, found "
             << debugString(map);
    // 2, 4.
    if (failed(verifyScaleMap(map, emitError)) ||
        failed(verifyShape(map, elements.getShape(),
                           cast<ShapedType>(scale.getType()).getShape(),
                           ("scale #" + Twine(index)).str(), emitError)))
      return failure();
  }
  // 3.
  AffineMap identity =
      AffineMap::getMultiDimIdentityMap(elements.getRank(), getContext());
  if (failed(verifyShape(identity, elements.getShape(),
                         cast<ShapedType>(getOutput().getType()).getShape(),
                         "output", emitError)))
    return failure();
  // 5.
  if (getFractionBits() && !elements.getElementType().isInteger(8))
    return emitOpError("expected fraction_bits with i8 elements only, found ")
           << elements.getElementType();
  if (getFractionBits() && *getFractionBits() != kInt8FractionBits)
    return emitOpError("expected fraction_bits = ")
           << kInt8FractionBits << ", found " << *getFractionBits();
  // 6.
  return verifyStructuredResults(getOperation());
}

SmallVector<utils::IteratorType> DequantizeOp::getLoopIteratorTypes() {
  return SmallVector<utils::IteratorType>(
      cast<ShapedType>(getElements().getType()).getRank(),
      utils::IteratorType::parallel);
}

SmallVector<Range> DequantizeOp::getIterationDomain(OpBuilder &b) {
  SmallVector<Range> domain;
  unsigned rank = getLoopIteratorTypes().size();
  for (unsigned dim = 0; dim < rank; ++dim)
    domain.push_back(
        {b.getIndexAttr(0),
         linalg::createFoldedDimOp(b, getLoc(), getElements(), dim),
         b.getIndexAttr(1)});
  return domain;
}

FailureOr<TilingResult>
DequantizeOp::getTiledImplementation(OpBuilder &b,
                                     ArrayRef<OpFoldResult> offsets,
                                     ArrayRef<OpFoldResult> sizes) {
  ArrayRef<int64_t> shape =
      cast<ShapedType>(getElements().getType()).getShape();
  SmallVector<Operation *> slices;
  SmallVector<Value> operands = {
      createSlice(b, getLoc(), getElements(), offsets, sizes, slices)};
  for (auto [scale, map] : llvm::zip(getScales(), getScaleMapsArray())) {
    SmallVector<OpFoldResult> scaleOffsets, scaleSizes;
    for (const MapResult &result : parseMap(map)) {
      if (result.isBlocked()) {
        unsigned dim = result.terms[0].dim;
        if (!isBlockAligned(offsets[dim], sizes[dim], shape[dim], result.block))
          return emitOpError("tile of dimension d")
                 << dim << " must hold whole blocks of " << result.block
                 << " or divide one";
      }
      auto [offset, size] = getSlice(b, getLoc(), result, offsets, sizes);
      scaleOffsets.push_back(offset);
      scaleSizes.push_back(size);
    }
    operands.push_back(
        createSlice(b, getLoc(), scale, scaleOffsets, scaleSizes, slices));
  }
  operands.push_back(
      createSlice(b, getLoc(), getOutput(), offsets, sizes, slices));
  SmallVector<Type> types;
  if (getNumResults())
    types.push_back(operands.back().getType());
  Operation *tiled = mlir::clone(b, getOperation(), types, operands);
  return TilingResult{{tiled}, SmallVector<Value>(tiled->getResults()), slices};
}

LogicalResult DequantizeOp::getResultTilePosition(
    OpBuilder &b, unsigned resultNumber, ArrayRef<OpFoldResult> offsets,
    ArrayRef<OpFoldResult> sizes, SmallVector<OpFoldResult> &resultOffsets,
    SmallVector<OpFoldResult> &resultSizes) {
  resultOffsets.assign(offsets.begin(), offsets.end());
  resultSizes.assign(sizes.begin(), sizes.end());
  return success();
}

LogicalResult DequantizeOp::getIterationDomainTileFromResultTile(
    OpBuilder &b, unsigned resultNumber, ArrayRef<OpFoldResult> offsets,
    ArrayRef<OpFoldResult> sizes, SmallVectorImpl<OpFoldResult> &domainOffsets,
    SmallVectorImpl<OpFoldResult> &domainSizes) {
  domainOffsets.assign(offsets.begin(), offsets.end());
  domainSizes.assign(sizes.begin(), sizes.end());
  return success();
}

FailureOr<TilingResult>
DequantizeOp::generateResultTileValue(OpBuilder &b, unsigned resultNumber,
                                      ArrayRef<OpFoldResult> offsets,
                                      ArrayRef<OpFoldResult> sizes) {
  return getTiledImplementation(b, offsets, sizes);
}
