// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// The pipelines of mx as library functions: what tools and embedding compilers
/// share. A pipeline is a list of named stages.
#ifndef MX_PIPELINES_PIPELINES_H
#define MX_PIPELINES_PIPELINES_H

#include "mx/Transforms/Passes.h"

#include "mlir/Pass/PassManager.h"

#include <functional>
#include <string>
#include <vector>

namespace mlir::mx {

/// A named part of a pipeline; `build` adds its passes for a builtin.module.
struct PipelineStage {
  StringRef name;
  std::function<void(OpPassManager &)> build;
};

/// The stages that bring a module into block-scaled form: quantize (the pass
/// mx-quantize-matmul under `options`, and mx-quantize-embeddings if they are
/// to have a format) and fold (mx-fold-weights).
std::vector<PipelineStage>
getQuantizeStages(const MXQuantizeMatmulOptions &options,
                  StringRef embeddings = "");

/// Where the memory of buffers comes from.
enum class Buffers {
  /// The program allocates and frees them.
  Allocated,
  /// The caller gives all memory: for results, and a workspace whose size the
  /// program tells (mx-plan-memory).
  Planned
};

/// Who runs parallel loops.
enum class Threads {
  OpenMP,
  /// The thread that calls; the program has no OpenMP in it.
  One
};

/// mx-to-reference: mx ops by their decomposition, linalg as plain loops. This
/// is the meaning that other pipelines are compared with.
std::vector<PipelineStage>
getReferenceStages(Buffers buffers = Buffers::Allocated,
                   Threads threads = Threads::OpenMP);

/// mx-to-cpu: the host's code, loops ordered for its vector units.
std::vector<PipelineStage> getCPUStages(Buffers buffers = Buffers::Allocated,
                                        Threads threads = Threads::OpenMP);

/// mx-to-c: EmitC for C99, of a program with static shapes and planned buffers.
std::vector<PipelineStage> getCStages();

/// mx-to-spirv: kernels for a device (spirv.module, after the stage `spirv`),
/// and the host's code that launches them. Memory is that of functions which
/// the conversion to LLVM names `_mlir_memref_to_llvm_alloc` and `_free`.
std::vector<PipelineStage> getSPIRVStages();

/// What follows the stages of the first two with planned buffers: errors are
/// returned, and constants read through a pointer.
PipelineStage getLibraryStage();

/// Adds all stages of `mx-to-reference`, `mx-to-cpu` or `mx-to-c` to `pm`, or
/// those of `mx-to-spirv` up to `spirv`.
void buildReferencePipeline(OpPassManager &pm);
void buildCPUPipeline(OpPassManager &pm);
void buildCPipeline(OpPassManager &pm);
void buildSPIRVPipeline(OpPassManager &pm);

/// Registers the pipelines by their flags.
void registerPipelines();

} // namespace mlir::mx

#endif // MX_PIPELINES_PIPELINES_H
