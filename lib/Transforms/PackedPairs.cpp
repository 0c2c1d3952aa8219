// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "PackedPairs.h"
#include "InnerProduct.h"
#include "mx/IR/PackElements.h"
#include "mx/IR/ScaleMap.h"

#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::mx;

bool mlir::mx::holdsPackedPairs(AffineMap map) {
  return map.getNumResults() &&
         parseMapResult(map.getResults().back())->isBlocked();
}

AffineMap mlir::mx::getMapOfPairs(AffineMap map) {
  if (!holdsPackedPairs(map))
    return map;
  unsigned last = map.getNumResults() - 1;
  unsigned dim = parseMapResult(map.getResult(last))->terms[0].dim;
  SmallVector<AffineExpr> results(map.getResults());
  results[last] = getAffineDimExpr(dim, map.getContext());
  return AffineMap::get(map.getNumDims(), 0, results, map.getContext());
}

/// Whether vectors of the tile `op` hold whole bytes of its columns' factor,
/// two of columns or of the sum.
static bool holdsWholeBytes(ContractOp op, const MatmulDims &dims) {
  AffineMap map = dims.columnsAreLhs ? op.getLhsMap() : op.getRhsMap();
  unsigned last = map.getDimPosition(map.getNumResults() - 1);
  TargetAttr target = TargetAttr::get(op);
  if (last == dims.sum)
    return takesPairs(op, dims, target);
  return last == dims.columns &&
         op.getStaticLoopRanges()[last] == target.getRegisterTile().second;
}

static void readPairs(RewriterBase &rewriter, ContractOp op) {
  FailureOr<MatmulDims> dims = getMatmulDims(op);
  if (failed(dims))
    return;
  OpOperand &columns =
      dims->columnsAreLhs ? op.getLhsMutable() : op.getRhsMutable();
  auto unpack = columns.get().getDefiningOp<UnpackElementsOp>();
  if (!unpack || !holdsWholeBytes(op, *dims))
    return;
  Type codes = getElementTypeOrSelf(unpack.getElements().getType());
  PackedGroup group = getPackedGroup(codes, unpack.getContainer());
  if (group.codes != 2 || group.bytes != 1)
    return;
  SmallVector<AffineMap> maps = op.getIndexingMapsArray();
  AffineMap &map = maps[columns.getOperandNumber()];
  SmallVector<AffineExpr> results(map.getResults());
  results.back() = results.back().floorDiv(2);
  map = AffineMap::get(map.getNumDims(), 0, results, op.getContext());
  rewriter.modifyOpInPlace(op, [&] {
    columns.set(unpack.getPacked());
    op.setIndexingMapsAttr(rewriter.getAffineMapArrayAttr(maps));
    if (dims->columnsAreLhs)
      op.setLhsCodes(codes);
    else
      op.setRhsCodes(codes);
  });
  if (unpack->use_empty())
    rewriter.eraseOp(unpack);
}

void mlir::mx::readPackedPairs(Operation *root, RewriterBase &rewriter) {
  SmallVector<ContractOp> tiles;
  root->walk([&](ContractOp op) {
    if (op->hasAttr(kRegisterTileAttr))
      tiles.push_back(op);
  });
  for (ContractOp op : tiles)
    readPairs(rewriter, op);
}
