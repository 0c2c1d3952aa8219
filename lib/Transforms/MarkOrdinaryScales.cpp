// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Transforms/ConstantResources.h"
#include "mx/Transforms/FoldedScales.h"
#include "mx/Transforms/Passes.h"

#include "mlir/IR/TypeUtilities.h"

namespace mlir::mx {
#define GEN_PASS_DEF_MXMARKORDINARYSCALES
#include "mx/Transforms/Passes.h.inc"
} // namespace mlir::mx

using namespace mlir;
using namespace mlir::mx;

/// Whether there are f8E8M0FNU scales among `scales` and all of these are
/// constants and ordinary.
static bool areOrdinary(ValueRange scales) {
  bool hasAny = false;
  for (Value scale : scales) {
    if (!isa<Float8E8M0FNUType>(getElementTypeOrSelf(scale.getType())))
      continue;
    std::optional<ArrayRef<char>> bytes = getConstantBytes(scale);
    if (!bytes || !llvm::all_of(*bytes, isOrdinaryScale))
      return false;
    hasAny = true;
  }
  return hasAny;
}

namespace {
struct MarkOrdinaryScales
    : mlir::mx::impl::MXMarkOrdinaryScalesBase<MarkOrdinaryScales> {
  void runOnOperation() override {
    getOperation()->walk([&](ContractOp op) {
      bool lhs = areOrdinary(op.getLhsScales());
      bool rhs = areOrdinary(op.getRhsScales());
      if (lhs)
        op.setLhsOrdinaryScales(true);
      if (rhs)
        op.setRhsOrdinaryScales(true);
      numMarked += lhs + rhs;
    });
  }
};
} // namespace
