// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Stages.h"
#include "mx/Conversion/Passes.h"
#include "mx/Transforms/Passes.h"

#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/GPU/Transforms/Passes.h"
#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;

void mlir::mx::buildKernelStage(OpPassManager &pm) {
  pm.addNestedPass<func::FuncOp>(createMXFormKernels());
  // What the host keeps.
  pm.addNestedPass<func::FuncOp>(createConvertLinalgToLoopsPass());
  pm.addPass(createLowerAffinePass());
  // Few devices compute in f16 and bf16.
  pm.addPass(createMXWidenFloats({/*withF16=*/true}));
  pm.addPass(createMXExpandMath());
  pm.addPass(arith::createIntRangeOptimizationsPass());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  pm.addPass(createLoopInvariantCodeMotionPass());
  pm.addNestedPass<func::FuncOp>(createMXFlattenKernels());
  // Casts of integers may have become casts to them again.
  pm.addPass(createMXWidenFloats({/*withF16=*/true}));
  pm.addPass(createMXExpandNarrowFloats());
  pm.addPass(createCSEPass());
  pm.addPass(createGpuLaunchSinkIndexComputationsPass());
  pm.addPass(createGpuKernelOutliningPass());
  pm.addPass(createMXCallKernels());
  pm.addPass(createConvertMXToSPIRV());
}
