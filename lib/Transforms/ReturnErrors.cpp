// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "PointerArgument.h"
#include "mx/Transforms/LibraryPasses.h"

#include "mlir/Dialect/OpenMP/OpenMPDialect.h"
#include "llvm/ADT/StringSet.h"

namespace mlir::mx {
#define GEN_PASS_DEF_MXRETURNERRORS
#include "mx/Transforms/LibraryPasses.h.inc"
} // namespace mlir::mx

using namespace mlir;
using namespace mlir::mx;

/// Parallel iterations may fail at the same time.
static constexpr LLVM::AtomicOrdering kOrdering =
    LLVM::AtomicOrdering::monotonic;
static constexpr unsigned kPointerBytes = 8;

static bool isCallOf(Operation &op, StringRef name) {
  auto call = dyn_cast<LLVM::CallOp>(op);
  return call && call.getCallee() == name;
}

/// What a failed assertion says before `abort`, a call in its block.
static LLVM::CallOp findMessage(LLVM::CallOp abort) {
  for (Operation &op : llvm::reverse(*abort->getBlock()))
    if (isCallOf(op, "puts") && op.isBeforeInBlock(abort))
      return cast<LLVM::CallOp>(op);
  return {};
}

/// Ends the block at which `b` stands: the function returns, or the innermost
/// OpenMP region ends.
static LogicalResult leave(OpBuilder &b, Location loc) {
  Operation *parent = b.getInsertionBlock()->getParentOp();
  if (auto function = dyn_cast<LLVM::LLVMFuncOp>(parent)) {
    Type type = function.getFunctionType().getReturnType();
    if (isa<LLVM::LLVMVoidType>(type))
      LLVM::ReturnOp::create(b, loc, ValueRange());
    else
      LLVM::ReturnOp::create(b, loc,
                             LLVM::ZeroOp::create(b, loc, type).getResult());
    return success();
  }
  if (isa<omp::LoopNestOp>(parent)) {
    omp::YieldOp::create(b, loc);
    return success();
  }
  if (isa<omp::ParallelOp>(parent)) {
    omp::TerminatorOp::create(b, loc);
    return success();
  }
  return emitError(loc, "expected an assertion in a function or an OpenMP "
                        "loop, found one in '")
         << parent->getName() << "'";
}

/// Lets what is at and behind `place` in `block` run only if the pointer says
/// that nothing failed.
static LogicalResult checkAt(Location loc, Block *block, Block::iterator place,
                             Value pointer) {
  Block *rest = block->splitBlock(place);
  Block *failed = new Block;
  failed->insertBefore(rest);
  OpBuilder b = OpBuilder::atBlockEnd(block);
  Value message = LLVM::LoadOp::create(
      b, loc, pointer.getType(), pointer, kPointerBytes, /*isVolatile=*/false,
      /*isNonTemporal=*/false, /*isInvariant=*/false,
      /*isInvariantGroup=*/false, kOrdering);
  Value null = LLVM::ZeroOp::create(b, loc, pointer.getType());
  Value fails =
      LLVM::ICmpOp::create(b, loc, LLVM::ICmpPredicate::ne, message, null);
  LLVM::CondBrOp::create(b, loc, fails, failed, rest);
  b.setInsertionPointToStart(failed);
  return leave(b, loc);
}

/// Keeps the message of a failed assertion, and leaves.
static LogicalResult returnError(LLVM::CallOp abort, Value pointer) {
  LLVM::CallOp message = findMessage(abort);
  if (!message)
    return abort.emitError("expected a message before abort, found none");
  Location loc = abort.getLoc();
  OpBuilder b(message);
  LLVM::StoreOp::create(b, loc, message.getOperand(0), pointer, kPointerBytes,
                        /*isVolatile=*/false, /*isNonTemporal=*/false,
                        /*isInvariantGroup=*/false, kOrdering);
  Block *block = abort->getBlock();
  while (&block->back() != message.getOperation())
    block->back().erase();
  message.erase();
  b.setInsertionPointToEnd(block);
  return leave(b, loc);
}

namespace {
struct ReturnErrors : mlir::mx::impl::MXReturnErrorsBase<ReturnErrors> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    FunctionSet failing;
    module.walk([&](LLVM::CallOp call) {
      if (isCallOf(*call, "abort"))
        failing.insert(call->getParentOfType<LLVM::LLVMFuncOp>());
    });
    failing = addCallers(module, std::move(failing));
    addPointerArgument(module, failing);
    llvm::StringSet<> names;
    for (LLVM::LLVMFuncOp function : failing)
      names.insert(function.getSymName());
    for (LLVM::LLVMFuncOp function : failing)
      if (failed(rewrite(function, names)))
        return signalPassFailure();
  }

  LogicalResult rewrite(LLVM::LLVMFuncOp function,
                        const llvm::StringSet<> &failing) {
    SmallVector<LLVM::CallOp> aborts;
    llvm::SetVector<Operation *> checked, loops;
    function.walk([&](LLVM::CallOp call) {
      bool aborting = isCallOf(*call, "abort");
      if (aborting)
        aborts.push_back(call);
      else if (call.getCallee() && failing.contains(*call.getCallee()))
        checked.insert(call);
      else
        return;
      for (auto parallel = call->getParentOfType<omp::ParallelOp>(); parallel;
           parallel = parallel->getParentOfType<omp::ParallelOp>())
        checked.insert(parallel);
      for (auto loop = call->getParentOfType<omp::LoopNestOp>(); loop;
           loop = loop->getParentOfType<omp::LoopNestOp>())
        loops.insert(loop);
    });
    Value pointer = function.getArguments().back();
    for (Operation *op : checked)
      if (failed(checkAt(op->getLoc(), op->getBlock(),
                         std::next(op->getIterator()), pointer)))
        return failure();
    // An iteration that leaves keeps its memory on the stack until the loop
    // ends, so others should not begin.
    for (Operation *loop : loops) {
      Block &body = loop->getRegion(0).front();
      if (failed(checkAt(loop->getLoc(), &body, body.begin(), pointer)))
        return failure();
    }
    for (LLVM::CallOp abort : aborts)
      if (failed(returnError(abort, pointer)))
        return failure();
    return success();
  }
};
} // namespace
