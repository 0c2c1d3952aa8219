// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "RowBlocks.h"
#include "mx/Transforms/FunctionTable.h"
#include "mx/Transforms/Passes.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Transforms/RegionUtils.h"

namespace mlir::mx {
#define GEN_PASS_DEF_MXOUTLINECONTRACTIONS
#include "mx/Transforms/Passes.h.inc"
} // namespace mlir::mx

using namespace mlir;
using namespace mlir::mx;

namespace {
struct OutlineContractions
    : mlir::mx::impl::MXOutlineContractionsBase<OutlineContractions> {
  void runOnOperation() override {
    llvm::SetVector<Operation *> ops;
    getOperation().walk([&](ContractOp op) {
      if (op->getNumResults())
        ops.insert(getBlockLoops(op));
    });
    FunctionTable functions(getOperation());
    for (Operation *op : ops)
      outline(op, functions);
    numFunctions += functions.size();
  }

  /// `op`, or the loops over blocks that it is in: a function of its own in a
  /// loop would have buffers whose sizes vary.
  static Operation *getBlockLoops(Operation *op) {
    while (op->getParentOp()->hasAttr(kRowBlocksAttr))
      op = op->getParentOp();
    return op;
  }

  void outline(Operation *op, FunctionTable &functions) {
    // What is unpacked for the contraction is unpacked in its function, and
    // what starts as a constant is filled there: callers may then share no
    // fill, which each would copy.
    llvm::SetVector<Operation *> inside;
    llvm::SetVector<Value> arguments,
        used(op->operand_begin(), op->operand_end());
    getUsedValuesDefinedAbove(op->getRegions(), used);
    auto contract = dyn_cast<ContractOp>(op);
    for (Value value : used) {
      Operation *producer = value.getDefiningOp();
      if (auto fill = dyn_cast_or_null<linalg::FillOp>(producer);
          fill && contract && value == contract.getInit() &&
          matchPattern(fill.value(), m_Constant())) {
        inside.insert(fill.value().getDefiningOp());
        inside.insert(fill);
        arguments.insert(fill.output());
      } else if (isa_and_nonnull<UnpackElementsOp>(producer)) {
        inside.insert(producer);
        arguments.insert(producer->operand_begin(), producer->operand_end());
      } else if (producer && !isa<ShapedType>(value.getType()) &&
                 matchPattern(producer, m_Constant())) {
        inside.insert(producer);
      } else {
        arguments.insert(value);
      }
    }
    Location loc = op->getLoc();
    func::FuncOp function = FunctionTable::create(
        loc, "contract", ValueRange(arguments.getArrayRef()).getTypes(),
        op->getResultTypes());
    OpBuilder b(&getContext());
    Block *body = function.addEntryBlock();
    b.setInsertionPointToStart(body);
    IRMapping mapping;
    mapping.map(arguments.getArrayRef(), body->getArguments());
    for (Operation *producer : inside)
      b.clone(*producer, mapping);
    func::ReturnOp::create(b, loc, b.clone(*op, mapping)->getResults());

    OpBuilder caller(op);
    auto call = func::CallOp::create(caller, loc, functions.insert(function),
                                     arguments.getArrayRef());
    op->replaceAllUsesWith(call);
    op->erase();
    ++numCalls;
  }
};
} // namespace
