// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Transforms/Passes.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
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
    auto unroll = LLVM::LoopUnrollAttr::get(
        context, BoolAttr::get(context, true), {}, {}, {}, {}, {}, {});
    // What is left of a loop of vectors is for LLVM to unroll as it likes.
    auto vectorized = LLVM::LoopAnnotationAttr::get(
        context, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {},
        BoolAttr::get(context, true), {}, {}, {});
    auto vectorize = LLVM::LoopVectorizeAttr::get(context, {}, {}, {}, {},
                                                  vectorized, {}, {});
    auto annotation =
        LLVM::LoopAnnotationAttr::get(context, {}, vectorize, {}, unroll, {},
                                      {}, {}, {}, {}, {}, {}, {}, {}, {}, {});
    getOperation()->walk([&](scf::ForOp loop) {
      std::optional<llvm::APInt> count = loop.getStaticTripCount();
      if (count && count->uge(kFewest) && count->ule(kMost))
        loop->setDiscardableAttr("llvm.loop_annotation", annotation);
    });
  }
};
} // namespace
