// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Stages.h"
#include "mx/Conversion/Passes.h"
#include "mx/Transforms/Passes.h"

#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/GPU/Transforms/Passes.h"
#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Dialect/Math/Transforms/Passes.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;

void mlir::mx::buildKernelStage(OpPassManager &pm) {
  pm.addNestedPass<func::FuncOp>(createMXFormKernels());
  // What the host keeps.
  pm.addNestedPass<func::FuncOp>(createConvertLinalgToLoopsPass());
  pm.addPass(createLowerAffinePass());
  // As arithmetic below, and before functions become arithmetic.
  pm.addPass(math::createMathExtendToSupportedTypes());
  pm.addPass(createMXExpandMath());
  pm.addPass(arith::createIntRangeOptimizationsPass());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  pm.addPass(createLoopInvariantCodeMotionPass());
  pm.addNestedPass<func::FuncOp>(createMXFlattenKernels());
  // Few devices compute in them, and f32 rounds to the same numbers.
  arith::ArithEmulateUnsupportedFloatsOptions floats;
  floats.sourceTypeStrs.assign({"f16", "bf16"});
  floats.targetTypeStr = "f32";
  pm.addPass(arith::createArithEmulateUnsupportedFloats(floats));
  pm.addPass(createMXExpandNarrowFloats());
  pm.addPass(createCSEPass());
  pm.addPass(createGpuLaunchSinkIndexComputationsPass());
  pm.addPass(createGpuKernelOutliningPass());
  pm.addPass(createMXCallKernels());
  pm.addPass(createConvertMXToSPIRV());
}
