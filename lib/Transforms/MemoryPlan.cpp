// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "MemoryPlan.h"
#include "mx/Transforms/SizeFunction.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace mlir::mx;

/// An i32 of OpenMP's runtime, as an index.
Value MemoryPlan::callOpenMP(Location loc, StringRef name) {
  auto callee = module.lookupSymbol<func::FuncOp>(name);
  if (!callee) {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(module.getBody());
    callee = func::FuncOp::create(b, loc, name,
                                  b.getFunctionType({}, b.getI32Type()));
    callee.setPrivate();
    callee->setAttr(kNoMemoryAttr, b.getUnitAttr());
  }
  auto call = func::CallOp::create(b, loc, callee);
  numberCalls.insert(call);
  return arith::IndexCastOp::create(b, loc, b.getIndexType(),
                                    call.getResult(0));
}

LogicalResult MemoryPlan::plan() {
  bool needed = false;
  WalkResult result = function.walk([&](memref::AllocOp alloc) {
    needed = true;
    FailureOr<BufferLifetime> lifetime = getLifetime(alloc, views);
    if (failed(lifetime))
      return WalkResult::interrupt();
    starts[lifetime->first].push_back(alloc);
    ends[alloc] = lifetime->last;
    return WalkResult::advance();
  });
  if (result.wasInterrupted())
    return failure();
  if (!function.getBody().hasOneBlock()) {
    function.walk([&](func::CallOp call) {
      needed |= bool(
          sizes.lookup(module.lookupSymbol<func::FuncOp>(call.getCallee())));
    });
    return needed ? function.emitError("expected a function of one block to "
                                       "place buffers in, found several")
                  : success();
  }
  b.setInsertionPointToStart(&function.front());
  Value zero = arith::ConstantIndexOp::create(b, function.getLoc(), 0);
  return planBlock(function.front(), zero, frame);
}

/// Makes `frame` reach to `end`.
void MemoryPlan::raise(Frame &frame, Value end) {
  if (!frame.bytes) {
    frame.bytes = end;
    return;
  }
  b.setInsertionPoint(frame.anchor);
  frame.bytes =
      arith::MaxUIOp::create(b, frame.anchor->getLoc(), frame.bytes, end);
}

/// Finds a place for `alloc`, a free one of its size or a new one behind all
/// others.
Value MemoryPlan::place(memref::AllocOp alloc, Value top,
                        SmallVectorImpl<Place> &places, size_t &index,
                        Frame &frame) {
  std::optional<BufferSize> size = BufferSize::get(alloc);
  if (!size)
    return {};
  for (auto [i, place] : llvm::enumerate(places))
    if (place.free && place.size == *size) {
      place.free = false;
      index = i;
      return place.offset;
    }
  Value bytes = hoister.materialize(*size, frame.anchor);
  if (!bytes)
    return {};
  b.setInsertionPoint(frame.anchor);
  Value offset = places.empty() ? top : places.back().end;
  Value end = arith::AddIOp::create(b, alloc.getLoc(), offset, bytes);
  raise(frame, end);
  index = places.size();
  places.push_back({*size, offset, end, /*free=*/false});
  return offset;
}

LogicalResult MemoryPlan::planBlock(Block &block, Value top, Frame &frame) {
  SmallVector<Place> places;
  DenseMap<Operation *, SmallVector<size_t>> dying;
  for (Operation &op : llvm::make_early_inc_range(block)) {
    // An allocation inside of `op` that is used outside counts as here.
    bool own = !frame.anchor;
    if (own)
      frame.anchor = &op;
    for (memref::AllocOp alloc : starts.lookup(&op)) {
      size_t index = 0;
      Value offset = place(alloc, top, places, index, frame);
      if (!offset)
        return alloc.emitError("expected a size that follows from the shapes "
                               "of arguments, found one that varies or is "
                               "unknown");
      uses.push_back({alloc, frame.base, offset});
      dying[ends.lookup(alloc)].push_back(index);
    }
    Value here = places.empty() ? top : places.back().end;
    if (auto call = dyn_cast<func::CallOp>(op))
      if (failed(planCall(call, here, frame)))
        return failure();
    if (openMP && isa<scf::ForallOp, scf::ParallelOp>(op)) {
      if (failed(planParallel(&op, here, frame)))
        return failure();
    } else {
      for (Region &region : op.getRegions())
        for (Block &inner : region)
          if (failed(planBlock(inner, here, frame)))
            return failure();
    }
    for (size_t index : dying.lookup(&op))
      places[index].free = true;
    while (!places.empty() && places.back().free)
      places.pop_back();
    if (own)
      frame.anchor = nullptr;
  }
  return success();
}

LogicalResult MemoryPlan::planParallel(Operation *loop, Value top,
                                       Frame &outer) {
  Block &body = loop->getRegion(0).front();
  Location loc = loop->getLoc();
  Operation *anchor = outer.anchor;
  size_t before = uses.size();
  Frame inner;
  inner.anchor = anchor;
  // Offsets in the loop are added to this, once it is known.
  b.setInsertionPointToStart(&body);
  auto base = arith::ConstantIndexOp::create(b, loc, 0);
  inner.base = base;
  b.setInsertionPoint(anchor);
  Value zero = arith::ConstantIndexOp::create(b, loc, 0);
  if (failed(planBlock(body, zero, inner)))
    return failure();
  if (uses.size() == before) {
    base->erase();
    return success();
  }
  if (outer.base)
    return loop->emitError("expected no buffers in a parallel loop that is in "
                           "another, found some");
  if (!threads) {
    b.setInsertionPointToStart(&function.front());
    threads = callOpenMP(function.getLoc(), "omp_get_max_threads");
  }
  b.setInsertionPoint(anchor);
  Value all = multiplySizes(b, loc, threads, inner.bytes);
  raise(outer, arith::AddIOp::create(b, loc, top, all));
  b.setInsertionPoint(base);
  Value thread = callOpenMP(loc, "omp_get_thread_num");
  Value start = arith::MulIOp::create(b, loc, thread, inner.bytes);
  start = arith::AddIOp::create(b, loc, top, start);
  for (Use &use : MutableArrayRef(uses).drop_front(before))
    use.base = start;
  base->erase();
  return success();
}

LogicalResult MemoryPlan::planCall(func::CallOp call, Value top, Frame &frame) {
  auto callee = module.lookupSymbol<func::FuncOp>(call.getCallee());
  if (callee.isExternal() || callee->hasAttr(kNoMemoryAttr))
    return success();
  auto planned = sizes.find(callee);
  if (planned == sizes.end())
    return call.emitError("expected no recursion, found a call of '")
           << callee.getSymName() << "' in itself";
  func::FuncOp size = planned->second;
  if (!size)
    return success();
  SmallVector<Value> arguments;
  for (Value operand : call.getOperands()) {
    Value argument = hoister.hoist(operand, frame.anchor);
    if (!argument)
      return call.emitError("expected shapes that are the same in every "
                            "iteration, found others");
    arguments.push_back(argument);
  }
  b.setInsertionPoint(frame.anchor);
  auto bytes = func::CallOp::create(b, call.getLoc(), size, arguments);
  numberCalls.insert(bytes);
  Value end = arith::AddIOp::create(b, call.getLoc(), top, bytes.getResult(0));
  raise(frame, end);
  uses.push_back({call, frame.base, top});
  return success();
}

/// Erases what only the size function needs.
void MemoryPlan::eraseUnused() {
  for (Operation &op :
       llvm::make_early_inc_range(llvm::reverse(function.front())))
    if (isOpTriviallyDead(&op) || (numberCalls.contains(&op) && op.use_empty()))
      op.erase();
}
