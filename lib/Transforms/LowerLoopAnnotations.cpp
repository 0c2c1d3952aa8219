// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "LoopAnnotation.h"
#include "mx/Transforms/Passes.h"

namespace mlir::mx {
#define GEN_PASS_DEF_MXLOWERLOOPANNOTATIONS
#include "mx/Transforms/Passes.h.inc"
} // namespace mlir::mx

using namespace mlir;

namespace {
struct LowerLoopAnnotations
    : mlir::mx::impl::MXLowerLoopAnnotationsBase<LowerLoopAnnotations> {
  void runOnOperation() override {
    getOperation()->walk([](LLVM::BrOp branch) {
      if (auto annotation = dyn_cast_or_null<LLVM::LoopAnnotationAttr>(
              branch->removeDiscardableAttr(mx::kLoopAnnotationAttr)))
        branch.setLoopAnnotationAttr(annotation);
    });
  }
};
} // namespace
