// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/IR/MX.h"
#include "mx/Transforms/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/SymbolTable.h"
#include "llvm/ADT/StringMap.h"

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
    SymbolTable symbols(getOperation());
    llvm::StringMap<func::FuncOp> functions;
    for (ContractOp op : ops)
      outline(op, symbols, functions);
  }

  void outline(ContractOp op, SymbolTable &symbols,
               llvm::StringMap<func::FuncOp> &functions) {
    // What is unpacked for the contraction is unpacked in its function.
    SmallVector<Operation *> inside;
    llvm::SetVector<Value> arguments;
    for (Value operand : op->getOperands()) {
      auto unpack = operand.getDefiningOp<UnpackElementsOp>();
      if (!unpack) {
        arguments.insert(operand);
        continue;
      }
      inside.push_back(unpack);
      arguments.insert(unpack->operand_begin(), unpack->operand_end());
    }
    Location loc = op.getLoc();
    OpBuilder b(op.getContext());
    auto function = func::FuncOp::create(
        loc, "contract",
        b.getFunctionType(ValueRange(arguments.getArrayRef()).getTypes(),
                          op->getResultTypes()));
    function.setPrivate();
    function->setAttr("passthrough", b.getStrArrayAttr({"noinline"}));
    Block *body = function.addEntryBlock();
    b.setInsertionPointToStart(body);
    IRMapping mapping;
    mapping.map(arguments.getArrayRef(), body->getArguments());
    for (Operation *unpack : inside)
      b.clone(*unpack, mapping);
    func::ReturnOp::create(b, loc, b.clone(*op, mapping)->getResults());

    std::string key;
    llvm::raw_string_ostream os(key);
    function->print(os, OpPrintingFlags().useLocalScope());
    func::FuncOp &known = functions[key];
    if (known) {
      function->erase();
    } else {
      symbols.insert(function);
      known = function;
      ++numFunctions;
    }
    OpBuilder caller(op);
    auto call =
        func::CallOp::create(caller, loc, known, arguments.getArrayRef());
    op->replaceAllUsesWith(call);
    op->erase();
    ++numCalls;
  }
};
} // namespace
