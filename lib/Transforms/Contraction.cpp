// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Recognises contractions.
#include "mx/Transforms/Contraction.h"
#include "mx/IR/ScaleMap.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/TypeUtilities.h"
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

static bool isFloat(Value value) {
  Type type = getElementTypeOrSelf(value.getType());
  return type.isF32() || type.isF16() || type.isBF16();
}

/// Whether mx.contract can take `map` as an element map.
static bool isElementMap(AffineMap map, bool windows) {
  llvm::SmallBitVector seen(map.getNumDims());
  for (AffineExpr expr : map.getResults()) {
    std::optional<MapResult> result = parseMapResult(expr);
    if (!result || result->isUnit() || result->block != 1 ||
        (!windows && result->isWindow()))
      return false;
    for (const MapResult::Term &term : result->terms) {
      if (seen.test(term.dim))
        return false;
      seen.set(term.dim);
    }
  }
  return true;
}

static bool isPair(Operation *first, Operation *second) {
  return isa<arith::MulFOp>(first) && isa<arith::AddFOp>(second);
}

/// Whether `op` multiplies and reduces, in any way.
static bool looksLikeContraction(linalg::LinalgOp op) {
  if (op.getNumReductionLoops() == 0 || op.getNumDpsInputs() < 2)
    return false;
  return llvm::any_of(*op.getBlock(), [](Operation &inner) {
    return isa<arith::MulFOp, arith::MulIOp>(inner);
  });
}

/// A sum over one input, whose body is addf.
static bool isSum(linalg::LinalgOp op) {
  if (op.getNumDpsInputs() != 1 || op.getNumDpsInits() != 1 ||
      op.getNumReductionLoops() == 0 ||
      op.getBlock()->getOperations().size() != 2)
    return false;
  auto add = dyn_cast<arith::AddFOp>(op.getBlock()->front());
  return add && op.getBlock()->getTerminator()->getOperand(0) == add &&
         llvm::is_contained(add->getOperands(),
                            op.getBlock()->getArgument(0)) &&
         llvm::is_contained(add->getOperands(), op.getBlock()->getArgument(1));
}

/// An elementwise product of two inputs, possibly extended first.
static bool isProduct(linalg::LinalgOp op) {
  if (op.getNumDpsInputs() != 2 || op.getNumDpsInits() != 1 ||
      op.getNumReductionLoops() != 0)
    return false;
  auto multiply = op.getBlock()
                      ->getTerminator()
                      ->getOperand(0)
                      .getDefiningOp<arith::MulFOp>();
  if (!multiply)
    return false;
  SmallVector<Value> factors;
  for (Value factor : multiply->getOperands()) {
    if (auto extend = factor.getDefiningOp<arith::ExtFOp>())
      factor = extend.getIn();
    factors.push_back(factor);
  }
  ValueRange arguments = op.getBlock()->getArguments().take_front(2);
  return (factors[0] == arguments[0] && factors[1] == arguments[1]) ||
         (factors[0] == arguments[1] && factors[1] == arguments[0]);
}

/// A product and its sum as two ops, as torch's mv and dot come.
static std::optional<Contraction> getSplitContraction(linalg::LinalgOp sum) {
  if (!isSum(sum))
    return std::nullopt;
  Value source = sum.getDpsInputOperand(0)->get();
  auto product = source.getDefiningOp<linalg::LinalgOp>();
  if (!product || !source.hasOneUse() || !isProduct(product))
    return std::nullopt;
  SmallVector<AffineMap> inner = product.getIndexingMapsArray();
  SmallVector<AffineMap> outer = sum.getIndexingMapsArray();
  AffineMap inverse = inversePermutation(inner[2]);
  if (!inner[2].isPermutation() || !inverse)
    return std::nullopt;
  AffineMap toInner = inverse.compose(outer[0]);
  return Contraction{sum,
                     product.getDpsInputOperand(0)->get(),
                     product.getDpsInputOperand(1)->get(),
                     sum.getDpsInitOperand(0)->get(),
                     inner[0].compose(toInner),
                     inner[1].compose(toInner),
                     outer[1]};
}

std::optional<Contraction> mlir::mx::getContraction(linalg::LinalgOp op,
                                                    std::string &reason) {
  if (!op.hasPureTensorSemantics())
    return std::nullopt;
  std::optional<Contraction> contraction = getSplitContraction(op);
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
                              maps[2]};
    for (Value value : {contraction->lhs, contraction->rhs, contraction->init})
      if (!isFloat(value)) {
        reason = "an operand of type " + debugString(value.getType()) +
                 " is not of f32, f16 or bf16";
        return std::nullopt;
      }
    if (!linalg::detail::isContractionBody(*op.getBlock(), isPair)) {
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
    if (!isFloat(value) || !isa<RankedTensorType>(value.getType())) {
      reason = "an operand of type " + debugString(value.getType()) +
               " is not a tensor of f32, f16 or bf16";
      return std::nullopt;
    }
  if (!isElementMap(contraction->lhsMap, true) ||
      !isElementMap(contraction->rhsMap, true) ||
      !isElementMap(contraction->initMap, false)) {
    reason = "an operand is not indexed by dimensions and windows alone";
    return std::nullopt;
  }
  return contraction;
}

std::optional<unsigned> mlir::mx::getBlockDim(const Contraction &contraction,
                                              AffineMap weight) {
  auto standsAlone = [](AffineMap map, unsigned dim) {
    return llvm::any_of(parseMap(map), [&](const MapResult &result) {
      return result.isDim() && result.terms[0].dim == dim;
    });
  };
  std::optional<unsigned> best;
  // In the weight's order, so that of equal extents the innermost stays.
  for (const MapResult &result : parseMap(weight)) {
    if (!result.isDim())
      continue;
    unsigned dim = result.terms[0].dim;
    if (!contraction.isContracted(dim) ||
        !standsAlone(contraction.lhsMap, dim) ||
        !standsAlone(contraction.rhsMap, dim))
      continue;
    // kDynamic is negative: any static extent is larger.
    if (!best || contraction.getExtent(dim) >= contraction.getExtent(*best))
      best = dim;
  }
  return best;
}
