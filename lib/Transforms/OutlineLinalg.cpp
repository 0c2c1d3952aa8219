// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Transforms/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Transforms/RegionUtils.h"
#include "llvm/ADT/StringMap.h"

namespace mlir::mx {
#define GEN_PASS_DEF_MXOUTLINELINALG
#include "mx/Transforms/Passes.h.inc"
} // namespace mlir::mx

using namespace mlir;

namespace {
struct OutlineLinalg : mlir::mx::impl::MXOutlineLinalgBase<OutlineLinalg> {
  void runOnOperation() override {
    SmallVector<linalg::LinalgOp> ops;
    getOperation().walk([&](linalg::LinalgOp op) {
      if (op.hasPureBufferSemantics() && op.getNumLoops())
        ops.push_back(op);
    });
    SymbolTable symbols(getOperation());
    llvm::StringMap<func::FuncOp> functions;
    for (linalg::LinalgOp op : ops)
      outline(op, symbols, functions);
  }

  void outline(linalg::LinalgOp op, SymbolTable &symbols,
               llvm::StringMap<func::FuncOp> &functions) {
    // Values from outside that the op and its body use: constants are moved
    // along, the others become arguments.
    llvm::SetVector<Value> used(op->operand_begin(), op->operand_end());
    getUsedValuesDefinedAbove(op->getRegions(), used);
    SmallVector<Value> arguments, constants;
    for (Value value : used) {
      Operation *definition = value.getDefiningOp();
      bool constant = definition && matchPattern(definition, m_Constant()) &&
                      !isa<ShapedType>(value.getType());
      (constant ? constants : arguments).push_back(value);
    }
    Location loc = op.getLoc();
    OpBuilder b(op.getContext());
    auto type = b.getFunctionType(ValueRange(arguments).getTypes(), {});
    auto function =
        func::FuncOp::create(loc, op->getName().getStringRef(), type);
    function.setPrivate();
    function->setAttr("passthrough", b.getStrArrayAttr({"noinline"}));
    Block *body = function.addEntryBlock();
    IRMapping mapping;
    mapping.map(arguments, body->getArguments());
    b.setInsertionPointToStart(body);
    for (Value constant : constants)
      b.clone(*constant.getDefiningOp(), mapping);
    b.clone(*op, mapping);
    func::ReturnOp::create(b, loc);

    std::string key;
    llvm::raw_string_ostream os(key);
    function->print(os, OpPrintingFlags().useLocalScope());
    func::FuncOp &known = functions[key];
    if (known) {
      function->erase();
    } else {
      std::string name = op->getName().getStringRef().str();
      std::replace(name.begin(), name.end(), '.', '_');
      function.setSymName(name);
      symbols.insert(function);
      known = function;
      ++numFunctions;
    }
    OpBuilder caller(op);
    func::CallOp::create(caller, loc, known, arguments);
    op->erase();
    ++numCalls;
  }
};
} // namespace
