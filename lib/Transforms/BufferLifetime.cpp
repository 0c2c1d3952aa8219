// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "BufferLifetime.h"

#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Interfaces/LoopLikeInterface.h"

using namespace mlir;
using namespace mlir::mx;

/// Whether `user` passes a buffer on to the next iteration of a loop around
/// `alloc`.
static bool isCarried(Operation *user, memref::AllocOp alloc) {
  return user->hasTrait<OpTrait::IsTerminator>() &&
         isa<LoopLikeOpInterface>(user->getParentOp()) &&
         user->getParentOp()->isProperAncestor(alloc);
}

FailureOr<BufferLifetime>
mlir::mx::getLifetime(memref::AllocOp alloc,
                      const BufferViewFlowAnalysis &views) {
  Block *block = alloc->getBlock();
  SmallVector<Operation *> users;
  for (Value view : views.resolve(alloc.getResult()))
    for (Operation *user : view.getUsers()) {
      if (user->hasTrait<OpTrait::ReturnLike>() &&
          isa<FunctionOpInterface>(user->getParentOp()))
        return alloc.emitError("expected a buffer that is used inside its "
                               "function, found one that is returned");
      while (!block->findAncestorOpInBlock(*user) &&
             !isa<LoopLikeOpInterface>(block->getParentOp()))
        block = block->getParentOp()->getBlock();
      if (isCarried(user, alloc) || !block->findAncestorOpInBlock(*user))
        return alloc.emitError("expected a buffer that is used in one "
                               "iteration of a loop, found one that outlives "
                               "it");
      users.push_back(user);
    }
  Operation *first = block->findAncestorOpInBlock(*alloc), *last = first;
  for (Operation *user : users) {
    Operation *ancestor = block->findAncestorOpInBlock(*user);
    if (last->isBeforeInBlock(ancestor))
      last = ancestor;
  }
  return BufferLifetime{first, last};
}
