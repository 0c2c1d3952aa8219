// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Recognises contractions.
#include "mx/Transforms/Contraction.h"
#include "ContractionBody.h"
#include "mx/IR/ScaleMap.h"

#include "mlir/Support/DebugStringHelper.h"

using namespace mlir;
using namespace mlir::mx;

int64_t Contraction::getExtent(unsigned dim) const {
  for (auto [value, map] : {std::pair(lhs, lhsMap), std::pair(rhs, rhsMap),
                            std::pair(init, initMap)})
    for (auto [position, result] : llvm::enumerate(parseMap(map)))
      if (result.isDim() && result.terms[0].dim == dim) {
        int64_t extent = cast<ShapedType>(value.getType()).getDimSize(position);
        if (!ShapedType::isDynamic(extent))
          return extent;
      }
  return ShapedType::kDynamic;
}

std::optional<unsigned> mlir::mx::getPosition(AffineMap map, unsigned dim) {
  for (auto [position, result] : llvm::enumerate(parseMap(map)))
    if (result.isDim() && result.terms[0].dim == dim)
      return position;
  return std::nullopt;
}

/// Whether mx.contract can take `map` as an element map of `value` once the
/// unit dimensions indexed by 0 are dropped: of an operand, which may have
/// windows, or of the init.
static bool isElementMap(AffineMap map, Value value, bool windows) {
  llvm::SmallBitVector seen(map.getNumDims());
  for (auto [position, expr] : llvm::enumerate(map.getResults())) {
    std::optional<MapResult> result = parseMapResult(expr);
    if (!result || result->block != 1 || (!windows && result->isWindow()))
      return false;
    if (result->isUnit() &&
        cast<ShapedType>(value.getType()).getDimSize(position) != 1)
      return false;
    for (const MapResult::Term &term : result->terms) {
      if (seen.test(term.dim))
        return false;
      seen.set(term.dim);
    }
  }
  return true;
}

/// Whether `op` multiplies and reduces, in any way.
static bool looksLikeContraction(linalg::LinalgOp op) {
  if (op.getNumReductionLoops() == 0)
    return false;
  // Of i1, products and sums are andi and ori.
  return linalg::isaContractionOpInterface(op) ||
         (hasProduct(op) && (op.getNumDpsInputs() >= 2 || hasSum(op)));
}

/// The pairs of outer and inner dimensions of linalg.mmt4d, (m, n, k, m0, n0,
/// k0), behind the batch of batch_mmt4d.
static SmallVector<std::pair<unsigned, unsigned>, 3>
getTiles(linalg::LinalgOp op) {
  if (isa<linalg::Mmt4DOp>(op))
    return {{0, 3}, {1, 4}, {2, 5}};
  if (isa<linalg::BatchMmt4DOp>(op))
    return {{1, 4}, {2, 5}, {3, 6}};
  return {};
}

std::optional<Contraction> mlir::mx::getContraction(linalg::LinalgOp op,
                                                    std::string &reason) {
  if (!op.hasPureTensorSemantics()) {
    if (looksLikeContraction(op))
      reason = "it is not on tensors";
    return std::nullopt;
  }
  std::optional<Contraction> contraction = getSplitContraction(op, reason);
  if (!reason.empty())
    return std::nullopt;
  if (!contraction) {
    if (!looksLikeContraction(op))
      return std::nullopt;
    if (op.getNumDpsInputs() != 2 || op.getNumDpsInits() != 1) {
      reason = "it has other than two inputs and one result";
      return std::nullopt;
    }
    SmallVector<AffineMap> maps = op.getIndexingMapsArray();
    contraction = Contraction{op,
                              op.getDpsInputOperand(0)->get(),
                              op.getDpsInputOperand(1)->get(),
                              op.getDpsInitOperand(0)->get(),
                              maps[0],
                              maps[1],
                              maps[2],
                              getTiles(op)};
    for (Value value : {contraction->lhs, contraction->rhs, contraction->init})
      if (!isWideFloat(value.getType())) {
        reason = "an operand of type " + debugString(value.getType()) +
                 " is not of f32, f16 or bf16";
        return std::nullopt;
      }
    if (!isContractionBody(*op.getBlock())) {
      reason = "its body is not a product added to the accumulator";
      return std::nullopt;
    }
  }
  if (contraction->lhs == contraction->rhs &&
      contraction->lhsMap == contraction->rhsMap) {
    reason = "it is a sum of squares";
    return std::nullopt;
  }
  for (Value value : {contraction->lhs, contraction->rhs, contraction->init})
    if (!isWideFloat(value.getType()) ||
        !isa<RankedTensorType>(value.getType())) {
      reason = "an operand of type " + debugString(value.getType()) +
               " is not a tensor of f32, f16 or bf16";
      return std::nullopt;
    }
  if (!isElementMap(contraction->lhsMap, contraction->lhs, true) ||
      !isElementMap(contraction->rhsMap, contraction->rhs, true) ||
      !isElementMap(contraction->initMap, contraction->init, false)) {
    reason = "an operand is not indexed by dimensions and windows alone";
    return std::nullopt;
  }
  // mx.contract takes a dimension's extent from there.
  for (unsigned dim = 0; dim < contraction->getNumDims(); ++dim)
    if (!getPosition(contraction->lhsMap, dim) &&
        !getPosition(contraction->rhsMap, dim) &&
        !getPosition(contraction->initMap, dim)) {
      reason =
          "dimension d" + std::to_string(dim) + " indexes no operand alone";
      return std::nullopt;
    }
  return contraction;
}
