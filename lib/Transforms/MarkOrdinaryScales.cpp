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

/// Whether all f8E8M0FNU scales among `scales` are ordinary; nothing if there
/// are none, or one is no constant.
static std::optional<bool> areOrdinary(ValueRange scales) {
  std::optional<bool> all;
  for (Value scale : scales) {
    if (!isa<Float8E8M0FNUType>(getElementTypeOrSelf(scale.getType())))
      continue;
    std::optional<ArrayRef<char>> bytes = getConstantBytes(scale);
    if (!bytes)
      return std::nullopt;
    all = all.value_or(true) && llvm::all_of(*bytes, isOrdinaryScale);
  }
  return all;
}

namespace {
struct MarkOrdinaryScales
    : mlir::mx::impl::MXMarkOrdinaryScalesBase<MarkOrdinaryScales> {
  void runOnOperation() override {
    getOperation()->walk([&](ContractOp op) {
      std::optional<bool> lhs = areOrdinary(op.getLhsScales());
      std::optional<bool> rhs = areOrdinary(op.getRhsScales());
      if (lhs)
        op.setLhsOrdinaryScales(*lhs);
      if (rhs)
        op.setRhsOrdinaryScales(*rhs);
      numMarked += lhs.value_or(false) + rhs.value_or(false);
    });
  }
};
} // namespace
