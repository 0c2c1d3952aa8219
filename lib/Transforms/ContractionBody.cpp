// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Recognises what contractions compute.
#include "ContractionBody.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::mx;

bool mlir::mx::isWideFloat(Type type) {
  Type element = getElementTypeOrSelf(type);
  return element.isF32() || element.isF16() || element.isBF16();
}

Value mlir::mx::skipExtensions(Value value) {
  while (auto extend = value.getDefiningOp<arith::ExtFOp>())
    value = extend.getIn();
  return value;
}

bool mlir::mx::hasProduct(Operation *op) {
  auto isProduct = [](Operation &op) {
    return isa<arith::MulFOp, arith::MulIOp, complex::MulOp, math::FmaOp>(op);
  };
  auto linalgOp = dyn_cast<linalg::LinalgOp>(op);
  return linalgOp ? llvm::any_of(*linalgOp.getBlock(), isProduct)
                  : isProduct(*op);
}

bool mlir::mx::hasSum(linalg::LinalgOp op) {
  return llvm::any_of(*op.getBlock(), [](Operation &op) {
    return isa<arith::AddFOp, arith::AddIOp, complex::AddOp, math::FmaOp>(op);
  });
}

/// Whether `lhs` and `rhs` are `first` and `second`, possibly extended, in any
/// order.
static bool arePair(Value lhs, Value rhs, Value first, Value second) {
  lhs = skipExtensions(lhs);
  rhs = skipExtensions(rhs);
  return (lhs == first && rhs == second) || (lhs == second && rhs == first);
}

bool mlir::mx::isProductOf(Value value, ValueRange arguments) {
  auto multiply = skipExtensions(value).getDefiningOp<arith::MulFOp>();
  return multiply && arePair(multiply.getLhs(), multiply.getRhs(), arguments[0],
                             arguments[1]);
}

/// What the body yields, before it was rounded.
static Value getYielded(Block &body) {
  Value yielded = body.getTerminator()->getOperand(0);
  while (auto truncate = yielded.getDefiningOp<arith::TruncFOp>())
    yielded = truncate.getIn();
  return yielded;
}

bool mlir::mx::isSumBody(Block &body) {
  auto add = getYielded(body).getDefiningOp<arith::AddFOp>();
  return add && body.getNumArguments() == 2 &&
         arePair(add.getLhs(), add.getRhs(), body.getArgument(0),
                 body.getArgument(1));
}

// linalg::detail::isContractionBody skips every unary op, exp and negf too.
bool mlir::mx::isContractionBody(Block &body) {
  if (body.getNumArguments() != 3)
    return false;
  Value yielded = getYielded(body);
  Value accumulator = body.getArgument(2);
  if (auto fma = yielded.getDefiningOp<math::FmaOp>())
    return arePair(fma.getA(), fma.getB(), body.getArgument(0),
                   body.getArgument(1)) &&
           skipExtensions(fma.getC()) == accumulator;
  auto add = yielded.getDefiningOp<arith::AddFOp>();
  if (!add)
    return false;
  auto isAccumulator = [&](Value value) {
    return skipExtensions(value) == accumulator;
  };
  return (isAccumulator(add.getLhs()) &&
          isProductOf(add.getRhs(), body.getArguments())) ||
         (isAccumulator(add.getRhs()) &&
          isProductOf(add.getLhs(), body.getArguments()));
}
