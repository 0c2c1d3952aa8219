// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Transforms/Passes.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

namespace mlir::mx {
#define GEN_PASS_DEF_MXLOWERLOOPANNOTATIONS
#include "mx/Transforms/Passes.h.inc"
} // namespace mlir::mx

using namespace mlir;

static constexpr llvm::StringLiteral kAnnotation("llvm.loop_annotation");

namespace {
struct LowerLoopAnnotations
    : mlir::mx::impl::MXLowerLoopAnnotationsBase<LowerLoopAnnotations> {
  void runOnOperation() override {
    getOperation()->walk([](LLVM::BrOp branch) {
      if (auto annotation = dyn_cast_or_null<LLVM::LoopAnnotationAttr>(
              branch->removeDiscardableAttr(kAnnotation)))
        branch.setLoopAnnotationAttr(annotation);
    });
  }
};
} // namespace
