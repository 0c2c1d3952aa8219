// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "llvm/ADT/SetVector.h"

namespace mlir::mx {
#define GEN_PASS_DEF_MXCALLKERNELS
#include "mx/Transforms/Passes.h.inc"
} // namespace mlir::mx

using namespace mlir;

static constexpr llvm::StringLiteral kLaunch = "mx_device_launch";
static constexpr llvm::StringLiteral kSynchronize = "mx_device_synchronize";

/// Whether the host reads or writes memory by `op`, itself.
static bool touchesMemory(Operation *op) {
  if (isa<func::ReturnOp>(op))
    return cast<func::FuncOp>(op->getParentOp()).isPublic();
  if (auto call = dyn_cast<func::CallOp>(op)) {
    auto callee = SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(
        op, call.getCalleeAttr());
    return !callee || callee.isExternal();
  }
  // An assertion prints a constant text at most.
  if (isa<memref::AllocOp, memref::AllocaOp, memref::DeallocOp,
          gpu::LaunchFuncOp, cf::AssertOp>(op) ||
      op->hasTrait<OpTrait::HasRecursiveMemoryEffects>())
    return false;
  auto effects = dyn_cast<MemoryEffectOpInterface>(op);
  if (!effects)
    return !isMemoryEffectFree(op) && !op->hasTrait<OpTrait::IsTerminator>();
  return effects.hasEffect<MemoryEffects::Read>() ||
         effects.hasEffect<MemoryEffects::Write>();
}

/// Gives a kernel its buffers before its numbers, and these as i32.
static void orderArguments(gpu::GPUFuncOp kernel) {
  OpBuilder b(kernel.getBody());
  SmallVector<BlockArgument> old(kernel.getArguments().take_front(
      kernel.getFunctionType().getNumInputs()));
  SmallVector<Type> types;
  for (bool buffers : {true, false})
    for (BlockArgument argument : old) {
      if (isa<MemRefType>(argument.getType()) != buffers)
        continue;
      Location loc = argument.getLoc();
      bool isIndex = argument.getType().isIndex();
      types.push_back(isIndex ? b.getI32Type() : argument.getType());
      // Before what a workgroup has.
      Value value = kernel.front().insertArgument(old.size() + types.size() - 1,
                                                  types.back(), loc);
      if (isIndex)
        value = arith::IndexCastOp::create(b, loc, b.getIndexType(), value);
      argument.replaceAllUsesWith(value);
    }
  kernel.front().eraseArguments(0, old.size());
  kernel.setType(FunctionType::get(kernel.getContext(), types, {}));
}

namespace {
struct CallKernels : mlir::mx::impl::MXCallKernelsBase<CallKernels> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    // Kernels by the order of their modules.
    llvm::StringMap<int64_t> numbers;
    for (auto kernels : module.getOps<gpu::GPUModuleOp>()) {
      numbers.try_emplace(kernels.getName(), numbers.size());
      for (auto kernel : kernels.getOps<gpu::GPUFuncOp>())
        orderArguments(kernel);
    }
    SmallVector<gpu::LaunchFuncOp> launches;
    SmallVector<Operation *> touching;
    for (auto function : module.getOps<func::FuncOp>())
      function.getBody().walk([&](Operation *op) {
        if (auto launch = dyn_cast<gpu::LaunchFuncOp>(op))
          launches.push_back(launch);
        else if (touchesMemory(op))
          touching.push_back(op);
      });
    if (launches.empty())
      return;
    OpBuilder b(module.getBodyRegion());
    Type i64 = b.getI64Type();
    declare(b, kLaunch, SmallVector<Type>(6, i64));
    declare(b, kSynchronize, {});
    for (Operation *op : touching) {
      b.setInsertionPoint(op);
      func::CallOp::create(b, op->getLoc(), kSynchronize, TypeRange());
    }
    for (gpu::LaunchFuncOp launch : launches)
      call(launch, numbers.lookup(launch.getKernelModuleName()));
  }

  void declare(OpBuilder &b, StringRef name, ArrayRef<Type> arguments) {
    if (getOperation().lookupSymbol(name))
      return;
    func::FuncOp::create(b, getOperation().getLoc(), name,
                         b.getFunctionType(arguments, {}))
        .setPrivate();
  }

  /// The address of an array of `values`, i64, on the stack.
  static Value buildArray(OpBuilder &b, Location loc, ValueRange values) {
    // An array of no length is none.
    int64_t length = std::max<int64_t>(values.size(), 1);
    Value array = memref::AllocaOp::create(
        b, loc, MemRefType::get({length}, b.getI64Type()));
    for (auto [number, value] : llvm::enumerate(values)) {
      Value index = arith::ConstantIndexOp::create(b, loc, number);
      memref::StoreOp::create(b, loc, value, array, index);
    }
    return toI64(b, loc,
                 memref::ExtractAlignedPointerAsIndexOp::create(b, loc, array));
  }

  static Value toI64(OpBuilder &b, Location loc, Value index) {
    return arith::IndexCastOp::create(b, loc, b.getI64Type(), index);
  }

  static void call(gpu::LaunchFuncOp launch, int64_t number) {
    OpBuilder b(launch);
    Location loc = launch.getLoc();
    SmallVector<Value> buffers, numbers;
    for (Value operand : launch.getKernelOperands()) {
      if (!isa<MemRefType>(operand.getType())) {
        // Of 64 bits, lest one that does not fit goes unseen.
        if (operand.getType().isIndex())
          operand = toI64(b, loc, operand);
        else
          operand = arith::ExtSIOp::create(b, loc, b.getI64Type(), operand);
        numbers.push_back(operand);
        continue;
      }
      // Of what type its elements are matters to the kernel alone.
      while (auto cast = operand.getDefiningOp<UnrealizedConversionCastOp>())
        operand = cast.getOperand(0);
      buffers.push_back(toI64(
          b, loc,
          memref::ExtractAlignedPointerAsIndexOp::create(b, loc, operand)));
    }
    // Its stack is free again after each launch of a loop.
    auto scope = memref::AllocaScopeOp::create(b, loc, TypeRange());
    b.setInsertionPointToStart(&scope.getBodyRegion().emplaceBlock());
    SmallVector<Value> arguments = {
        arith::ConstantOp::create(b, loc, b.getI64IntegerAttr(number))};
    gpu::KernelDim3 groups = launch.getGridSizeOperandValues();
    for (Value size : {groups.x, groups.y, groups.z})
      arguments.push_back(toI64(b, loc, size));
    arguments.push_back(buildArray(b, loc, buffers));
    arguments.push_back(buildArray(b, loc, numbers));
    func::CallOp::create(b, loc, kLaunch, TypeRange(), arguments);
    memref::AllocaScopeReturnOp::create(b, loc, ValueRange());
    llvm::SmallSetVector<Operation *, 4> casts;
    for (Value operand : launch.getKernelOperands())
      if (auto cast = operand.getDefiningOp<UnrealizedConversionCastOp>())
        casts.insert(cast);
    launch.erase();
    for (Operation *cast : casts)
      if (cast->use_empty())
        cast->erase();
  }
};
} // namespace
