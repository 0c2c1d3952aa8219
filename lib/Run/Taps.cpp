// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Run/Taps.h"
#include "mx/IR/MX.h"
#include "mx/Run/Locations.h"
#include "mx/Transforms/Contraction.h"

using namespace mlir;
using namespace mlir::mx;

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
    locations.push_back(describeLocation(op.getLoc()));
  }
  terminator.getOperandsMutable().assign(values);
  entry.setFunctionType(FunctionType::get(entry.getContext(),
                                          entry.getArgumentTypes(),
                                          ValueRange(values).getTypes()));
  return locations;
}
