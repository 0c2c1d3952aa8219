// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// #mx.target: its verifier, and what follows from its numbers.
#include "mx/IR/MX.h"

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::mx;

LogicalResult TargetAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                 int64_t vectorBits, int64_t vectorRegisters,
                                 ArrayRef<int64_t> caches) {
  if (vectorBits < 32 || !llvm::isPowerOf2_64(vectorBits))
    return emitError() << "expected vector_bits to be a power of two from 32 "
                          "on, found "
                       << vectorBits;
  if (vectorRegisters < 8)
    return emitError() << "expected at least 8 vector_registers, found "
                       << vectorRegisters;
  if (caches.empty() || caches.front() <= 0 || !llvm::is_sorted(caches))
    return emitError() << "expected caches of positive, ascending sizes";
  return success();
}

TargetAttr TargetAttr::get(Operation *op) {
  while (op) {
    if (auto target = op->getAttrOfType<TargetAttr>(kName))
      return target;
    if (!op->getParentOp())
      break;
    op = op->getParentOp();
  }
  return get(op->getContext(), 128, 16, {32 << 10, 256 << 10});
}

std::pair<int64_t, int64_t> TargetAttr::getRegisterTile() const {
  // Two vectors of columns; beside the tile, registers hold one row of the
  // other factor and a broadcast element.
  constexpr int64_t kVectors = 2;
  int64_t rows = (getVectorRegisters() - kVectors - 1) / kVectors;
  return {rows, kVectors * getLanes()};
}

int64_t TargetAttr::getPanelRows(int64_t columns, size_t level) const {
  int64_t cache = getCaches()[std::min(level, getCaches().size() - 1)];
  return std::max<int64_t>(cache / 2 / (columns * 4) / 128 * 128, 128);
}
