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

namespace {
/// Constant scales, for each row and block of an mma's, and where those of
/// (batch, row, block) are.
struct ScaleConstant {
  Value value;
  int64_t batches, rows, blocks;
  int64_t batchStride, rowStride, blockStride;
};
} // namespace

/// The scales of a factor; those of blocks of several rows, or of several of
/// the mma's blocks, are repeated.
static ScaleConstant getScales(OpBuilder &b, const OffloadForm &form,
                               const OffloadSide &side) {
  auto type = cast<RankedTensorType>(side.scale.getType());
  SmallVector<int64_t> strides = computeSuffixProduct(type.getShape());
  // Of batches, rows and blocks.
  int64_t extent[] = {1, 1, 1}, stride[] = {0, 0, 0};
  for (auto [position, result] : llvm::enumerate(parseMap(side.scaleMap))) {
    if (result.isUnit())
      continue;
    unsigned dim = result.terms[0].dim;
    unsigned place = dim == side.rows.front() ? 1 : dim == form.sum ? 2 : 0;
    extent[place] = type.getDimSize(position);
    stride[place] = strides[position];
  }
  auto elements = cast<RankedTensorType>(side.elements.getType());
  auto count = [&](unsigned dim) {
    return elements.getDimSize(
        *side.map.getResultPosition(b.getAffineDimExpr(dim)));
  };
  int64_t batches = form.batch.empty() ? 1 : count(form.batch.front());
  int64_t rows = count(side.rows.front());
  int64_t blocks = llvm::divideCeil(form.depth, form.mma.getBlock());
  if (form.hasTileScales(side))
    return {side.scale, batches, rows, blocks, stride[0], stride[1], stride[2]};
  // How often one is there; 0 along a dimension says that it is there for all.
  auto repeat = [&](unsigned dim, int64_t unit, int64_t all) {
    int64_t block = getBlockAlong(side.scaleMap, dim) / unit;
    return block ? block : std::max<int64_t>(all, 1);
  };
  int64_t ofRows = repeat(side.rows.front(), 1, rows);
  int64_t ofBlocks = repeat(form.sum, form.mma.getBlock(), blocks);
  int64_t shape[] = {batches, extent[1], ofRows, extent[2], ofBlocks};
  int64_t repeated[] = {stride[0], stride[1], 0, stride[2], 0};
  Value value = permuteCodes(
      b, side.scale, RankedTensorType::get(shape, b.getI8Type()), repeated);
  int64_t rowStride = extent[2] * ofBlocks;
  return {value,     batches, rows, blocks, extent[1] * ofRows * rowStride,
          rowStride, 1};
}

Value mlir::mx::permuteScales(OpBuilder &b, const OffloadForm &form,
                              const OffloadSide &side) {
  if (!canPermuteConstant(side.scale) || side.rows.size() != 1 ||
      form.batch.size() > 1)
    return {};
  ScaleConstant scales = getScales(b, form, side);
  // A dimension each for tiles, and for every digit of the order.
  int64_t rows = side.tileRows,
          blocks = form.mma.getDepth() / form.mma.getBlock();
  SmallVector<int64_t> shape = {
      scales.batches, int64_t(llvm::divideCeil(scales.rows, rows)),
      int64_t(llvm::divideCeil(scales.blocks, blocks))};
  SmallVector<int64_t> strides = {scales.batchStride, scales.rowStride * rows,
                                  scales.blockStride * blocks};
  ConstantBound bounds[] = {{{0, rows, 0}, scales.rows},
                            {{0, 0, blocks}, scales.blocks}};
  for (const LayoutResult &result : getTileOrder(form.mma, side.tileRows))
    for (const LayoutDigit &digit : llvm::reverse(result)) {
      shape.push_back(digit.extent);
      strides.push_back(digit.divisor *
                        (digit.dim ? scales.blockStride : scales.rowStride));
      bounds[digit.dim].steps.push_back(digit.divisor);
      bounds[1 - digit.dim].steps.push_back(0);
    }
  return permuteCodes(b, scales.value,
                      RankedTensorType::get(shape, b.getI8Type()), strides,
                      bounds, form.mma.getOrder().getPad());
}
