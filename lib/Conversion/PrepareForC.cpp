// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// What a whole program needs before its ops become C.
#include "EmitCTypes.h"
#include "mx/Conversion/Passes.h"
#include "mx/Transforms/ConstantLayout.h"
#include "mx/Transforms/Passes.h"
#include "mx/Transforms/SizeFunction.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace mlir::mx;

using FunctionSet = llvm::SetVector<func::FuncOp>;

static func::FuncOp getCallee(const SymbolTable &symbols, func::CallOp call) {
  return symbols.lookup<func::FuncOp>(call.getCallee());
}

/// `functions`, those that call them, directly or not, and public ones.
static FunctionSet addCallers(ModuleOp module, FunctionSet functions) {
  SymbolTable symbols(module);
  DenseMap<Operation *, SmallVector<func::FuncOp>> callers;
  module.walk([&](func::CallOp call) {
    if (func::FuncOp callee = getCallee(symbols, call))
      callers[callee].push_back(call->getParentOfType<func::FuncOp>());
  });
  for (auto function : module.getOps<func::FuncOp>())
    if (function.isPublic())
      functions.insert(function);
  for (size_t next = 0; next < functions.size(); ++next)
    for (func::FuncOp caller : callers.lookup(functions[next]))
      functions.insert(caller);
  return functions;
}

/// Marks functions that can fail.
static void markFallible(ModuleOp module) {
  FunctionSet functions;
  module.walk([&](cf::AssertOp op) {
    functions.insert(op->getParentOfType<func::FuncOp>());
  });
  for (func::FuncOp function : addCallers(module, std::move(functions)))
    function->setAttr(kFallibleAttr, UnitAttr::get(module.getContext()));
}

/// Makes large constants views of a last argument.
static LogicalResult addConstantArgument(ModuleOp module) {
  llvm::StringMap<int64_t> offsets;
  for (const ConstantPlace &place : layOutConstants(module))
    offsets[place.name] = place.offset;
  SmallVector<memref::GetGlobalOp> uses;
  FunctionSet functions;
  module.walk([&](memref::GetGlobalOp use) {
    if (!offsets.contains(use.getName()))
      return;
    uses.push_back(use);
    functions.insert(use->getParentOfType<func::FuncOp>());
  });
  functions = addCallers(module, std::move(functions));
  OpBuilder b(module.getContext());
  auto type = MemRefType::get({ShapedType::kDynamic}, b.getI8Type());
  for (func::FuncOp function : functions)
    if (failed(function.insertArgument(function.getNumArguments(), type, {},
                                       function.getLoc())))
      return failure();
  SymbolTable symbols(module);
  module.walk([&](func::CallOp call) {
    if (functions.contains(getCallee(symbols, call)))
      call.getOperandsMutable().append(
          call->getParentOfType<func::FuncOp>().getArguments().back());
  });
  for (memref::GetGlobalOp use : uses) {
    b.setInsertionPoint(use);
    Location loc = use.getLoc();
    Value constants =
        use->getParentOfType<func::FuncOp>().getArguments().back();
    Value offset =
        arith::ConstantIndexOp::create(b, loc, offsets[use.getName()]);
    Value view = memref::ViewOp::create(b, loc, use.getType(), constants,
                                        offset, ValueRange());
    use.replaceAllUsesWith(view);
    use.erase();
  }
  for (auto global :
       llvm::make_early_inc_range(module.getOps<memref::GlobalOp>()))
    if (offsets.contains(global.getSymName()))
      global.erase();
  return success();
}

/// The extent `dim` of `buffer`, or null. Looks through views of the same
/// memory.
static Value findExtent(OpBuilder &b, Location loc, Value buffer, int64_t dim) {
  auto type = cast<MemRefType>(buffer.getType());
  if (!type.isDynamicDim(dim))
    return arith::ConstantIndexOp::create(b, loc, type.getDimSize(dim));
  Operation *op = buffer.getDefiningOp();
  if (auto distinct = dyn_cast_or_null<memref::DistinctObjectsOp>(op))
    return findExtent(
        b, loc, distinct.getOperand(cast<OpResult>(buffer).getResultNumber()),
        dim);
  if (auto cast = dyn_cast_or_null<memref::CastOp>(op))
    return findExtent(b, loc, cast.getSource(), dim);
  auto subview = dyn_cast_or_null<memref::SubViewOp>(op);
  if (!subview)
    return {};
  SmallVector<OpFoldResult> sizes = subview.getMixedSizes();
  llvm::SmallBitVector dropped = subview.getDroppedDims();
  for (auto [position, size] : llvm::enumerate(sizes))
    if (!dropped[position] && dim-- == 0)
      return getValueOrCreateConstantIndexOp(b, loc, size);
  return {};
}

/// Replaces memref.dim by sizes that the program has, for a pointer has none;
/// private functions get those of their arguments. What cannot be replaced is
/// left for the conversion to name. Functions are in order.
static LogicalResult resolveExtents(ModuleOp module) {
  SymbolTable symbols(module);
  for (auto function : module.getOps<func::FuncOp>()) {
    SmallVector<memref::DimOp> dims;
    function.walk([&](memref::DimOp op) { dims.push_back(op); });
    // The argument and dimension of each extent that callers must give.
    llvm::MapVector<std::pair<unsigned, int64_t>, Value> asked;
    for (memref::DimOp op : dims) {
      OpBuilder b(op);
      std::optional<int64_t> dim = op.getConstantIndex();
      if (!dim || !isa<MemRefType>(op.getSource().getType()))
        continue;
      Value source = op.getSource();
      while (auto distinct = source.getDefiningOp<memref::DistinctObjectsOp>())
        source = distinct.getOperand(cast<OpResult>(source).getResultNumber());
      Value extent = findExtent(b, op.getLoc(), source, *dim);
      auto argument = dyn_cast<BlockArgument>(source);
      if (!extent && argument && function.isPrivate() &&
          argument.getOwner() == &function.front()) {
        auto key = std::make_pair(argument.getArgNumber(), *dim);
        if (!asked.count(key)) {
          unsigned count = function.getNumArguments();
          if (failed(function.insertArgument(count, b.getIndexType(), {},
                                             op.getLoc())))
            return failure();
          asked[key] = function.getArgument(count);
        }
        extent = asked[key];
      }
      if (!extent)
        continue;
      op.replaceAllUsesWith(extent);
      op.erase();
    }
    if (asked.empty())
      continue;
    module.walk([&](func::CallOp call) {
      if (getCallee(symbols, call) != function)
        return;
      OpBuilder b(call);
      for (auto &[key, value] : asked)
        call.getOperandsMutable().append(
            memref::DimOp::create(b, call.getLoc(), call.getOperand(key.first),
                                  key.second)
                .getResult());
    });
  }
  return success();
}

/// Makes loops over integers loops over indices, which have a sign in C.
static LogicalResult makeIndexLoops(ModuleOp module) {
  SmallVector<scf::ForOp> loops;
  WalkResult result = module.walk([&](Operation *op) {
    if (auto loop = dyn_cast<scf::ForOp>(op)) {
      Type type = loop.getInductionVar().getType();
      if (!type.isIndex())
        loops.push_back(loop);
      if (!loop.getUnsignedCmp() || type.getIntOrFloatBitWidth() < 64)
        return WalkResult::advance();
      op->emitError("expected a loop over numbers with a sign, found one "
                    "without");
      return WalkResult::interrupt();
    }
    if (isa<scf::WhileOp>(op) &&
        !llvm::all_of(op->getOperandTypes(), llvm::IsaPred<Float32Type>)) {
      op->emitError("expected scf.while to carry f32, found another type");
      return WalkResult::interrupt();
    }
    return WalkResult::advance();
  });
  if (result.wasInterrupted())
    return failure();
  for (scf::ForOp loop : loops) {
    OpBuilder b(loop);
    Location loc = loop.getLoc();
    Type type = loop.getInductionVar().getType();
    auto toIndex = [&](Value value) -> Value {
      if (loop.getUnsignedCmp())
        return arith::IndexCastUIOp::create(b, loc, b.getIndexType(), value);
      return arith::IndexCastOp::create(b, loc, b.getIndexType(), value);
    };
    loop.setLowerBound(toIndex(loop.getLowerBound()));
    loop.setUpperBound(toIndex(loop.getUpperBound()));
    loop.setStep(toIndex(loop.getStep()));
    loop.getInductionVar().setType(b.getIndexType());
    b.setInsertionPointToStart(loop.getBody());
    Value number =
        arith::IndexCastOp::create(b, loc, type, loop.getInductionVar());
    loop.getInductionVar().replaceAllUsesExcept(number, number.getDefiningOp());
    loop.setUnsignedCmp(false);
  }
  return success();
}

/// Makes attributes of what functions tell of shapes, which are known.
static LogicalResult foldSizeFunctions(ModuleOp module) {
  SymbolTable symbols(module);
  SmallVector<func::FuncOp> told;
  for (auto function : module.getOps<func::FuncOp>()) {
    if (function->hasAttr(kNoMemoryAttr) || !function.isPublic())
      continue;
    StringRef name = function.getSymName();
    if (auto shapes = symbols.lookup<func::FuncOp>((name + "_shapes").str()))
      told.push_back(shapes);
    auto size = symbols.lookup<func::FuncOp>((name + "_workspace").str());
    if (!size || !size->hasAttr(kNoMemoryAttr))
      continue;
    Operation *end = size.front().getTerminator();
    APInt bytes;
    if (end->getNumOperands() != 1 ||
        !matchPattern(end->getOperand(0), m_ConstantInt(&bytes)))
      return function.emitError("expected static shapes, found a workspace "
                                "whose size follows from those of arguments");
    function->setAttr(kWorkspaceBytesAttr,
                      IntegerAttr::get(IndexType::get(module.getContext()),
                                       bytes.getSExtValue()));
    told.push_back(size);
  }
  for (func::FuncOp function : told)
    function.erase();
  return success();
}

/// Functions before their callers, under names that are no words of C.
static LogicalResult orderFunctions(ModuleOp module) {
  SymbolTable symbols(module);
  llvm::SetVector<Operation *> path, done;
  std::function<LogicalResult(func::FuncOp)> visit =
      [&](func::FuncOp function) -> LogicalResult {
    if (done.contains(function))
      return success();
    if (!path.insert(function))
      return function.emitError("expected functions that do not call "
                                "themselves, found one that does");
    WalkResult result = function.walk([&](func::CallOp call) {
      func::FuncOp callee = getCallee(symbols, call);
      return !callee || succeeded(visit(callee)) ? WalkResult::advance()
                                                 : WalkResult::interrupt();
    });
    path.pop_back();
    done.insert(function);
    return failure(result.wasInterrupted());
  };
  for (auto function : module.getOps<func::FuncOp>())
    if (failed(visit(function)))
      return failure();
  for (Operation *function : done)
    function->moveBefore(module.getBody(), module.getBody()->end());
  for (Operation &op : *module.getBody()) {
    auto symbol = dyn_cast<SymbolOpInterface>(op);
    if (!symbol || symbol.isPublic())
      continue;
    std::string name = "mx_" + symbol.getName().str();
    for (char &letter : name)
      if (!llvm::isAlnum(letter))
        letter = '_';
    while (symbols.lookup(name) || isHelper(name))
      name += "_";
    if (failed(symbols.rename(&op, name)))
      return failure();
  }
  return success();
}

LogicalResult mlir::mx::prepareForC(ModuleOp module) {
  if (failed(foldSizeFunctions(module)) ||
      failed(addConstantArgument(module)) || failed(makeIndexLoops(module)))
    return failure();
  markFallible(module);
  return success(succeeded(orderFunctions(module)) &&
                 succeeded(resolveExtents(module)));
}
