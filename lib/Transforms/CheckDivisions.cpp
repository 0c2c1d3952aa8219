// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "FailureBranch.h"
#include "mx/IR/Locations.h"
#include "mx/Transforms/LibraryPasses.h"

#include "mlir/IR/Matchers.h"

namespace mlir::mx {
#define GEN_PASS_DEF_MXCHECKDIVISIONS
#include "mx/Transforms/LibraryPasses.h.inc"
} // namespace mlir::mx

using namespace mlir;
using namespace mlir::mx;

static bool isSigned(Operation *op) {
  return isa<LLVM::SDivOp, LLVM::SRemOp>(op);
}

static bool needsCheck(Operation *op) {
  if (!isSigned(op) && !isa<LLVM::UDivOp, LLVM::URemOp>(op))
    return false;
  APInt divisor;
  bool constant = matchPattern(op->getOperand(1), m_ConstantInt(&divisor));
  return !constant || divisor.isZero() ||
         (isSigned(op) && divisor.isAllOnes());
}

/// Whether the division `op` has a result, in every element of a vector.
static Value createCondition(OpBuilder &b, Operation *op) {
  Location loc = op->getLoc();
  Value dividend = op->getOperand(0), divisor = op->getOperand(1);
  Type type = divisor.getType();
  auto vector = dyn_cast<VectorType>(type);
  auto isEqual = [&](LLVM::ICmpPredicate predicate, Value value,
                     const APInt &number) -> Value {
    TypedAttr same = IntegerAttr::get(getElementTypeOrSelf(type), number);
    if (vector)
      same = SplatElementsAttr::get(vector, Attribute(same));
    Value constant = LLVM::ConstantOp::create(b, loc, same);
    return LLVM::ICmpOp::create(b, loc, predicate, value, constant);
  };
  auto forAll = [&](Value condition) -> Value {
    if (!vector)
      return condition;
    return LLVM::vector_reduce_and::create(b, loc, b.getI1Type(), condition);
  };
  unsigned width = getElementTypeOrSelf(type).getIntOrFloatBitWidth();
  Value defined =
      isEqual(LLVM::ICmpPredicate::ne, divisor, APInt::getZero(width));
  if (!isSigned(op))
    return forAll(defined);
  Value fits = LLVM::OrOp::create(
      b, loc,
      isEqual(LLVM::ICmpPredicate::ne, divisor, APInt::getAllOnes(width)),
      isEqual(LLVM::ICmpPredicate::ne, dividend,
              APInt::getSignedMinValue(width)));
  return forAll(LLVM::AndOp::create(b, loc, defined, fits));
}

namespace {
struct CheckDivisions : mlir::mx::impl::MXCheckDivisionsBase<CheckDivisions> {
  void runOnOperation() override {
    SmallVector<Operation *> divisions;
    getOperation().walk([&](Operation *op) {
      if (needsCheck(op))
        divisions.push_back(op);
    });
    for (Operation *op : divisions)
      if (failed(check(op)))
        return signalPassFailure();
  }

  LogicalResult check(Operation *op) {
    std::string text = describeLocation(op->getLoc()) +
                       ": error: division by zero" +
                       (isSigned(op) ? " or overflow" : "");
    return failUnless(
        getOperation(), op,
        [&](OpBuilder &b) { return createCondition(b, op); }, text);
  }
};
} // namespace
