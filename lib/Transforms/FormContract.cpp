// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/IR/MX.h"
#include "mx/IR/ScaleMap.h"
#include "mx/Transforms/Contraction.h"
#include "mx/Transforms/MatmulDims.h"
#include "mx/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Transforms/RegionUtils.h"

namespace mlir::mx {
#define GEN_PASS_DEF_MXFORMCONTRACT
#include "mx/Transforms/Passes.h.inc"
} // namespace mlir::mx

using namespace mlir;
using namespace mlir::mx;

/// Whether products are rounded to f32 at most: f16 factors may be multiplied
/// as f16 and extended afterwards, which mx.contract would not do.
static bool multipliesInF32(const Contraction &contraction) {
  auto isF32 = [](Value value) {
    return getElementTypeOrSelf(value.getType()).isF32();
  };
  if (isF32(contraction.lhs) && isF32(contraction.rhs))
    return true;
  return contraction.op
      ->walk([&](Operation *op) {
        return isa<arith::MulFOp, math::FmaOp>(op) && isF32(op->getResult(0))
                   ? WalkResult::interrupt()
                   : WalkResult::advance();
      })
      .wasInterrupted();
}

/// Whether the filters are so few that windows are better read where they lie,
/// by loops over pixels side by side.
static bool hasFewFilters(const Contraction &contraction) {
  constexpr int64_t kFewFilters = 4;
  AffineMap init = contraction.initMap;
  AffineExpr last = init.getResults().back();
  for (AffineMap map : {contraction.lhsMap, contraction.rhsMap}) {
    MapResult result = parseMap(map).back();
    if (!result.isWindow() ||
        llvm::none_of(result.terms, [&](const MapResult::Term &term) {
          return term.stride == 1 &&
                 last == getAffineDimExpr(term.dim, init.getContext());
        }))
      continue;
    int64_t filters = 1;
    for (AffineExpr expr : init.getResults())
      if (unsigned dim = cast<AffineDimExpr>(expr).getPosition();
          !map.isFunctionOfDim(dim)) {
        int64_t extent = contraction.getExtent(dim);
        if (ShapedType::isDynamic(extent))
          return false;
        filters *= extent;
      }
    return filters <= kFewFilters;
  }
  return false;
}

static bool isMatrixProduct(const Contraction &contraction) {
  return (contraction.lhsMap.isProjectedPermutation() &&
          contraction.rhsMap.isProjectedPermutation()) ||
         (isMatmulOfWindows(contraction.lhsMap, contraction.rhsMap,
                            contraction.initMap) &&
          !hasFewFilters(contraction));
}

namespace {
struct FormContract : mlir::mx::impl::MXFormContractBase<FormContract> {
  void runOnOperation() override {
    SmallVector<linalg::LinalgOp> ops;
    getOperation()->walk([&](linalg::LinalgOp op) { ops.push_back(op); });
    for (linalg::LinalgOp op : ops)
      rewrite(op);
    // Broadcasts that contractions look through are no further users of what
    // they broadcast.
    IRRewriter rewriter(&getContext());
    (void)runRegionDCE(rewriter, getOperation()->getRegions());
  }

  void rewrite(linalg::LinalgOp op) {
    std::string reason;
    std::optional<Contraction> contraction = getContraction(op, reason);
    if (!contraction || op->getNumResults() != 1)
      return;
    lookThroughOperands(*contraction);
    // A unit dimension that the init was stripped of is not worth an expansion.
    if (contraction->init.getType() != op->getResult(0).getType() ||
        !multipliesInF32(*contraction) || !isMatrixProduct(*contraction) ||
        !getElementTypeOrSelf(contraction->init.getType()).isF32())
      return;
    OpBuilder b(op);
    auto contract = ContractOp::create(
        b, op.getLoc(), op->getResultTypes(), contraction->lhs, ValueRange(),
        contraction->rhs, ValueRange(), Value(), contraction->init,
        b.getAffineMapArrayAttr(
            {contraction->lhsMap, contraction->rhsMap, contraction->initMap}),
        IntegerAttr(), IntegerAttr(), IntegerAttr(), IntegerAttr(), TypeAttr(),
        TypeAttr(), UnitAttr(), UnitAttr());
    op->replaceAllUsesWith(contract->getResults());
    op->erase();
    ++numFormed;
  }
};
} // namespace
