// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "UnitWindows.h"
#include "CollapseValue.h"
#include "mx/IR/ScaleMap.h"
#include "mx/Transforms/Contraction.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::mx;

/// Takes `dim`, a contracted dimension of extent 1, from `op`. What is no
/// window then gets the extent that it is read with.
static void dropUnitDim(ContractOp op, unsigned dim) {
  OpBuilder b(op);
  Location loc = op.getLoc();
  SmallVector<Range> domain = op.getIterationDomain(b);
  domain.erase(domain.begin() + dim);
  SmallVector<AffineMap> maps = op.getIndexingMapsArray();
  for (auto [operand, map] : llvm::zip_equal(op->getOpOperands(), maps)) {
    std::optional<unsigned> position = getPosition(map, dim);
    SmallVector<MapResult> before = parseMap(map);
    map = dropDim(map, dim);
    if (position) {
      operand.set(
          before.size() == 1
              ? collapse(loc, operand.get(), {})
              : mergeDims(loc, operand.get(), *position ? *position - 1 : 0));
      continue;
    }
    SmallVector<OpFoldResult> sizes =
        tensor::getMixedSizes(b, loc, operand.get());
    SmallVector<OpFoldResult> needed = sizes;
    for (auto [size, old, now] : llvm::zip_equal(needed, before, parseMap(map)))
      if (old.isWindow() && now.isDim())
        size = domain[now.terms[0].dim].size;
    if (needed == sizes)
      continue;
    SmallVector<OpFoldResult> offsets(sizes.size(), b.getIndexAttr(0));
    SmallVector<OpFoldResult> strides(sizes.size(), b.getIndexAttr(1));
    operand.set(tensor::ExtractSliceOp::create(b, loc, operand.get(), offsets,
                                               needed, strides));
  }
  op.setIndexingMapsAttr(b.getAffineMapArrayAttr(maps));
}

void mlir::mx::dropUnitWindows(ContractOp op) {
  SmallVector<int64_t> extents = op.getStaticLoopRanges();
  for (AffineMap map : {op.getLhsMap(), op.getRhsMap()})
    for (const MapResult &result : parseMap(map)) {
      if (!result.isWindow())
        continue;
      for (const MapResult::Term &term : result.terms)
        if (extents[term.dim] == 1 &&
            !op.getInitMap().isFunctionOfDim(term.dim)) {
          dropUnitDim(op, term.dim);
          return dropUnitWindows(op);
        }
    }
}
