// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "PanelChoice.h"
#include "InnerProduct.h"
#include "mx/IR/ScaleMap.h"
#include "mx/Transforms/FoldedScales.h"

#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::mx;

bool mlir::mx::cutsNoBlock(ContractOp op, unsigned dim, int64_t size) {
  for (AffineMap map : op.getIndexingMapsArray())
    for (const MapResult &result : parseMap(map))
      if (result.isBlocked() && result.terms[0].dim == dim &&
          size % result.block && result.block % size)
        return false;
  return true;
}

/// How many of `panels` panels one pass over the rows of `op` reads, each of
/// `size` along `dim`. The rows come from beyond the second cache if they do
/// not fit it: then as many panels as fit half of it, and cut no block of a
/// scale, but at least 8 passes for threads.
static int64_t getGroup(ContractOp op, const MatmulDims &dims,
                        TargetAttr target, int64_t panels, unsigned dim,
                        int64_t size, int64_t elementBytes) {
  SmallVector<int64_t> extents = op.getStaticLoopRanges();
  int64_t sums = extents[dims.sum];
  int64_t rows = dims.rows ? extents[*dims.rows] : 1;
  if (!dims.outerRows.empty() || !dims.outerSums.empty() ||
      ShapedType::isDynamic(sums) || ShapedType::isDynamic(panels))
    return 1;
  int64_t half = target.getCaches().back() / 2;
  if (!ShapedType::isDynamic(rows) && rows * sums * elementBytes <= half)
    return 1;
  int64_t columns = target.getRegisterTile().second;
  int64_t group = 1;
  while (panels % (2 * group) == 0 && panels / (2 * group) >= 8 &&
         2 * group * columns * sums * elementBytes <= half &&
         cutsNoBlock(op, dim, 2 * group * size))
    group *= 2;
  return group;
}

/// The dimension that counts panels of the columns, if there is one.
static std::optional<unsigned> getPanelDim(ContractOp op,
                                           const MatmulDims &dims) {
  AffineMap rowsMap = dims.columnsAreLhs ? op.getRhsMap() : op.getLhsMap();
  std::optional<unsigned> found;
  for (unsigned outer : dims.outerParallel)
    if (!rowsMap.isFunctionOfDim(outer))
      found = outer;
  return found;
}

bool mlir::mx::readsSeveralPanels(ContractOp op, const MatmulDims &dims,
                                  TargetAttr target,
                                  const IntegerGroup &integers) {
  int64_t width = target.getRegisterTile().second;
  int64_t panels = op.getStaticLoopRanges()[dims.columns] / width;
  return !getPanelDim(op, dims) &&
         getGroup(op, dims, target, panels, dims.columns, width,
                  integers.bits / 8) > 1;
}

Panel mlir::mx::getPanel(ContractOp op, const MatmulDims &dims,
                         TargetAttr target, int64_t block,
                         const std::optional<IntegerGroup> &integers,
                         int64_t rows) {
  auto [tileRows, columns] = target.getRegisterTile();
  // A panel that few tiles use costs less where it is made in the first cache;
  // many tiles read long rows of the other factor faster.
  bool isFew = !ShapedType::isDynamic(rows) && rows <= 2 * tileRows;
  int64_t sums = target.getPanelRows(columns, /*level=*/isFew ? 0 : 1);
  int64_t extent = op.getStaticLoopRanges()[dims.sum];
  if ((!ShapedType::isDynamic(extent) && extent <= sums) ||
      !cutsNoBlock(op, dims.sum, sums) || sums % block)
    sums = 0;
  // Floats are multiplied too slowly to wait for the rows.
  std::optional<unsigned> panels = getPanelDim(op, dims);
  if (!integers || !panels)
    return {sums / block, columns};
  int64_t group = getGroup(op, dims, target, op.getStaticLoopRanges()[*panels],
                           *panels, /*size=*/1, integers->bits / 8);
  return {sums / block, columns, *panels, group};
}

/// Whether register tiles can decode the columns' factor themselves: it has
/// codes, of which one tile alone uses each if it has all rows, and the scales
/// of a tile's columns are all different or one, and blocks hold whole pairs of
/// the sum.
static bool canDecodeInTile(ContractOp op, const MatmulDims &dims,
                            int64_t tileColumns) {
  bool isLhs = dims.columnsAreLhs;
  Type element =
      getElementTypeOrSelf((isLhs ? op.getLhs() : op.getRhs()).getType());
  if (element.getIntOrFloatBitWidth() > 8 || !dims.outerRows.empty() ||
      !dims.outerSums.empty())
    return false;
  return llvm::all_of(isLhs ? op.getLhsScaleMaps() : op.getRhsScaleMaps(),
                      [&](AffineMap map) {
                        int64_t block = getBlockAlong(map, dims.columns);
                        return (block <= 1 || block % tileColumns == 0) &&
                               holdsProductPairs(map, dims);
                      });
}

/// The columns of panels on the targets with the shortest and longest vectors.
static constexpr int64_t kLeast = 8, kMost = 128;

bool mlir::mx::fitsAllTiles(AffineMap scaleMap, const MatmulDims &dims) {
  int64_t block = getBlockAlong(scaleMap, dims.columns);
  return block <= 1 || block % kMost == 0;
}

bool mlir::mx::takesCodesInOrder(ContractOp op, const MatmulDims &dims) {
  int64_t columns = op.getStaticLoopRanges()[dims.columns];
  bool isPackedAlike = ShapedType::isDynamic(columns) || columns % kLeast ||
                       columns % kMost == 0;
  return isPackedAlike && fitsInnerProduct(op, dims) &&
         llvm::all_of(dims.columnsAreLhs ? op.getLhsScaleMaps()
                                         : op.getRhsScaleMaps(),
                      [&](AffineMap map) { return fitsAllTiles(map, dims); });
}

bool mlir::mx::hasDistantRows(ContractOp op, const MatmulDims &dims,
                              TargetAttr target) {
  bool isLhs = dims.columnsAreLhs;
  auto type = cast<ShapedType>((isLhs ? op.getLhs() : op.getRhs()).getType());
  AffineMap map = isLhs ? op.getLhsMap() : op.getRhsMap();
  auto isF32 = [](Type type) { return getElementTypeOrSelf(type).isF32(); };
  ValueRange scales = isLhs ? op.getLhsScales() : op.getRhsScales();
  AffineExpr columns = getAffineDimExpr(dims.columns, op.getContext());
  if (!isF32(type) || map.getResults().back() != columns ||
      !llvm::all_of(scales.getTypes(), isF32))
    return false;
  AffineExpr sum = getAffineDimExpr(dims.sum, op.getContext());
  ArrayRef<int64_t> inner =
      type.getShape().drop_front(*map.getResultPosition(sum) + 1);
  // Of few panels beside each other all are in a cache. A distance that only
  // the program knows takes a register in each of two versions of the code, and
  // tiles spill for it.
  constexpr int64_t kBeside = 4;
  return !ShapedType::isDynamicShape(inner) &&
         ShapedType::getNumElements(inner) >
             kBeside * target.getRegisterTile().second;
}

int64_t mlir::mx::getFewRows(ContractOp op, const MatmulDims &dims,
                             TargetAttr target) {
  if (takesCodesInOrder(op, dims))
    return kInnerProductMaxRows;
  if (hasDistantRows(op, dims, target))
    return 2 * target.getTileRows(TargetAttr::Beside::Factors);
  return canDecodeInTile(op, dims, target.getRegisterTile().second)
             ? target.getTileRows(TargetAttr::Beside::Decoding)
             : 0;
}

Panel mlir::mx::getOrderedPanel(ContractOp op, const MatmulDims &dims,
                                TargetAttr target) {
  int64_t columns = target.getRegisterTile().second;
  int64_t bytes = op.getStaticLoopRanges()[dims.sum];
  while (columns > 4 && columns * bytes > target.getCaches().front() / 2 &&
         cutsNoBlock(op, dims.columns, columns / 2))
    columns /= 2;
  return {/*sums=*/0, columns};
}
