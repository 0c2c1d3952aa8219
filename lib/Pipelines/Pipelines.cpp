// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Pipelines/Pipelines.h"
#include "Stages.h"
#include "mx/Transforms/LibraryPasses.h"
#include "mx/Transforms/Passes.h"

#include "mlir/Conversion/SCFToOpenMP/SCFToOpenMP.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Dialect/SCF/Transforms/Passes.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace mlir::mx;

static void buildCleanup(OpPassManager &pm) {
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
}

/// Extents that disagree, indices out of bounds and sizes that no tensor has
/// end the program with a message. Before anything is lowered, for then they
/// are the user's own.
static void buildVerification(OpPassManager &pm) {
  pm.addPass(createMXCheckExtents());
  pm.addPass(createMXFitWindows());
  // Extents of results become those of arguments; equal ones are one value
  // then.
  pm.addPass(memref::createResolveRankedShapeTypeResultDimsPass());
  buildCleanup(pm);
  pm.addPass(createMXCheckSizes());
}

/// The program as the user wrote it, with checks.
static void buildChecked(OpPassManager &pm) {
  // What is an operand needs no check of its indices.
  pm.addPass(createMXRaiseExtracts());
  buildVerification(pm);
}

/// Its elementwise ops fused; contractions are still what they were, lest
/// others swallow them.
static void buildElementwise(OpPassManager &pm) {
  pm.addPass(createConvertElementwiseToLinalgPass());
  buildCleanup(pm);
  pm.addPass(createLinalgElementwiseOpFusionPass());
  pm.addPass(createLinalgFoldUnitExtentDimsPass());
  buildCleanup(pm);
}

/// What is left of mx as linalg ops, whose loops are ordered for vectors.
static void buildOrderedLoops(OpPassManager &pm) {
  // Once, not for each of the products that a code is in.
  pm.addPass(createMXDecodeOperands());
  pm.addPass(createMXDecompose());
  buildCleanup(pm);
  pm.addPass(createMXPackSubbyte());
  pm.addPass(createLinalgGeneralizeNamedOpsPass());
  pm.addPass(createMXInterchangeLoops());
  buildCleanup(pm);
}

std::vector<PipelineStage>
mlir::mx::getQuantizeStages(const MXQuantizeMatmulOptions &options,
                            StringRef embeddings) {
  MXQuantizeEmbeddingsOptions rows;
  rows.format = embeddings.str();
  return {{"quantize",
           [options, rows](OpPassManager &pm) {
             buildCleanup(pm);
             pm.addPass(createMXFitWindows());
             pm.addNestedPass<func::FuncOp>(createMXQuantizeMatmul(options));
             if (!rows.format.empty())
               pm.addNestedPass<func::FuncOp>(createMXQuantizeEmbeddings(rows));
             buildCleanup(pm);
           }},
          {"fold", [](OpPassManager &pm) {
             pm.addPass(createMXFoldWeights());
             buildCleanup(pm);
           }}};
}

std::vector<PipelineStage> mlir::mx::getReferenceStages(Buffers buffers,
                                                        Threads threads) {
  return {{"decompose",
           [](OpPassManager &pm) {
             buildVerification(pm);
             pm.addPass(createConvertElementwiseToLinalgPass());
             pm.addPass(createMXDecompose());
             buildCleanup(pm);
             pm.addPass(createMXPackSubbyte());
             buildCleanup(pm);
           }},
          {"bufferize",
           [buffers, threads](OpPassManager &pm) {
             buildBufferizeStage(pm, buffers, threads);
             pm.addPass(createMXOutlineLoops());
           }},
          {"llvm", [](OpPassManager &pm) { buildLLVMStage(pm); }}};
}

std::vector<PipelineStage> mlir::mx::getCPUStages(Buffers buffers,
                                                  Threads threads) {
  return {{"decompose",
           [](OpPassManager &pm) {
             buildChecked(pm);
             pm.addPass(createMXOffload());
             buildElementwise(pm);
             pm.addNestedPass<func::FuncOp>(createMXFormContract());
             pm.addNestedPass<func::FuncOp>(createMXWidenResults());
             pm.addNestedPass<func::FuncOp>(createMXUnfoldWindows());
             pm.addPass(createMXPackWeights());
             pm.addNestedPass<func::FuncOp>(createMXCollapseDims());
             pm.addNestedPass<func::FuncOp>(createMXMarkOrdinaryScales());
             pm.addPass(createMXOutlineContractions());
             pm.addNestedPass<func::FuncOp>(createMXExpandBlocks());
             pm.addNestedPass<func::FuncOp>(createMXTransposeOperands());
             pm.addNestedPass<func::FuncOp>(createMXTile());
             pm.addNestedPass<func::FuncOp>(createMXFuseLoops());
             pm.addNestedPass<func::FuncOp>(createMXSplitSums());
             buildOrderedLoops(pm);
           }},
          {"bufferize",
           [buffers, threads](OpPassManager &pm) {
             buildBufferizeStage(pm, buffers, threads);
             pm.addNestedPass<func::FuncOp>(createMXFormMMA());
             pm.addNestedPass<func::FuncOp>(createMXTransposeBytes());
             pm.addNestedPass<func::FuncOp>(createMXReduceRows());
             pm.addPass(createMXOutlineLoops());
             // The functions say which memrefs are distinct.
             pm.addNestedPass<func::FuncOp>(createMXTileDistantRows());
           }},
          {"threads",
           [threads](OpPassManager &pm) {
             if (threads == Threads::One)
               return pm.addPass(createForallToForLoopPass());
             pm.addPass(createForallToParallelLoopPass());
             pm.addPass(createConvertSCFToOpenMPPass());
             pm.addPass(createMXInlineAllocaScopes());
           }},
          {"llvm", [](OpPassManager &pm) { buildLLVMStage(pm); }}};
}

std::vector<PipelineStage> mlir::mx::getCStages() {
  return {{"decompose",
           [](OpPassManager &pm) {
             buildChecked(pm);
             buildElementwise(pm);
             pm.addNestedPass<func::FuncOp>(createMXExpandBlocks());
             buildOrderedLoops(pm);
           }},
          {"bufferize",
           [](OpPassManager &pm) {
             buildBufferizeStage(pm, Buffers::Planned, Threads::One);
             pm.addPass(createMXOutlineLoops());
           }},
          {"c", buildCStage}};
}

std::vector<PipelineStage> mlir::mx::getSPIRVStages() {
  return {{"decompose",
           [](OpPassManager &pm) {
             buildChecked(pm);
             buildElementwise(pm);
             OpPassManager &function = pm.nest<func::FuncOp>();
             function.addPass(createMXFormContract());
             function.addPass(createMXKeepContractions());
             function.addPass(createMXExpandBlocks());
             buildOrderedLoops(pm);
           }},
          {"bufferize",
           [](OpPassManager &pm) {
             buildBufferizeStage(pm, Buffers::Allocated, Threads::One);
             // What kernels read is in memory that they can access.
             MXExternalizeConstantsOptions all;
             all.threshold = 0;
             pm.addPass(createMXExternalizeConstants(all));
             pm.addPass(createMXOutlineLoops());
           }},
          {"spirv", buildKernelStage},
          {"llvm",
           [](OpPassManager &pm) { buildLLVMStage(pm, /*ownMemory=*/true); }}};
}

PipelineStage mlir::mx::getLibraryStage() {
  return {"library", [](OpPassManager &pm) {
            pm.addPass(createMXReturnErrors());
            pm.addPass(createMXBindConstants());
          }};
}

void mlir::mx::buildReferencePipeline(OpPassManager &pm) {
  for (const PipelineStage &stage : getReferenceStages())
    stage.build(pm);
}

void mlir::mx::buildCPUPipeline(OpPassManager &pm) {
  for (const PipelineStage &stage : getCPUStages())
    stage.build(pm);
}

void mlir::mx::buildCPipeline(OpPassManager &pm) {
  for (const PipelineStage &stage : getCStages())
    stage.build(pm);
}

void mlir::mx::buildSPIRVPipeline(OpPassManager &pm) {
  for (const PipelineStage &stage : getSPIRVStages())
    if (stage.name != "llvm")
      stage.build(pm);
}

void mlir::mx::registerPipelines() {
  PassPipelineRegistration<>(
      "mx-to-reference",
      "Lower to plain loops in the LLVM dialect: the meaning of a program",
      buildReferencePipeline);
  PassPipelineRegistration<>("mx-to-cpu",
                             "Lower to the LLVM dialect for the host's CPU",
                             buildCPUPipeline);
  PassPipelineRegistration<>(
      "mx-to-c", "Lower to EmitC, which mlir-translate prints as C99",
      buildCPipeline);
  PassPipelineRegistration<>(
      "mx-to-spirv",
      "Lower to kernels in the SPIR-V dialect, and calls that launch them",
      buildSPIRVPipeline);
}
