// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Stages.h"
#include "mx/Conversion/Passes.h"
#include "mx/Transforms/Passes.h"

#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Dialect/SCF/Transforms/Passes.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;

void mlir::mx::buildCStage(OpPassManager &pm) {
  pm.addPass(createForallToForLoopPass());
  OpPassManager &function = pm.nest<func::FuncOp>();
  function.addPass(createMXLowerMemRefCopy());
  function.addPass(createConvertLinalgToLoopsPass());
  pm.addPass(createLowerAffinePass());
  pm.addPass(createMXWidenFloats({/*withF16=*/true}));
  pm.addPass(createMXExpandMath());
  pm.addPass(createMXExpandNarrowFloats());
  // Divisions of what is not negative, as affine maps have them, need no cases.
  pm.addPass(arith::createIntRangeOptimizationsPass());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  pm.addPass(createLoopInvariantCodeMotionPass());
  // Casts of integers may have become casts to them again.
  pm.addPass(createMXWidenFloats({/*withF16=*/true}));
  pm.addPass(createSymbolDCEPass());
  pm.addPass(createConvertMXToEmitC());
}
