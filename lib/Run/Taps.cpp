// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Run/Taps.h"
#include "mx/IR/MX.h"
#include "mx/Transforms/Contraction.h"

#include "mlir/Support/DebugStringHelper.h"

using namespace mlir;
using namespace mlir::mx;

/// A location as people name it: a layer's name, or file, line and column.
static std::string describe(Location loc) {
  if (auto name = dyn_cast<NameLoc>(loc))
    return name.getName().str();
  if (auto file = dyn_cast<FileLineColLoc>(loc))
    return (file.getFilename().getValue() + ":" + Twine(file.getLine()) + ":" +
            Twine(file.getColumn()))
        .str();
  return debugString(loc);
}

std::vector<std::string> mlir::mx::tapContractions(func::FuncOp entry) {
  std::vector<std::string> locations;
  auto terminator =
      dyn_cast<func::ReturnOp>(entry.getBody().back().getTerminator());
  if (!terminator || !entry.getBody().hasOneBlock())
    return locations;
  SmallVector<Value> values(terminator.getOperands());
  for (Operation &op : entry.getBody().front()) {
    std::string reason;
    auto linalgOp = dyn_cast<linalg::LinalgOp>(op);
    if (!isa<ContractOp>(op) && !(linalgOp && getContraction(linalgOp, reason)))
      continue;
    if (op.getNumResults() != 1)
      continue;
    values.push_back(op.getResult(0));
    locations.push_back(describe(op.getLoc()));
  }
  terminator.getOperandsMutable().assign(values);
  entry.setFunctionType(FunctionType::get(entry.getContext(),
                                          entry.getArgumentTypes(),
                                          ValueRange(values).getTypes()));
  return locations;
}
