// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "SplitDim.h"

using namespace mlir;
using namespace mlir::mx;

/// Groups of dimensions that are themselves, but for two in the last of `rank`.
static SmallVector<ReassociationIndices> getGroups(int64_t rank) {
  SmallVector<ReassociationIndices> groups;
  for (int64_t dim = 0; dim < rank; ++dim)
    groups.push_back({dim});
  groups.back().push_back(rank);
  return groups;
}

Value mlir::mx::splitLastDim(OpBuilder &b, Location loc, Value value,
                             SmallVector<OpFoldResult> sizes, int64_t inner) {
  auto type = cast<RankedTensorType>(value.getType());
  SmallVector<int64_t> shape(type.getShape());
  shape.back() /= inner;
  shape.push_back(inner);
  sizes.back() = b.getIndexAttr(*std::prev(shape.end(), 2));
  sizes.push_back(b.getIndexAttr(inner));
  return tensor::ExpandShapeOp::create(b, loc, type.clone(shape), value,
                                       getGroups(type.getRank()), sizes);
}

Value mlir::mx::mergeLastDims(OpBuilder &b, Location loc, Value value,
                              RankedTensorType type) {
  return tensor::CollapseShapeOp::create(b, loc, type, value,
                                         getGroups(type.getRank()));
}
