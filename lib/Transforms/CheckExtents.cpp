// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "ExtentChecks.h"
#include "mx/IR/ExtentAssertion.h"
#include "mx/IR/Locations.h"
#include "mx/Transforms/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Utils/Utils.h"
#include "mlir/Interfaces/RuntimeVerifiableOpInterface.h"
#include "llvm/ADT/TypeSwitch.h"

namespace mlir::mx {
#define GEN_PASS_DEF_MXCHECKEXTENTS
#include "mx/Transforms/Passes.h.inc"
} // namespace mlir::mx

using namespace mlir;
using namespace mlir::mx;

/// Whether `value` depends on an argument of the linalg body around it.
static bool dependsOnElement(Value value, Operation *linalgOp) {
  if (auto argument = dyn_cast<BlockArgument>(value))
    return argument.getOwner()->getParentOp() == linalgOp;
  Operation *producer = value.getDefiningOp();
  return linalgOp->isProperAncestor(producer) &&
         llvm::any_of(producer->getOperands(), [&](Value operand) {
           return dependsOnElement(operand, linalgOp);
         });
}

/// Such as "model.mlir:3:8: error: 'linalg.matmul': the extents disagree". The
/// bodies of layers that repeat stay the same, and so one function each, if
/// their messages have no place; indices that come from data, as in a gather,
/// keep it.
static std::string describe(Operation *op, StringRef text) {
  Operation *around = op->getParentOfType<linalg::LinalgOp>();
  if (around && llvm::none_of(op->getOperands(), [&](Value operand) {
        return dependsOnElement(operand, around);
      }))
    return ("error: '" + op->getName().getStringRef() + "': " + text).str();
  return (describeLocation(op->getLoc()) + ": error: '" +
          op->getName().getStringRef() + "': " + text)
      .str();
}

/// Asserts that the operands of a linalg op without windows agree on the extent
/// of each of its dimensions. Upstream's model of the interface checks the
/// bounds of every index that a loop reaches instead, in a form that nothing
/// folds where extents are the same value.
static void checkLinalg(OpBuilder &b, linalg::LinalgOp op) {
  Location loc = op.getLoc();
  SmallVector<OpFoldResult> extents(op.getNumLoops());
  for (OpOperand &operand : op->getOpOperands()) {
    auto type = dyn_cast<RankedTensorType>(operand.get().getType());
    if (!type)
      continue;
    AffineMap map = op.getMatchingIndexingMap(&operand);
    for (auto [position, expr] : llvm::enumerate(map.getResults())) {
      OpFoldResult found =
          linalg::createFoldedDimOp(b, loc, operand.get(), position);
      OpFoldResult &expected = extents[cast<AffineDimExpr>(expr).getPosition()];
      if (!expected)
        expected = found;
      std::string text = "the extent of dimension " + std::to_string(position) +
                         " of operand #" +
                         std::to_string(operand.getOperandNumber()) +
                         " does not agree with those of the other operands";
      assertExtent(b, loc, arith::CmpIPredicate::eq, found, expected,
                   describe(op, text));
    }
  }
}

/// Whether no operand is indexed by anything else than dimensions, as windows
/// are.
static bool hasDimensionsAlone(linalg::LinalgOp op) {
  return llvm::all_of(op.getIndexingMapsArray(), [](AffineMap map) {
    return llvm::all_of(map.getResults(), llvm::IsaPred<AffineDimExpr>);
  });
}

/// Whether `op` becomes a loop over its operands' elements, which agree on
/// their extents.
static bool isElementwise(Operation *op) {
  return OpTrait::hasElementwiseMappableTraits(op) &&
         llvm::any_of(op->getOperandTypes(), llvm::IsaPred<RankedTensorType>);
}

/// A linalg op without windows, else what upstream checks.
static void checkOther(OpBuilder &b, Operation *op) {
  auto linalgOp = dyn_cast<linalg::LinalgOp>(op);
  if (linalgOp && hasDimensionsAlone(linalgOp))
    return checkLinalg(b, linalgOp);
  if (isElementwise(op))
    checkSameExtents(b, op, op->getOperands(), describe);
  if (auto verifiable = dyn_cast<RuntimeVerifiableOpInterface>(op))
    verifiable.generateRuntimeVerification(b, op->getLoc(), describe);
}

static void check(OpBuilder &b, Operation *op) {
  TypeSwitch<Operation *>(op)
      .Case<tensor::ExtractSliceOp, tensor::InsertSliceOp,
            tensor::ParallelInsertSliceOp>(
          [&](auto slice) { checkSlice(b, slice, describe); })
      .Case([&](tensor::ExpandShapeOp expand) {
        checkExpandShape(b, expand, describe);
      })
      .Case([&](tensor::ReshapeOp reshape) {
        checkReshape(b, reshape, describe);
      })
      .Case([&](tensor::ConcatOp concat) { checkConcat(b, concat, describe); })
      .Case([&](tensor::PadOp pad) { checkPad(b, pad, describe); })
      .Case([&](linalg::SoftmaxOp softmax) {
        checkSameExtents(b, softmax, softmax->getOperands(), describe);
      })
      .Default([&](Operation *other) { checkOther(b, other); });
}

namespace {
struct CheckExtents : mlir::mx::impl::MXCheckExtentsBase<CheckExtents> {
  void runOnOperation() override {
    SmallVector<Operation *> ops;
    getOperation()->walk([&](Operation *op) { ops.push_back(op); });
    OpBuilder b(&getContext());
    for (Operation *op : ops) {
      // Nothing else can be where insertions of parallel loops are.
      bool isParallel = isa<tensor::ParallelInsertSliceOp>(op);
      b.setInsertionPoint(isParallel ? op->getParentOp() : op);
      check(b, op);
    }
  }
};
} // namespace
