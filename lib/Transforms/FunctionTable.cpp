// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Transforms/FunctionTable.h"

using namespace mlir;
using namespace mlir::mx;

func::FuncOp FunctionTable::create(Location loc, StringRef name,
                                   TypeRange arguments, TypeRange results) {
  OpBuilder b(loc.getContext());
  auto function =
      func::FuncOp::create(loc, name, b.getFunctionType(arguments, results));
  function.setPrivate();
  // Inlined again it would be compiled once per call.
  function->setAttr("passthrough", b.getStrArrayAttr({"noinline"}));
  return function;
}

func::FuncOp FunctionTable::insert(func::FuncOp function) {
  StringAttr name = function.getSymNameAttr();
  function.setSymName("");
  std::string key;
  llvm::raw_string_ostream os(key);
  function->print(os, OpPrintingFlags().useLocalScope());
  func::FuncOp &known = functions[key];
  if (known) {
    function->erase();
    return known;
  }
  function.setSymNameAttr(name);
  symbols.insert(function);
  return known = function;
}
