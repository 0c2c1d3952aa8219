// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/IR/MX.h"
#include "mx/Run/Report.h"
#include "mx/Transforms/ElementBytes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

#include <fstream>
#include <sys/resource.h>
#include <unistd.h>

using namespace mlir;
using namespace mlir::mx;

/// Adds the bytes of `constant` to the kind that its first mx user gives it.
static void addConstant(WeightBytes &bytes, arith::ConstantOp constant) {
  auto type = dyn_cast<ShapedType>(constant.getType());
  if (!type)
    return;
  int64_t size = type.getNumElements() *
                 getElementBytes(type.getElementType()).value_or(0);
  for (OpOperand &use : constant->getUses()) {
    if (isa<UnpackElementsOp>(use.getOwner())) {
      bytes.elements += size;
      return;
    }
    auto contract = dyn_cast<ContractOp>(use.getOwner());
    if (!contract)
      continue;
    Value value = use.get();
    if (llvm::is_contained(contract.getLhsScales(), value) ||
        llvm::is_contained(contract.getRhsScales(), value)) {
      bytes.scales += size;
      return;
    }
    bool scaled =
        value == contract.getLhs()
            ? !contract.getLhsScales().empty()
            : value == contract.getRhs() && !contract.getRhsScales().empty();
    if (scaled) {
      bytes.elements += size;
      return;
    }
  }
  bytes.other += size;
}

WeightBytes mlir::mx::measureWeights(ModuleOp module) {
  WeightBytes bytes;
  module.walk(
      [&](arith::ConstantOp constant) { addConstant(bytes, constant); });
  return bytes;
}

int64_t mlir::mx::getResidentBytes() {
  // Pages: total, resident, ... (proc(5), /proc/pid/statm).
  std::ifstream file("/proc/self/statm");
  int64_t total = 0, resident = 0;
  file >> total >> resident;
  return resident * sysconf(_SC_PAGESIZE);
}

int64_t mlir::mx::getPeakBytes() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return int64_t(usage.ru_maxrss) * 1024; // Linux counts kilobytes.
}
