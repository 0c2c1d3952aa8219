// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// What LLVM's optimizer is told of a loop.
#ifndef MX_TRANSFORMS_LOOPANNOTATION_H
#define MX_TRANSFORMS_LOOPANNOTATION_H

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

namespace mlir::mx {

/// Holds a loop's annotation until it is a branch of the LLVM dialect.
inline constexpr llvm::StringLiteral
    kLoopAnnotationAttr("llvm.loop_annotation");

inline LLVM::LoopUnrollAttr getNoUnrolling(MLIRContext *context) {
  return LLVM::LoopUnrollAttr::get(context, BoolAttr::get(context, true), {},
                                   {}, {}, {}, {}, {});
}

/// No invariant of the loop is computed before it.
inline LLVM::LoopLICMAttr getNoHoisting(MLIRContext *context) {
  return LLVM::LoopLICMAttr::get(context, BoolAttr::get(context, true), {});
}

inline void annotateLoop(Operation *loop, LLVM::LoopVectorizeAttr vectorize,
                         LLVM::LoopUnrollAttr unroll,
                         LLVM::LoopLICMAttr hoist) {
  loop->setDiscardableAttr(kLoopAnnotationAttr,
                           LLVM::LoopAnnotationAttr::get(
                               loop->getContext(), {}, vectorize, {}, unroll,
                               {}, hoist, {}, {}, {}, {}, {}, {}, {}, {}, {}));
}

} // namespace mlir::mx

#endif // MX_TRANSFORMS_LOOPANNOTATION_H
