// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "FailureBranch.h"

#include "mlir/Conversion/LLVMCommon/PrintCallHelper.h"
#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/Dialect/LLVMIR/FunctionCallUtils.h"

using namespace mlir;
using namespace mlir::mx;

LogicalResult mlir::mx::failUnless(ModuleOp module, Operation *op,
                                   function_ref<Value(OpBuilder &)> condition,
                                   StringRef text) {
  Location loc = op->getLoc();
  Block *block = op->getBlock();
  Block *rest = block->splitBlock(op);
  Block *failed = new Block;
  failed->insertBefore(rest);
  OpBuilder b = OpBuilder::atBlockEnd(block);
  Value holds = condition(b);
  LLVM::CondBrOp::create(b, loc, holds, rest, failed);
  b.setInsertionPointToEnd(failed);
  LLVMTypeConverter types(module.getContext());
  FailureOr<LLVM::LLVMFuncOp> abort = LLVM::lookupOrCreateFn(
      b, module, "abort", {}, LLVM::LLVMVoidType::get(module.getContext()));
  if (mlir::failed(abort) || mlir::failed(LLVM::createPrintStrCall(
                                 b, loc, module, "failure", text, types,
                                 /*addNewline=*/false, StringRef("puts"))))
    return failure();
  LLVM::CallOp::create(b, loc, *abort, ValueRange());
  LLVM::UnreachableOp::create(b, loc);
  return success();
}
