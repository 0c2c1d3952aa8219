// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "MemoryPlan.h"
#include "mx/Transforms/LibraryPasses.h"
#include "mx/Transforms/SizeFunction.h"

#include "mlir/Analysis/CallGraph.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "llvm/ADT/PostOrderIterator.h"

namespace mlir::mx {
#define GEN_PASS_DEF_MXPLANMEMORY
#include "mx/Transforms/LibraryPasses.h.inc"
} // namespace mlir::mx

using namespace mlir;
using namespace mlir::mx;

/// Adds the function of the workspace's size and the workspace itself, and
/// replaces allocations by views of it.
static FailureOr<func::FuncOp> addWorkspace(func::FuncOp function,
                                            MemoryPlan &plan) {
  Location loc = function.getLoc();
  OpBuilder b = OpBuilder::atBlockBegin(&function.front());
  Value bytes = plan.getBytes();
  if (!bytes)
    bytes = arith::ConstantIndexOp::create(b, loc, 0);
  FailureOr<func::FuncOp> size =
      createSizeFunction(function, function.getSymName() + "_workspace", bytes);
  if (failed(size))
    return failure();
  auto type = MemRefType::get({ShapedType::kDynamic}, b.getI8Type());
  if (failed(
          function.insertArgument(function.getNumArguments(), type, {}, loc)))
    return failure();
  Value workspace = function.getArguments().back();
  for (auto [user, base, offset] : plan.getUses()) {
    b.setInsertionPoint(user);
    Value start = offset;
    if (base)
      start = arith::AddIOp::create(b, user->getLoc(), base, offset);
    SmallVector<Value> extents;
    MemRefType viewed = type;
    auto alloc = dyn_cast<memref::AllocOp>(user);
    if (alloc) {
      viewed = alloc.getType();
      llvm::append_range(extents, alloc.getDynamicSizes());
    } else {
      Value all =
          b.createOrFold<memref::DimOp>(user->getLoc(), workspace, int64_t(0));
      extents.push_back(arith::SubIOp::create(b, user->getLoc(), all, start));
    }
    Value view = memref::ViewOp::create(b, user->getLoc(), viewed, workspace,
                                        start, extents);
    if (alloc) {
      alloc.getResult().replaceAllUsesWith(view);
      alloc.erase();
    } else {
      user->insertOperands(user->getNumOperands(), view);
    }
  }
  plan.eraseUnused();
  return size;
}

namespace {
struct PlanMemory : mlir::mx::impl::MXPlanMemoryBase<PlanMemory> {
  using MXPlanMemoryBase::MXPlanMemoryBase;

  void runOnOperation() override {
    // What is called comes before its callers.
    SmallVector<func::FuncOp> functions;
    const CallGraph &graph = getAnalysis<CallGraph>();
    for (CallGraphNode *node : llvm::post_order(&graph))
      if (!node->isExternal())
        if (auto function = dyn_cast<func::FuncOp>(
                node->getCallableRegion()->getParentOp()))
          functions.push_back(function);
    WorkspaceSizes sizes;
    for (func::FuncOp function : functions) {
      if (function->hasAttr(kNoMemoryAttr))
        continue;
      MemoryPlan plan(function, sizes, openMP);
      if (failed(plan.plan()))
        return signalPassFailure();
      sizes[function] = nullptr;
      if (!plan.getBytes() && !function.isPublic())
        continue;
      FailureOr<func::FuncOp> size = addWorkspace(function, plan);
      if (failed(size))
        return signalPassFailure();
      sizes[function] = *size;
    }
  }
};
} // namespace
