// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "CopySource.h"
#include "ContractionBody.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::mx;

/// The source of `op`, if it copies one input, possibly extended: exactly the
/// same numbers.
static std::optional<CopySource> getCopySource(linalg::LinalgOp op) {
  if (op.getNumDpsInputs() != 1 || op.getNumDpsInits() != 1 ||
      op.getNumReductionLoops() != 0)
    return std::nullopt;
  Value yielded = op.getBlock()->getTerminator()->getOperand(0);
  if (skipExtensions(yielded) != op.getBlock()->getArgument(0))
    return std::nullopt;
  SmallVector<AffineMap> maps = op.getIndexingMapsArray();
  if (!maps[1].isPermutation())
    return std::nullopt;
  AffineMap map = maps[0].compose(inversePermutation(maps[1]));
  ArrayRef<int64_t> shape = op.getShape(op.getDpsInputOperand(0));
  for (auto [expr, extent] : llvm::zip_equal(map.getResults(), shape)) {
    auto constant = dyn_cast<AffineConstantExpr>(expr);
    if (!isa<AffineDimExpr>(expr) &&
        !(constant && constant.getValue() == 0 && extent == 1))
      return std::nullopt;
  }
  return CopySource{op.getDpsInputOperand(0)->get(), map};
}

/// The map from the indices of the result of `op` to those that `map` maps from
/// its operand's: each group has at most one dimension that `map` uses, and
/// then no other of an extent beyond 1.
static std::optional<AffineMap> composeCollapse(tensor::CollapseShapeOp op,
                                                AffineMap map) {
  ArrayRef<int64_t> shape = op.getSrcType().getShape();
  SmallVector<AffineExpr> indices(shape.size(),
                                  getAffineConstantExpr(0, op.getContext()));
  for (auto [position, group] : llvm::enumerate(op.getReassociationIndices())) {
    SmallVector<int64_t> wide = llvm::filter_to_vector(
        group, [&](int64_t dim) { return shape[dim] != 1; });
    if (llvm::none_of(wide,
                      [&](int64_t dim) { return map.isFunctionOfDim(dim); }))
      continue;
    if (wide.size() != 1)
      return std::nullopt;
    indices[wide.front()] = getAffineDimExpr(position, op.getContext());
  }
  return map.compose(AffineMap::get(op.getResultType().getRank(), 0, indices,
                                    op.getContext()));
}

std::optional<CopySource> mlir::mx::getCopySource(Value value) {
  while (auto cast = value.getDefiningOp<tensor::CastOp>())
    value = cast.getSource();
  if (auto op = value.getDefiningOp<linalg::LinalgOp>())
    return ::getCopySource(op);
  auto collapse = value.getDefiningOp<tensor::CollapseShapeOp>();
  if (!collapse)
    return std::nullopt;
  // What merges with a broadcast dimension may have got there by a transpose.
  std::optional<CopySource> source = getCopySource(collapse.getSrc());
  while (source) {
    if (auto map = composeCollapse(collapse, source->map))
      return CopySource{source->value, *map};
    std::optional<CopySource> before = getCopySource(source->value);
    if (before)
      before->map = before->map.compose(source->map);
    source = before;
  }
  return std::nullopt;
}
