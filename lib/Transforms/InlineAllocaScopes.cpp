// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Transforms/Passes.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/PatternMatch.h"

namespace mlir::mx {
#define GEN_PASS_DEF_MXINLINEALLOCASCOPES
#include "mx/Transforms/Passes.h.inc"
} // namespace mlir::mx

using namespace mlir;

/// Whether `scope` itself, not a scope in it, allocates on the stack.
static bool allocates(memref::AllocaScopeOp scope) {
  return scope
      .walk<WalkOrder::PreOrder>([&](Operation *op) {
        if (isa<memref::AllocaOp>(op))
          return WalkResult::interrupt();
        bool isInner = op != scope.getOperation() &&
                       op->hasTrait<OpTrait::AutomaticAllocationScope>();
        return isInner ? WalkResult::skip() : WalkResult::advance();
      })
      .wasInterrupted();
}

namespace {
struct InlineAllocaScopes
    : mlir::mx::impl::MXInlineAllocaScopesBase<InlineAllocaScopes> {
  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    getOperation()->walk([&](memref::AllocaScopeOp scope) {
      if (allocates(scope))
        return;
      Block *body = scope.getBody();
      Operation *end = body->getTerminator();
      rewriter.inlineBlockBefore(body, scope);
      rewriter.replaceOp(scope, end->getOperands());
      rewriter.eraseOp(end);
    });
  }
};
} // namespace
