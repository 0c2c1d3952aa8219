// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// The places of a function's buffers in one piece of memory.
#ifndef MX_LIB_TRANSFORMS_MEMORYPLAN_H
#define MX_LIB_TRANSFORMS_MEMORYPLAN_H

#include "BufferLifetime.h"
#include "BufferSize.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/MapVector.h"

namespace mlir::mx {

/// The functions that are planned, and those that tell the size of a
/// workspace, if they take one.
using WorkspaceSizes = llvm::MapVector<func::FuncOp, func::FuncOp>;

class MemoryPlan {
public:
  /// A plan for `function`; `sizes` has all functions that it calls. `openMP`
  /// tells whether there are threads of OpenMP's.
  MemoryPlan(func::FuncOp function, const WorkspaceSizes &sizes, bool openMP)
      : function(function), module(function->getParentOfType<ModuleOp>()),
        sizes(sizes), openMP(openMP), views(function), b(function) {}

  /// Finds a place for every buffer and the workspace of every call. Emits an
  /// error for one that can have none.
  LogicalResult plan();

  /// The bytes of the plan, a value of the entry block; null if it needs none.
  Value getBytes() const { return frame.bytes; }

  /// What stands in the workspace: the buffer of a memref.alloc, or from there
  /// on the workspace of a func.call; at `offset`, counted from `base` if there
  /// is one.
  struct Use {
    Operation *user;
    Value base, offset;
  };
  ArrayRef<Use> getUses() const { return uses; }

  /// Erases what only computed the bytes.
  void eraseUnused();

private:
  /// A piece of memory for buffers of one size.
  struct Place {
    BufferSize size;
    Value offset, end;
    bool free;
  };

  /// What a block and all that is in it needs, from an offset on that is zero
  /// in a parallel loop: there `base` is where a thread's part starts.
  struct Frame {
    /// Sizes are computed before this op of the entry block.
    Operation *anchor = nullptr;
    Value base, bytes;
  };

  LogicalResult planBlock(Block &block, Value top, Frame &frame);
  LogicalResult planParallel(Operation *loop, Value top, Frame &outer);
  LogicalResult planCall(func::CallOp call, Value top, Frame &frame);
  Value place(memref::AllocOp alloc, Value top, SmallVectorImpl<Place> &places,
              size_t &index, Frame &frame);
  void raise(Frame &frame, Value end);
  Value callOpenMP(Location loc, StringRef name);

  func::FuncOp function;
  ModuleOp module;
  const WorkspaceSizes &sizes;
  bool openMP;
  BufferViewFlowAnalysis views;
  OpBuilder b;
  Hoister hoister;
  Frame frame;
  Value threads;
  DenseMap<Operation *, SmallVector<memref::AllocOp>> starts;
  DenseMap<Operation *, Operation *> ends;
  SmallVector<Use> uses;
  /// Calls that only tell numbers.
  llvm::SmallPtrSet<Operation *, 8> numberCalls;
};

} // namespace mlir::mx

#endif // MX_LIB_TRANSFORMS_MEMORYPLAN_H
