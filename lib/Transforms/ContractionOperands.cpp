// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Simplifies the operands of a contraction: broadcasts and transposes go into
/// the maps, adjacent contracted dimensions become one.
#include "CollapseValue.h"
#include "CopySource.h"
#include "mx/Transforms/Contraction.h"

using namespace mlir;
using namespace mlir::mx;

SmallVector<ReassociationIndices> mlir::mx::getUnitDimGroups(AffineMap map) {
  SmallVector<ReassociationIndices> groups;
  ReassociationIndices group;
  for (auto [position, expr] : llvm::enumerate(map.getResults())) {
    group.push_back(position);
    if (isa<AffineConstantExpr>(expr))
      continue;
    groups.push_back(group);
    group.clear();
  }
  if (!groups.empty())
    groups.back().append(group);
  return groups;
}

/// Drops the dimensions of `value` that `map` indexes by 0.
static void dropUnitDims(Location loc, Value &value, AffineMap &map) {
  SmallVector<AffineExpr> results =
      llvm::filter_to_vector(map.getResults(), [](AffineExpr expr) {
        return !isa<AffineConstantExpr>(expr);
      });
  if (results.size() == map.getNumResults())
    return;
  value = collapse(loc, value, getUnitDimGroups(map));
  map = AffineMap::get(map.getNumDims(), 0, results, map.getContext());
}

/// Whether `after` still has every contracted dimension that `before` has. A
/// broadcast along one stays: the sum over it would lose its extent.
static bool keepsContractedDims(const Contraction &contraction,
                                AffineMap before, AffineMap after) {
  for (unsigned dim = 0; dim < contraction.getNumDims(); ++dim)
    if (contraction.isContracted(dim) && before.isFunctionOfDim(dim) &&
        !after.isFunctionOfDim(dim))
      return false;
  return true;
}

static void lookThrough(Contraction &contraction, Value &value,
                        AffineMap &map) {
  Location loc = contraction.op.getLoc();
  dropUnitDims(loc, value, map);
  while (std::optional<CopySource> source = getCopySource(value)) {
    AffineMap before = source->map.compose(map);
    if (!keepsContractedDims(contraction, map, before))
      return;
    value = source->value;
    map = before;
    dropUnitDims(loc, value, map);
  }
}

void mlir::mx::lookThroughOperands(Contraction &contraction) {
  lookThrough(contraction, contraction.lhs, contraction.lhsMap);
  lookThrough(contraction, contraction.rhs, contraction.rhsMap);
  dropUnitDims(contraction.op.getLoc(), contraction.init, contraction.initMap);
}

/// `tiles` without dimension `dim`.
static void dropTile(SmallVectorImpl<std::pair<unsigned, unsigned>> &tiles,
                     unsigned dim) {
  llvm::erase_if(tiles, [&](auto tile) {
    return tile.first == dim || tile.second == dim;
  });
  for (auto &[outer, inner] : tiles) {
    outer -= outer > dim;
    inner -= inner > dim;
  }
}

void mlir::mx::collapseContractedDims(Contraction &contraction) {
  Location loc = contraction.op.getLoc();
  for (unsigned outer = 0; outer < contraction.getNumDims(); ++outer) {
    for (unsigned inner = 0; inner < contraction.getNumDims(); ++inner) {
      if (outer == inner || !contraction.isContracted(outer) ||
          !contraction.isContracted(inner))
        continue;
      auto lhs = getPosition(contraction.lhsMap, outer);
      auto rhs = getPosition(contraction.rhsMap, outer);
      if (!lhs || !rhs || getPosition(contraction.lhsMap, inner) != *lhs + 1 ||
          getPosition(contraction.rhsMap, inner) != *rhs + 1)
        continue;
      contraction.lhs = mergeDims(loc, contraction.lhs, *lhs);
      contraction.rhs = mergeDims(loc, contraction.rhs, *rhs);
      contraction.lhsMap = dropDim(contraction.lhsMap, inner);
      contraction.rhsMap = dropDim(contraction.rhsMap, inner);
      contraction.initMap = dropDim(contraction.initMap, inner);
      dropTile(contraction.tiles, inner);
      return collapseContractedDims(contraction);
    }
  }
}
