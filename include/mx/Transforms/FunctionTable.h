// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Functions that passes outline ops into: one for all ops that are the same.
#ifndef MX_TRANSFORMS_FUNCTIONTABLE_H
#define MX_TRANSFORMS_FUNCTIONTABLE_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/SymbolTable.h"
#include "llvm/ADT/StringMap.h"

namespace mlir::mx {

class FunctionTable {
public:
  explicit FunctionTable(ModuleOp module) : symbols(module) {}

  /// A private function without a body, named as it should be called.
  static func::FuncOp create(Location loc, StringRef name, TypeRange arguments,
                             TypeRange results);

  /// The function of the table that is equal to `function` but for its name, or
  /// `function` itself, which then is new in the module.
  func::FuncOp insert(func::FuncOp function);

  size_t size() const { return functions.size(); }

private:
  SymbolTable symbols;
  llvm::StringMap<func::FuncOp> functions;
};

} // namespace mlir::mx

#endif // MX_TRANSFORMS_FUNCTIONTABLE_H
