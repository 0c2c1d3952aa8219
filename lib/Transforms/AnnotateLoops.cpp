// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "LoopAnnotation.h"
#include "mx/Transforms/Passes.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

namespace mlir::mx {
#define GEN_PASS_DEF_MXANNOTATELOOPS
#include "mx/Transforms/Passes.h.inc"
} // namespace mlir::mx

using namespace mlir;

/// With fewer iterations there is nothing to vectorize, and loops with more
/// LLVM does not unroll whole.
static constexpr uint64_t kFewest = 8, kMost = 128;

namespace {
struct AnnotateLoops : mlir::mx::impl::MXAnnotateLoopsBase<AnnotateLoops> {
  void runOnOperation() override {
    MLIRContext *context = &getContext();
    // What is left of a loop of vectors is for LLVM to unroll as it likes.
    auto vectorized = LLVM::LoopAnnotationAttr::get(
        context, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {},
        BoolAttr::get(context, true), {}, {}, {});
    auto vectorize = LLVM::LoopVectorizeAttr::get(context, {}, {}, {}, {},
                                                  vectorized, {}, {});
    getOperation()->walk([&](scf::ForOp loop) {
      if (loop->hasAttr(mx::kLoopAnnotationAttr))
        return;
      std::optional<llvm::APInt> count = loop.getStaticTripCount();
      if (count && count->uge(kFewest) && count->ule(kMost))
        mx::annotateLoop(loop, vectorize, mx::getNoUnrolling(context), {});
    });
  }
};
} // namespace
