// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Run/Taps.h"
#include "mx/IR/Locations.h"
#include "mx/IR/MX.h"
#include "mx/Transforms/Contraction.h"

#include "mlir/IR/Dominance.h"

using namespace mlir;
using namespace mlir::mx;

ContractionCounts mlir::mx::countContractions(ModuleOp module) {
  ContractionCounts counts;
  module.walk([&](Operation *op) {
    if (isa<ContractOp>(op))
      ++counts.quantized;
    std::string reason;
    if (auto linalgOp = dyn_cast<linalg::LinalgOp>(op))
      if (getContraction(linalgOp, reason) || !reason.empty())
        ++counts.leftAlone;
  });
  return counts;
}

/// The return of a function that has one.
static func::ReturnOp getReturn(func::FuncOp function) {
  auto returns = function.getOps<func::ReturnOp>();
  return llvm::hasSingleElement(returns) ? *returns.begin() : func::ReturnOp();
}

Taps mlir::mx::tapContractions(ModuleOp module, func::FuncOp entry) {
  Taps taps;
  func::ReturnOp end = getReturn(entry);
  DominanceInfo dominance(entry);
  SmallVector<Value> values;
  module.walk([&](Operation *op) {
    std::string reason;
    auto linalgOp = dyn_cast<linalg::LinalgOp>(op);
    if (!isa<ContractOp>(op) && !(linalgOp && getContraction(linalgOp, reason)))
      return;
    if (op->getParentOp() != entry || op->getNumResults() != 1 || !end ||
        !dominance.properlyDominates(op, end)) {
      taps.missed.push_back(op->getLoc());
      return;
    }
    values.push_back(op->getResult(0));
    taps.locations.push_back(describeLocation(op->getLoc()));
  });
  if (values.empty())
    return taps;
  end.getOperandsMutable().append(values);
  entry.setFunctionType(FunctionType::get(
      entry.getContext(), entry.getArgumentTypes(), end.getOperandTypes()));
  return taps;
}
