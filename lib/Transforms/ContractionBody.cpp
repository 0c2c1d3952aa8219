// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Recognises what contractions compute.
#include "ContractionBody.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace mlir::mx;

/// What `value` is before it was extended.
static Value skipExtensions(Value value) {
  while (auto extend = value.getDefiningOp<arith::ExtFOp>())
    value = extend.getIn();
  return value;
}

/// Whether `value` is the product of the first two of `arguments`.
static bool isProductOf(Value value, ValueRange arguments) {
  auto multiply = value.getDefiningOp<arith::MulFOp>();
  if (!multiply)
    return false;
  Value lhs = skipExtensions(multiply.getLhs());
  Value rhs = skipExtensions(multiply.getRhs());
  return (lhs == arguments[0] && rhs == arguments[1]) ||
         (lhs == arguments[1] && rhs == arguments[0]);
}

// linalg::detail::isContractionBody skips every unary op, exp and negf too.
bool mlir::mx::isContractionBody(Block &body) {
  if (body.getNumArguments() != 3)
    return false;
  Value yielded = body.getTerminator()->getOperand(0);
  while (auto truncate = yielded.getDefiningOp<arith::TruncFOp>())
    yielded = truncate.getIn();
  auto add = yielded.getDefiningOp<arith::AddFOp>();
  if (!add)
    return false;
  Value lhs = skipExtensions(add.getLhs()), rhs = skipExtensions(add.getRhs());
  Value accumulator = body.getArgument(2);
  return (lhs == accumulator && isProductOf(rhs, body.getArguments())) ||
         (rhs == accumulator && isProductOf(lhs, body.getArguments()));
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
  return isProductOf(op.getBlock()->getTerminator()->getOperand(0),
                     op.getBlock()->getArguments());
}

/// A product and its sum as two ops, as torch's mv and dot come.
std::optional<Contraction> mlir::mx::getSplitContraction(linalg::LinalgOp sum) {
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
                     outer[1],
                     {}};
}
