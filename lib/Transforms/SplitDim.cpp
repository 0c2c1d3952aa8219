// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "SplitDim.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::mx;

SmallVector<ReassociationIndices> mlir::mx::getSplitGroups(int64_t rank,
                                                           int64_t split) {
  SmallVector<ReassociationIndices> groups;
  for (int64_t dim = 0; dim < rank; ++dim)
    groups.push_back({dim + (dim > split ? 1 : 0)});
  groups[split].push_back(split + 1);
  return groups;
}

Value mlir::mx::padDim(OpBuilder &b, Location loc, Value value, int64_t dim,
                       int64_t size) {
  auto type = cast<RankedTensorType>(value.getType());
  int64_t extent = type.getDimSize(dim);
  if (!ShapedType::isDynamic(extent) && extent % size == 0)
    return value;
  AffineExpr found = b.getAffineDimExpr(0);
  SmallVector<OpFoldResult> low(type.getRank(), b.getIndexAttr(0)), high(low);
  high[dim] = affine::makeComposedFoldedAffineApply(
      b, loc, found.ceilDiv(size) * size - found,
      {tensor::getMixedSize(b, loc, value, dim)});
  SmallVector<int64_t> shape(type.getShape());
  if (!ShapedType::isDynamic(extent))
    shape[dim] = llvm::alignTo(extent, size);
  Value zero =
      arith::ConstantOp::create(b, loc, b.getZeroAttr(type.getElementType()));
  return tensor::PadOp::create(b, loc, type.clone(shape), value, low, high,
                               zero);
}

Value mlir::mx::splitDim(OpBuilder &b, Location loc, Value value, int64_t dim,
                         int64_t inner) {
  auto type = cast<RankedTensorType>(value.getType());
  SmallVector<int64_t> shape(type.getShape());
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(b, loc, value);
  sizes[dim] = affine::makeComposedFoldedAffineApply(
      b, loc, b.getAffineDimExpr(0).floorDiv(inner), {sizes[dim]});
  sizes.insert(sizes.begin() + dim + 1, b.getIndexAttr(inner));
  if (!ShapedType::isDynamic(shape[dim]))
    shape[dim] /= inner;
  shape.insert(shape.begin() + dim + 1, inner);
  return tensor::ExpandShapeOp::create(b, loc, type.clone(shape), value,
                                       getSplitGroups(type.getRank(), dim),
                                       sizes);
}

Value mlir::mx::mergeLastDims(OpBuilder &b, Location loc, Value value,
                              RankedTensorType type) {
  return tensor::CollapseShapeOp::create(
      b, loc, type, value, getSplitGroups(type.getRank(), type.getRank() - 1));
}
