// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "CollapseValue.h"
#include "SplitDim.h"
#include "mx/Transforms/Contraction.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::mx;

Value mlir::mx::collapse(Location loc, Value value,
                         ArrayRef<ReassociationIndices> groups) {
  OpBuilder b(value.getContext());
  b.setInsertionPointAfterValue(value);
  for (Operation *user : value.getUsers()) {
    auto known = dyn_cast<tensor::CollapseShapeOp>(user);
    if (!known || ArrayRef(known.getReassociationIndices()) != groups)
      continue;
    // It has no other operand, so it may stand as early as that.
    if (b.getInsertionPoint() != known->getIterator())
      known->moveBefore(b.getInsertionBlock(), b.getInsertionPoint());
    return known;
  }
  return tensor::CollapseShapeOp::create(b, loc, value, groups);
}

Value mlir::mx::mergeDims(Location loc, Value value, unsigned position) {
  int64_t rank = cast<RankedTensorType>(value.getType()).getRank();
  return collapse(loc, value, getSplitGroups(rank - 1, position));
}

AffineMap mlir::mx::dropDim(AffineMap map, unsigned dim) {
  if (std::optional<unsigned> position = getPosition(map, dim))
    map = map.dropResult(*position);
  SmallVector<AffineExpr> replacements;
  for (unsigned d = 0; d < map.getNumDims(); ++d)
    replacements.push_back(
        d == dim ? getAffineConstantExpr(0, map.getContext())
                 : getAffineDimExpr(d - (d > dim), map.getContext()));
  return map.replaceDimsAndSymbols(replacements, {}, map.getNumDims() - 1, 0);
}
