// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/IR/MX.h"
#include "mx/Transforms/FunctionTable.h"
#include "mx/Transforms/Passes.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"

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
    SmallVector<ContractOp> ops;
    getOperation().walk([&](ContractOp op) {
      if (op->getNumResults())
        ops.push_back(op);
    });
    FunctionTable functions(getOperation());
    for (ContractOp op : ops)
      outline(op, functions);
    numFunctions += functions.size();
  }

  void outline(ContractOp op, FunctionTable &functions) {
    // What is unpacked for the contraction is unpacked in its function, and
    // what starts as a constant is filled there: callers may then share no
    // fill, which each would copy.
    llvm::SetVector<Operation *> inside;
    llvm::SetVector<Value> arguments;
    for (Value operand : op->getOperands()) {
      Operation *producer = operand.getDefiningOp();
      if (auto fill = dyn_cast_or_null<linalg::FillOp>(producer);
          fill && operand == op.getInit() &&
          matchPattern(fill.value(), m_Constant())) {
        inside.insert(fill.value().getDefiningOp());
        inside.insert(fill);
        arguments.insert(fill.output());
      } else if (isa_and_nonnull<UnpackElementsOp>(producer)) {
        inside.insert(producer);
        arguments.insert(producer->operand_begin(), producer->operand_end());
      } else {
        arguments.insert(operand);
      }
    }
    Location loc = op.getLoc();
    func::FuncOp function = FunctionTable::create(
        loc, "contract", ValueRange(arguments.getArrayRef()).getTypes(),
        op->getResultTypes());
    OpBuilder b(op.getContext());
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
