// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "InnerProduct.h"
#include "PackedPairs.h"
#include "mx/IR/ScaleMap.h"

#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::mx;

/// Columns at once: as many streams from memory.
static constexpr int64_t kMaxColumns = 4;

/// The registers of kInnerProductLanes f32.
static int64_t getParts(TargetAttr target) {
  return llvm::divideCeil(kInnerProductLanes, target.getLanes());
}

/// The vectors that are decoded at once.
static int64_t getMaxVectors(TargetAttr target) {
  return getParts(target) == 1 ? 2 : 1;
}

int64_t mlir::mx::getInnerProductColumns(int64_t rows, TargetAttr target) {
  int64_t parts = getParts(target), vectors = getMaxVectors(target);
  // A column's sums and decoded elements, beside elements of a row, constants,
  // and what is being decoded.
  int64_t left = target.getVectorRegisters() - parts - (4 + 2 * vectors);
  int64_t each = (rows + vectors) * parts;
  return std::clamp<int64_t>(left / each, 0, kMaxColumns);
}

int64_t mlir::mx::getInnerProductRows(TargetAttr target) {
  int64_t rows = 1;
  while (rows < kInnerProductMaxRows &&
         getInnerProductColumns(rows + 1, target))
    ++rows;
  return rows;
}

int64_t mlir::mx::getInnerProductChunk(ContractOp op, const MatmulDims &dims,
                                       TargetAttr target) {
  int64_t extent = op.getStaticLoopRanges()[dims.sum];
  if (ShapedType::isDynamic(extent))
    return 0;
  for (int64_t vectors = getMaxVectors(target); vectors > 0; --vectors) {
    int64_t chunk = vectors * kInnerProductLanes;
    if (extent % chunk == 0 &&
        llvm::all_of(dims.columnsAreLhs ? op.getLhsScaleMaps()
                                        : op.getRhsScaleMaps(),
                     [&](AffineMap map) {
                       return getBlockAlong(map, dims.sum) % chunk == 0;
                     }))
      return chunk;
  }
  return 0;
}

bool mlir::mx::takesPairs(ContractOp op, const MatmulDims &dims,
                          TargetAttr target) {
  return fitsInnerProduct(op, dims) &&
         getInnerProductChunk(op, dims, target) == 2 * kInnerProductLanes;
}

bool mlir::mx::fitsInnerProduct(ContractOp op, const MatmulDims &dims) {
  Value columns = dims.columnsAreLhs ? op.getLhs() : op.getRhs();
  AffineMap map =
      getMapOfPairs(dims.columnsAreLhs ? op.getLhsMap() : op.getRhsMap());
  auto isWhole = [](int64_t extent) {
    return !ShapedType::isDynamic(extent) && extent % kInnerProductLanes == 0;
  };
  return getElementTypeOrSelf(columns.getType()).getIntOrFloatBitWidth() <= 8 &&
         dims.outerRows.empty() && dims.outerSums.empty() &&
         map.getResults().back() ==
             getAffineDimExpr(dims.sum, op.getContext()) &&
         isWhole(op.getStaticLoopRanges()[dims.sum]) &&
         llvm::all_of(dims.columnsAreLhs ? op.getLhsScaleMaps()
                                         : op.getRhsScaleMaps(),
                      [&](AffineMap map) {
                        return isWhole(getBlockAlong(map, dims.sum));
                      });
}
