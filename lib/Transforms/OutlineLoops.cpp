// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/IR/MX.h"
#include "mx/Transforms/FunctionTable.h"
#include "mx/Transforms/Passes.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Transforms/RegionUtils.h"

namespace mlir::mx {
#define GEN_PASS_DEF_MXOUTLINELOOPS
#include "mx/Transforms/Passes.h.inc"
} // namespace mlir::mx

using namespace mlir;
using namespace mlir::mx;

/// Tells that what `op` writes is nothing that it reads. Bufferization lets an
/// op write to an input's buffer only where it reads each element just before:
/// by the same map, and as the same type; and never to what its body reads by
/// index, which is among `used`.
static void assumeDistinct(OpBuilder &b, Operation *op, ValueRange used,
                           IRMapping &mapping) {
  auto linalgOp = dyn_cast<linalg::LinalgOp>(op);
  if (!linalgOp)
    return;
  auto assume = [&](Value read, Value written) {
    auto distinct = memref::DistinctObjectsOp::create(
        b, op->getLoc(),
        ValueRange{mapping.lookup(read), mapping.lookup(written)});
    mapping.map(read, distinct.getResult(0));
    mapping.map(written, distinct.getResult(1));
  };
  for (Value value : used)
    if (isa<MemRefType>(value.getType()) &&
        !llvm::is_contained(op->getOperands(), value))
      for (Value init : linalgOp.getDpsInits())
        if (isa<MemRefType>(init.getType()))
          assume(value, init);
  for (OpOperand &init : linalgOp.getDpsInitsMutable())
    for (OpOperand *input : linalgOp.getDpsInputOperands()) {
      auto read = dyn_cast<MemRefType>(input->get().getType());
      auto written = dyn_cast<MemRefType>(init.get().getType());
      if (!read || !written || input->get() == init.get() ||
          (read.getElementType() == written.getElementType() &&
           linalgOp.getMatchingIndexingMap(input) ==
               linalgOp.getMatchingIndexingMap(&init)))
        continue;
      assume(input->get(), init.get());
    }
}

namespace {
struct OutlineLoops : mlir::mx::impl::MXOutlineLoopsBase<OutlineLoops> {
  void runOnOperation() override {
    FunctionTable functions(getOperation());
    // Loops over calls are short, and the same where the called functions are.
    outlineAll(functions, [](Operation *op) {
      auto linalgOp = dyn_cast<linalg::LinalgOp>(op);
      // One that is a kernel; others are part of a loop.
      if (isa<ContractOp>(op))
        return !op->getNumResults() && !op->getParentOfType<scf::ForallOp>();
      return linalgOp && linalgOp.hasPureBufferSemantics() &&
             linalgOp.getNumLoops();
    });
    outlineAll(functions, [](Operation *op) {
      return isa<scf::ForallOp>(op) && !op->getNumResults() &&
             !op->getParentOfType<scf::ForallOp>();
    });
    numFunctions += functions.size();
  }

  void outlineAll(FunctionTable &functions,
                  function_ref<bool(Operation *)> matches) {
    SmallVector<Operation *> ops;
    getOperation().walk([&](Operation *op) {
      if (matches(op))
        ops.push_back(op);
    });
    for (Operation *op : ops)
      outline(op, functions);
  }

  void outline(Operation *op, FunctionTable &functions) {
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
    Location loc = op->getLoc();
    std::string name = op->getName().getStringRef().str();
    std::replace(name.begin(), name.end(), '.', '_');
    func::FuncOp function =
        FunctionTable::create(loc, name, ValueRange(arguments).getTypes(), {});
    OpBuilder b(op->getContext());
    Block *body = function.addEntryBlock();
    IRMapping mapping;
    mapping.map(arguments, body->getArguments());
    b.setInsertionPointToStart(body);
    for (Value constant : constants)
      b.clone(*constant.getDefiningOp(), mapping);
    assumeDistinct(b, op, arguments, mapping);
    b.clone(*op, mapping);
    func::ReturnOp::create(b, loc);

    OpBuilder caller(op);
    func::CallOp::create(caller, loc, functions.insert(function), arguments);
    op->erase();
    ++numCalls;
  }
};
} // namespace
