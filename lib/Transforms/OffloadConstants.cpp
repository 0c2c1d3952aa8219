// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "OffloadConstants.h"
#include "PermuteConstant.h"
#include "mx/IR/PackElements.h"
#include "mx/IR/ScaleLayout.h"
#include "mx/IR/ScaleMap.h"

#include "mlir/Dialect/Utils/IndexingUtils.h"

using namespace mlir;
using namespace mlir::mx;

Value mlir::mx::packElements(OpBuilder &b, Value elements,
                             Container container) {
  auto type =
      getPackedType(cast<RankedTensorType>(elements.getType()), container);
  return b.createOrFold<PackElementsOp>(elements.getLoc(), type, elements,
                                        container);
}

Value mlir::mx::permuteElements(OpBuilder &b, const OffloadForm &form,
                                const OffloadSide &side) {
  auto type = cast<RankedTensorType>(side.elements.getType());
  if (!canPermuteConstant(side.elements) || side.rows.size() != 1 ||
      form.batch.size() > 1)
    return {};
  SmallVector<int64_t> strides = computeSuffixProduct(type.getShape());
  auto find = [&](unsigned dim) {
    return *side.map.getResultPosition(b.getAffineDimExpr(dim));
  };
  unsigned row = find(side.rows.front()), sum = find(form.sum);
  int64_t count = type.getDimSize(row), depth = form.mma.getDepth();
  int64_t batchCount = 1, batchStride = 0;
  if (!form.batch.empty()) {
    batchCount = type.getDimSize(find(form.batch.front()));
    batchStride = strides[find(form.batch.front())];
  }
  int64_t tiles = llvm::divideCeil(count, side.tileRows);
  int64_t depthTiles = llvm::divideCeil(form.depth, depth);
  int64_t shape[] = {batchCount, tiles, depthTiles, side.tileRows, depth};
  ConstantBound bounds[] = {{{0, side.tileRows, 0, 1, 0}, count},
                            {{0, 0, depth, 0, 1}, form.depth}};
  int64_t permuted[] = {batchStride, strides[row] * side.tileRows,
                        strides[sum] * depth, strides[row], strides[sum]};
  if (!isSubByteFloat(type.getElementType()))
    return permuteConstant(b, side.elements, type.clone(shape), permuted,
                           bounds);
  if (form.mma.getContainer() == Container::Byte)
    return permuteCodes(b, side.elements,
                        RankedTensorType::get(shape, b.getI8Type()), permuted,
                        bounds);
  return packElements(
      b, permuteConstant(b, side.elements, type.clone(shape), permuted, bounds),
      Container::Dense);
}

Value mlir::mx::permuteScales(OpBuilder &b, const OffloadForm &form,
                              const OffloadSide &side) {
  Value value = side.scale;
  auto type = cast<RankedTensorType>(value.getType());
  if (!canPermuteConstant(value) || side.rows.size() != 1 ||
      form.batch.size() > 1)
    return {};
  SmallVector<int64_t> strides = computeSuffixProduct(type.getShape());
  // Of rows, blocks and batches.
  int64_t extent[] = {1, 1, 1}, stride[] = {0, 0, 0};
  for (auto [position, result] : llvm::enumerate(parseMap(side.scaleMap))) {
    unsigned dim = result.terms[0].dim;
    unsigned place = dim == side.rows.front() ? 0 : dim == form.sum ? 1 : 2;
    extent[place] = type.getDimSize(position);
    stride[place] = strides[position];
  }
  // A dimension each for tiles, and for every digit of the order.
  int64_t box[] = {side.tileRows, form.mma.getDepth() / form.mma.getBlock()};
  SmallVector<int64_t> shape = {extent[2]}, permuted = {stride[2]};
  ConstantBound bounds[] = {{{0, box[0], 0}, extent[0]},
                            {{0, 0, box[1]}, extent[1]}};
  for (unsigned dim : {0, 1}) {
    shape.push_back(llvm::divideCeil(extent[dim], box[dim]));
    permuted.push_back(stride[dim] * box[dim]);
  }
  for (const LayoutResult &result : getTileOrder(form.mma, side.tileRows))
    for (const LayoutDigit &digit : llvm::reverse(result)) {
      shape.push_back(digit.extent);
      permuted.push_back(stride[digit.dim] * digit.divisor);
      bounds[digit.dim].steps.push_back(digit.divisor);
      bounds[1 - digit.dim].steps.push_back(0);
    }
  return permuteCodes(b, value, RankedTensorType::get(shape, b.getI8Type()),
                      permuted, bounds, form.mma.getOrder().getPad());
}
