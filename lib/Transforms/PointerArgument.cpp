// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "PointerArgument.h"

using namespace mlir;
using namespace mlir::mx;

/// The function that `call` names, if it does.
static LLVM::LLVMFuncOp getCallee(const SymbolTable &symbols,
                                  LLVM::CallOp call) {
  std::optional<StringRef> name = call.getCallee();
  return name ? symbols.lookup<LLVM::LLVMFuncOp>(*name) : LLVM::LLVMFuncOp();
}

FunctionSet mlir::mx::addCallers(ModuleOp module, FunctionSet functions) {
  SymbolTable symbols(module);
  DenseMap<Operation *, SmallVector<LLVM::LLVMFuncOp>> callers;
  module.walk([&](LLVM::CallOp call) {
    if (LLVM::LLVMFuncOp callee = getCallee(symbols, call))
      callers[callee].push_back(call->getParentOfType<LLVM::LLVMFuncOp>());
  });
  for (size_t next = 0; next < functions.size(); ++next)
    for (LLVM::LLVMFuncOp caller : callers.lookup(functions[next]))
      functions.insert(caller);
  return functions;
}

/// Adds a last argument. (insertArgument fails where nothing is returned.)
static void addArgument(LLVM::LLVMFuncOp function, Type type) {
  LLVM::LLVMFunctionType old = function.getFunctionType();
  SmallVector<Type> parameters(old.getParams());
  parameters.push_back(type);
  function.setFunctionType(LLVM::LLVMFunctionType::get(
      old.getReturnType(), parameters, old.isVarArg()));
  function.getBody().addArgument(type, function.getLoc());
  if (ArrayAttr attributes = function.getArgAttrsAttr()) {
    SmallVector<Attribute> extended(attributes.begin(), attributes.end());
    extended.push_back(DictionaryAttr::get(function.getContext()));
    function.setArgAttrsAttr(ArrayAttr::get(function.getContext(), extended));
  }
}

void mlir::mx::addPointerArgument(ModuleOp module,
                                  const FunctionSet &functions) {
  auto pointer = LLVM::LLVMPointerType::get(module.getContext());
  FunctionSet extended = functions;
  for (auto function : module.getOps<LLVM::LLVMFuncOp>())
    if (function.isPublic() && !function.isExternal())
      extended.insert(function);
  for (LLVM::LLVMFuncOp function : extended)
    addArgument(function, pointer);
  SymbolTable symbols(module);
  for (LLVM::LLVMFuncOp function : extended)
    function.walk([&](LLVM::CallOp call) {
      if (LLVM::LLVMFuncOp callee = getCallee(symbols, call);
          callee && extended.contains(callee))
        call.getCalleeOperandsMutable().append(function.getArguments().back());
    });
}
