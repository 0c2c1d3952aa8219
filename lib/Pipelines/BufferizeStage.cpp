// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Stages.h"
#include "mx/Transforms/LibraryPasses.h"
#include "mx/Transforms/Passes.h"

#include "mlir/Conversion/BufferizationToMemRef/BufferizationToMemRef.h"
#include "mlir/Dialect/Bufferization/Pipelines/Passes.h"
#include "mlir/Dialect/Bufferization/Transforms/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace mlir::mx;

/// Whether `buffer` can be a tensor that holds a shape. In parallel loops,
/// which become regions with a stack of their own, nothing needs to be known.
static bool mayHoldShape(Value buffer) {
  constexpr int64_t kLargest = 64;
  auto type = cast<MemRefType>(buffer.getType());
  return type.hasStaticShape() && type.getElementType().isIntOrIndex() &&
         type.getNumElements() <= kLargest &&
         !buffer.getDefiningOp()->getParentOfType<scf::ForallOp>() &&
         !buffer.getDefiningOp()->getParentOfType<scf::ParallelOp>();
}

/// Results are written to memory of the caller's, and buffers have a place in a
/// workspace of the caller's.
static void buildMemoryPlan(OpPassManager &pm, Threads threads) {
  // Sizes may follow from what is stored on the stack.
  pm.addNestedPass<func::FuncOp>(
      bufferization::createPromoteBuffersToStackPass(mayHoldShape));
  pm.addPass(createMXDeriveResultShapes());
  bufferization::BufferResultsToOutParamsPassOptions results;
  results.hoistStaticAllocs = results.hoistDynamicAllocs = true;
  results.modifyPublicFunctions = true;
  pm.addPass(bufferization::createBufferResultsToOutParamsPass(results));
  MXPlanMemoryOptions plan;
  plan.openMP = threads == Threads::OpenMP;
  pm.addPass(createMXPlanMemory(plan));
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
}

void mlir::mx::buildBufferizeStage(OpPassManager &pm, Buffers buffers,
                                   Threads threads) {
  pm.addPass(bufferization::createEmptyTensorEliminationPass());
  pm.addPass(createMXCheckBufferizable());
  bufferization::OneShotBufferizePassOptions options;
  // What a loop carries may be a new tensor in every iteration.
  options.allowReturnAllocsFromLoops = true;
  options.bufferizeFunctionBoundaries = true;
  options.functionBoundaryTypeConversion =
      bufferization::LayoutMapOption::IdentityLayoutMap;
  pm.addPass(bufferization::createOneShotBufferizePass(options));
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  // Contractions in functions of their own write to their last argument.
  pm.addPass(bufferization::createDropEquivalentBufferResultsPass());
  pm.addNestedPass<func::FuncOp>(bufferization::createBufferLoopHoistingPass());
  pm.addNestedPass<func::FuncOp>(createMXPadPanels());
  if (buffers == Buffers::Planned) {
    buildMemoryPlan(pm, threads);
  } else {
    bufferization::BufferDeallocationPipelineOptions deallocation;
    bufferization::buildBufferDeallocationPipeline(pm, deallocation);
  }
  // A constant that is returned is cloned, for the caller owns its results.
  pm.addPass(createConvertBufferizationToMemRefPass());
  pm.addPass(createMXExternalizeConstants());
}
