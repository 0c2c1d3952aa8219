// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Stages.h"
#include "mx/Transforms/LibraryPasses.h"
#include "mx/Transforms/Passes.h"

#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/Transforms/Passes.h"
#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Dialect/Math/Transforms/Passes.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;

void mlir::mx::buildLLVMStage(OpPassManager &pm, bool ownMemory) {
  OpPassManager &function = pm.nest<func::FuncOp>();
  // A copy of a strided buffer would become a call into MLIR's C runner.
  function.addPass(createMXLowerMemRefCopy());
  function.addPass(createConvertLinalgToLoopsPass());
  function.addPass(createMXAnnotateLoops());
  function.addPass(createMXLowerDynamicExpandShape());
  pm.addPass(memref::createExpandOpsPass());
  pm.addPass(memref::createExpandStridedMetadataPass());
  pm.addPass(createLowerAffinePass());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  pm.addPass(createLoopInvariantCodeMotionPass());
  pm.addPass(createMXWidenFloats());
  pm.addPass(createMXExpandMath());
  pm.addPass(createMXExpandNarrowFloats());
  pm.addPass(createMXLowerMinMax());
  // f32 to bf16 is a call into the compiler's run-time library where there is
  // no instruction, and flushes subnormals where there is one.
  arith::ArithExpandOpsPassOptions expand;
  expand.includeBf16 = true;
  pm.addPass(arith::createArithExpandOpsPass(expand));
  pm.addPass(createSCFToControlFlowPass());
  pm.addPass(createConvertVectorToLLVMPass());
  pm.addPass(createConvertMathToLLVMPass());
  pm.addPass(createConvertMathToLibmPass());
  pm.addPass(createArithToLLVMConversionPass());
  pm.addPass(createConvertIndexToLLVMPass());
  FinalizeMemRefToLLVMConversionPassOptions memory;
  memory.useGenericFunctions = ownMemory;
  pm.addPass(createFinalizeMemRefToLLVMConversionPass(memory));
  pm.addPass(createConvertControlFlowToLLVMPass());
  pm.addPass(createUBToLLVMConversionPass());
  pm.addPass(createConvertFuncToLLVMPass());
  pm.addPass(createConvertOpenMPToLLVMPass());
  pm.addPass(createReconcileUnrealizedCastsPass());
  pm.addPass(createMXCheckAllocations());
  pm.addPass(createMXLowerLoopAnnotations());
  pm.addPass(createMXLowerBF16Accesses());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  // By now divisors that are constants are seen to be.
  pm.addPass(createMXCheckDivisions());
}
