// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "LoopAnnotation.h"
#include "mx/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

namespace mlir::mx {
#define GEN_PASS_DEF_MXANNOTATELOOPS
#include "mx/Transforms/Passes.h.inc"
} // namespace mlir::mx

using namespace mlir;

/// With fewer iterations there is nothing to vectorize, and loops with more
/// LLVM does not unroll whole.
static constexpr uint64_t kFewest = 8, kMost = 128;

/// Words are narrowed to bytes so many at a time, whatever the target: two
/// vectors or four become one, where LLVM would permute each by itself.
static constexpr uint64_t kNarrowed = 16;

/// Whether `loop` makes codes of at most 8 bits of words.
static bool narrowsWords(scf::ForOp loop) {
  auto getWidth = [](Type type) {
    return type.isIntOrFloat() ? type.getIntOrFloatBitWidth() : 0;
  };
  return llvm::any_of(*loop.getBody(), [&](Operation &op) {
    if (!isa<arith::TruncIOp, arith::TruncFOp>(op))
      return false;
    unsigned narrow = getWidth(op.getResult(0).getType());
    return getWidth(op.getOperand(0).getType()) == 32 && narrow > 0 &&
           narrow <= 8;
  });
}

namespace {
struct AnnotateLoops : mlir::mx::impl::MXAnnotateLoopsBase<AnnotateLoops> {
  void runOnOperation() override {
    MLIRContext *context = &getContext();
    // What is left of a loop of vectors is for LLVM to unroll as it likes.
    auto vectorized = LLVM::LoopAnnotationAttr::get(
        context, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {},
        BoolAttr::get(context, true), {}, {}, {});
    auto vectorize = [&](IntegerAttr width) {
      return LLVM::LoopVectorizeAttr::get(context, {}, {}, {}, width,
                                          vectorized, {}, {});
    };
    getOperation()->walk([&](scf::ForOp loop) {
      if (loop->hasAttr(mx::kLoopAnnotationAttr))
        return;
      std::optional<llvm::APInt> count = loop.getStaticTripCount();
      if (!count || count->ult(kFewest) || count->ugt(kMost))
        return;
      IntegerAttr width;
      if (count->urem(kNarrowed) == 0 && narrowsWords(loop))
        width = IntegerAttr::get(IntegerType::get(context, 32), kNarrowed);
      mx::annotateLoop(loop, vectorize(width), mx::getNoUnrolling(context), {});
    });
  }
};
} // namespace
