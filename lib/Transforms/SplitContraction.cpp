// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Recognises a product and its sum in two ops.
#include "ContractionBody.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Support/DebugStringHelper.h"

using namespace mlir;
using namespace mlir::mx;

namespace {
/// An elementwise product, the maps over its own dimensions.
struct Product {
  Value lhs, rhs;
  AffineMap lhsMap, rhsMap;
};
} // namespace

/// The product that `op` is, if of two operands alone.
static std::optional<Product> getProduct(Operation *op) {
  if (auto multiply = dyn_cast<arith::MulFOp>(op)) {
    auto map = AffineMap::getMultiDimIdentityMap(
        cast<RankedTensorType>(multiply.getType()).getRank(), op->getContext());
    return Product{multiply.getLhs(), multiply.getRhs(), map, map};
  }
  auto linalgOp = dyn_cast<linalg::LinalgOp>(op);
  if (!linalgOp || linalgOp.getNumDpsInputs() != 2 ||
      linalgOp.getNumDpsInits() != 1 || linalgOp.getNumReductionLoops() != 0 ||
      !isProductOf(linalgOp.getBlock()->getTerminator()->getOperand(0),
                   linalgOp.getBlock()->getArguments()))
    return std::nullopt;
  SmallVector<AffineMap> maps = linalgOp.getIndexingMapsArray();
  if (!maps[2].isPermutation())
    return std::nullopt;
  AffineMap inverse = inversePermutation(maps[2]);
  return Product{linalgOp.getDpsInputOperand(0)->get(),
                 linalgOp.getDpsInputOperand(1)->get(),
                 maps[0].compose(inverse), maps[1].compose(inverse)};
}

/// Whether `factor` is a mask over the batch and the contracted dimension,
/// equal for all features, the innermost dimension of `other`: what it selects
/// is averaged, no matter of weights and activations.
static bool isMask(const Contraction &contraction, AffineMap factor,
                   AffineMap other) {
  if (factor.getNumResults() == 0 ||
      !isa<AffineConstantExpr>(factor.getResults().back()))
    return false;
  auto features = dyn_cast<AffineDimExpr>(other.getResults().back());
  if (!features || contraction.isContracted(features.getPosition()))
    return false;
  for (unsigned dim = 0; dim < contraction.getNumDims(); ++dim)
    if (!contraction.isContracted(dim) && factor.isFunctionOfDim(dim) &&
        other.isFunctionOfDim(dim))
      return true;
  return false;
}

std::optional<Contraction> mlir::mx::getSplitContraction(linalg::LinalgOp sum,
                                                         std::string &reason) {
  if (sum.getNumDpsInputs() != 1 || sum.getNumDpsInits() != 1 ||
      sum.getNumReductionLoops() == 0 || !hasSum(sum))
    return std::nullopt;
  Value source = skipExtensions(sum.getDpsInputOperand(0)->get());
  Operation *op = source.getDefiningOp();
  if (!op || !hasProduct(op))
    return std::nullopt;
  // A contraction has its product in the op of the sum.
  if (auto linalgOp = dyn_cast<linalg::LinalgOp>(op);
      linalgOp && linalgOp.getNumReductionLoops() != 0)
    return std::nullopt;
  if (!isWideFloat(source.getType())) {
    reason = "an operand of type " + debugString(source.getType()) +
             " is not of f32, f16 or bf16";
    return std::nullopt;
  }
  if (!isSumBody(*sum.getBlock())) {
    reason = "its body is not a sum of the product";
    return std::nullopt;
  }
  std::optional<Product> product = getProduct(op);
  if (!product) {
    reason = "its product is not one of two operands alone";
    return std::nullopt;
  }
  for (Value value = sum.getDpsInputOperand(0)->get();;
       value = value.getDefiningOp<arith::ExtFOp>().getIn()) {
    if (!value.hasOneUse()) {
      reason = "its product has other users";
      return std::nullopt;
    }
    if (value == source)
      break;
  }
  SmallVector<AffineMap> maps = sum.getIndexingMapsArray();
  Contraction contraction{sum,
                          product->lhs,
                          product->rhs,
                          sum.getDpsInitOperand(0)->get(),
                          product->lhsMap.compose(maps[0]),
                          product->rhsMap.compose(maps[0]),
                          maps[1],
                          {}};
  if (isMask(contraction, contraction.lhsMap, contraction.rhsMap) ||
      isMask(contraction, contraction.rhsMap, contraction.lhsMap)) {
    reason = "it is a sum weighted by a mask, such as a masked mean";
    return std::nullopt;
  }
  return contraction;
}
