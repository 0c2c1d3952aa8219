// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Transforms/FunctionTable.h"
#include "mx/Transforms/Passes.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Transforms/RegionUtils.h"

namespace mlir::mx {
#define GEN_PASS_DEF_MXOUTLINELINALG
#include "mx/Transforms/Passes.h.inc"
} // namespace mlir::mx

using namespace mlir;
using namespace mlir::mx;

namespace {
struct OutlineLinalg : mlir::mx::impl::MXOutlineLinalgBase<OutlineLinalg> {
  void runOnOperation() override {
    SmallVector<linalg::LinalgOp> ops;
    getOperation().walk([&](linalg::LinalgOp op) {
      if (op.hasPureBufferSemantics() && op.getNumLoops())
        ops.push_back(op);
    });
    FunctionTable functions(getOperation());
    for (linalg::LinalgOp op : ops)
      outline(op, functions);
    numFunctions += functions.size();
  }

  void outline(linalg::LinalgOp op, FunctionTable &functions) {
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
    std::string name = op->getName().getStringRef().str();
    std::replace(name.begin(), name.end(), '.', '_');
    func::FuncOp function =
        FunctionTable::create(loc, name, ValueRange(arguments).getTypes(), {});
    OpBuilder b(op.getContext());
    Block *body = function.addEntryBlock();
    IRMapping mapping;
    mapping.map(arguments, body->getArguments());
    b.setInsertionPointToStart(body);
    for (Value constant : constants)
      b.clone(*constant.getDefiningOp(), mapping);
    b.clone(*op, mapping);
    func::ReturnOp::create(b, loc);

    OpBuilder caller(op);
    func::CallOp::create(caller, loc, functions.insert(function), arguments);
    op->erase();
    ++numCalls;
  }
};
} // namespace
