// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Transforms/SizeFunction.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Interfaces/ViewLikeInterface.h"
#include "mlir/Transforms/RegionUtils.h"

using namespace mlir;
using namespace mlir::mx;

Value mlir::mx::createShape(OpBuilder &b, memref::AllocOp alloc,
                            ValueRange extents) {
  Location loc = alloc.getLoc();
  Value none =
      memref::AllocaOp::create(b, loc, MemRefType::get({0}, b.getI8Type()));
  Value zero = arith::ConstantIndexOp::create(b, loc, 0);
  return memref::ViewOp::create(b, loc, alloc.getType(), none, zero, extents);
}

/// The buffer that `value` is a view of.
static Value getBuffer(Value value) {
  while (auto view = value.getDefiningOp<ViewLikeOpInterface>())
    value = view.getViewSource();
  return value;
}

static bool isConstant(Value buffer) {
  auto get = buffer ? buffer.getDefiningOp<memref::GetGlobalOp>() : nullptr;
  auto global = get ? SymbolTable::lookupNearestSymbolFrom<memref::GlobalOp>(
                          get, get.getNameAttr())
                    : nullptr;
  return global && global.getConstant();
}

namespace {
/// Clones the ops of a function's body that access only the stack and
/// constants, in order.
/// All others, and what depends on them, make values unknown.
class Cloner {
public:
  Cloner(OpBuilder &b, IRMapping &mapping) : b(b), mapping(mapping) {}

  void clone(Operation &op) {
    if (auto alloc = dyn_cast<memref::AllocOp>(op); alloc && isKnown(op))
      return cloneAllocation(alloc);
    SmallVector<Value> stack;
    if (!isKnown(op) || !collectAccesses(op, stack))
      return forget(op);
    for (Value buffer : stack)
      if (unknownBuffers.contains(buffer))
        return forget(op);
    b.clone(op, mapping);
  }

private:
  /// Whether all values that `op` uses are in the clone.
  bool isKnown(Operation &op) {
    SetVector<Value> used(op.operand_begin(), op.operand_end());
    getUsedValuesDefinedAbove(op.getRegions(), used);
    return llvm::all_of(used,
                        [&](Value value) { return mapping.contains(value); });
  }

  /// Appends the buffers on the stack that `op` accesses; false if it may
  /// access others.
  static bool collectAccesses(Operation &op, SmallVectorImpl<Value> &stack) {
    WalkResult result = op.walk([&](Operation *nested) {
      if (isa<cf::AssertOp>(nested) || isMemoryEffectFree(nested) ||
          (nested->hasTrait<OpTrait::HasRecursiveMemoryEffects>() &&
           !isa<MemoryEffectOpInterface>(nested)))
        return WalkResult::advance();
      if (auto call = dyn_cast<func::CallOp>(nested)) {
        Operation *callee =
            SymbolTable::lookupNearestSymbolFrom(call, call.getCalleeAttr());
        return callee && callee->hasAttr(kNoMemoryAttr)
                   ? WalkResult::advance()
                   : WalkResult::interrupt();
      }
      auto effects = getEffectsRecursively(nested);
      if (!effects)
        return WalkResult::interrupt();
      for (MemoryEffects::EffectInstance &effect : *effects) {
        Value buffer =
            effect.getValue() ? getBuffer(effect.getValue()) : Value();
        if (isa<MemoryEffects::Read>(effect.getEffect()) && isConstant(buffer))
          continue;
        if (!buffer || !buffer.getDefiningOp<memref::AllocaOp>())
          return WalkResult::interrupt();
        stack.push_back(buffer);
      }
      return WalkResult::advance();
    });
    return !result.wasInterrupted();
  }

  /// Notes that what `op` writes on the stack is unknown; so are its results,
  /// since they are not in the clone.
  void forget(Operation &op) {
    op.walk([&](Operation *nested) {
      auto effects = getEffectsRecursively(nested);
      for (Value operand : nested->getOperands())
        if (!effects && isa<BaseMemRefType>(operand.getType()))
          unknownBuffers.insert(getBuffer(operand));
      if (!effects)
        return;
      for (MemoryEffects::EffectInstance &effect : *effects)
        if (isa<MemoryEffects::Write>(effect.getEffect()) && effect.getValue())
          unknownBuffers.insert(getBuffer(effect.getValue()));
    });
  }

  void cloneAllocation(memref::AllocOp alloc) {
    SmallVector<Value> extents;
    for (Value extent : alloc.getDynamicSizes())
      extents.push_back(mapping.lookup(extent));
    mapping.map(alloc.getResult(), createShape(b, alloc, extents));
  }

  OpBuilder &b;
  IRMapping &mapping;
  DenseSet<Value> unknownBuffers;
};
} // namespace

FailureOr<func::FuncOp> mlir::mx::createSizeFunction(func::FuncOp function,
                                                     const Twine &name,
                                                     ValueRange values) {
  OpBuilder b(function);
  std::string symbol = name.str();
  if (SymbolTable::lookupNearestSymbolFrom(function, b.getStringAttr(symbol)))
    return function.emitError("expected no other symbol '")
           << symbol << "', found one";
  SmallVector<Type> results(values.size(), b.getIndexType());
  auto derived = func::FuncOp::create(
      b, function.getLoc(), symbol,
      b.getFunctionType(function.getArgumentTypes(), results));
  derived.setVisibility(function.getVisibility());
  derived->setAttr(kNoMemoryAttr, b.getUnitAttr());
  StringRef interface = LLVM::LLVMDialect::getEmitCWrapperAttrName();
  if (Attribute attr = function->getAttr(interface))
    derived->setAttr(interface, attr);
  Block *body = derived.addEntryBlock();
  b.setInsertionPointToStart(body);
  IRMapping mapping;
  mapping.map(function.getArguments(), body->getArguments());
  Cloner cloner(b, mapping);
  for (Operation &op : function.front().without_terminator())
    cloner.clone(op);
  SmallVector<Value> returned;
  for (Value value : values) {
    if (!mapping.contains(value)) {
      derived.erase();
      return emitError(value.getLoc(),
                       "expected sizes that follow from the shapes of the "
                       "arguments of '")
             << function.getSymName()
             << "', found one that depends on their elements";
    }
    returned.push_back(mapping.lookup(value));
  }
  func::ReturnOp::create(b, function.getLoc(), returned);
  return derived;
}
