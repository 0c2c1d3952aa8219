// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Parts of pipelines that several targets share.
#ifndef MX_LIB_PIPELINES_STAGES_H
#define MX_LIB_PIPELINES_STAGES_H

#include "mx/Pipelines/Pipelines.h"

namespace mlir::mx {

/// Tensors to memrefs: one-shot bufferization over function boundaries, with
/// every allocation freed or planned; large constants leave the program.
void buildBufferizeStage(OpPassManager &pm, Buffers buffers, Threads threads);

/// Everything that is left, loops, memrefs and scalars, to the LLVM dialect.
/// Memory comes from malloc, or from functions of its own.
void buildLLVMStage(OpPassManager &pm, bool ownMemory = false);

/// Loops on buffers to kernels, and calls that launch them.
void buildKernelStage(OpPassManager &pm);

/// The same to EmitC, for buffers that are planned.
void buildCStage(OpPassManager &pm);

} // namespace mlir::mx

#endif // MX_LIB_PIPELINES_STAGES_H
