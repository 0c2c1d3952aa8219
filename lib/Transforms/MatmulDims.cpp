// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Transforms/MatmulDims.h"
#include "mx/IR/ScaleMap.h"

using namespace mlir;
using namespace mlir::mx;

/// The dimension of `map`'s last result among those that `holds` is true for.
static std::optional<unsigned>
getInnermost(AffineMap map, llvm::function_ref<bool(unsigned)> holds) {
  for (AffineExpr expr : llvm::reverse(map.getResults()))
    if (unsigned dim = cast<AffineDimExpr>(expr).getPosition(); holds(dim))
      return dim;
  return std::nullopt;
}

FailureOr<MatmulDims> mlir::mx::getMatmulDims(ContractOp op) {
  return getMatmulDims(op.getLhsMap(), op.getRhsMap(), op.getInitMap());
}

FailureOr<MatmulDims> mlir::mx::getMatmulDims(AffineMap lhs, AffineMap rhs,
                                              AffineMap init) {
  if (!lhs.isProjectedPermutation() || !rhs.isProjectedPermutation() ||
      init.getNumResults() == 0)
    return failure();
  MatmulDims dims;
  dims.columns = init.getDimPosition(init.getNumResults() - 1);
  dims.columnsAreLhs = lhs.isFunctionOfDim(dims.columns);
  if (dims.columnsAreLhs == rhs.isFunctionOfDim(dims.columns))
    return failure();
  AffineMap columns = dims.columnsAreLhs ? lhs : rhs;
  AffineMap rows = dims.columnsAreLhs ? rhs : lhs;
  std::optional<unsigned> sum = getInnermost(
      rows, [&](unsigned dim) { return !init.isFunctionOfDim(dim); });
  if (!sum || !columns.isFunctionOfDim(*sum))
    return failure();
  dims.sum = *sum;
  dims.rows = getInnermost(init, [&](unsigned dim) {
    return rows.isFunctionOfDim(dim) && !columns.isFunctionOfDim(dim);
  });
  for (unsigned dim = 0; dim < init.getNumDims(); ++dim) {
    if (dim == dims.columns || dim == dims.rows || dim == dims.sum)
      continue;
    if (!init.isFunctionOfDim(dim))
      dims.outerSums.push_back(dim);
    else if (columns.isFunctionOfDim(dim))
      dims.outerParallel.push_back(dim);
    else
      dims.outerRows.push_back(dim);
  }
  return dims;
}

/// `map` with the dimensions of each window in its place.
static AffineMap expandWindows(AffineMap map) {
  SmallVector<AffineExpr> results;
  for (const MapResult &result : parseMap(map))
    for (const MapResult::Term &term : result.terms)
      results.push_back(getAffineDimExpr(term.dim, map.getContext()));
  return AffineMap::get(map.getNumDims(), 0, results, map.getContext());
}

bool mlir::mx::hasWindow(AffineMap map) {
  return llvm::any_of(parseMap(map), std::mem_fn(&MapResult::isWindow));
}

bool mlir::mx::isMatmulOfWindows(AffineMap lhs, AffineMap rhs, AffineMap init) {
  if (hasWindow(lhs) == hasWindow(rhs))
    return false;
  AffineMap map = hasWindow(lhs) ? lhs : rhs,
            other = hasWindow(lhs) ? rhs : lhs;
  for (unsigned dim = 0; dim < map.getNumDims(); ++dim)
    if (map.isFunctionOfDim(dim) && !init.isFunctionOfDim(dim) &&
        !other.isFunctionOfDim(dim))
      return false;
  FailureOr<MatmulDims> dims =
      getMatmulDims(expandWindows(lhs), expandWindows(rhs), init);
  return succeeded(dims) && dims->rows;
}
