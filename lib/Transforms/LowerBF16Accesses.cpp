// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Transforms/Passes.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/PatternMatch.h"

namespace mlir::mx {
#define GEN_PASS_DEF_MXLOWERBF16ACCESSES
#include "mx/Transforms/Passes.h.inc"
} // namespace mlir::mx

using namespace mlir;

/// The type of the bits of a bf16 or a vector of them, else nothing.
static Type getBitsType(Type type) {
  Type bits = IntegerType::get(type.getContext(), 16);
  if (type.isBF16())
    return bits;
  auto vector = dyn_cast<VectorType>(type);
  if (vector && vector.getElementType().isBF16())
    return vector.clone(bits);
  return {};
}

namespace {
struct LowerBF16Accesses
    : mlir::mx::impl::MXLowerBF16AccessesBase<LowerBF16Accesses> {
  void runOnOperation() override {
    OpBuilder b(&getContext());
    getOperation()->walk([&](LLVM::LoadOp load) {
      Type type = load.getType(), bits = getBitsType(type);
      if (!bits)
        return;
      load.getResult().setType(bits);
      b.setInsertionPointAfter(load);
      auto value = LLVM::BitcastOp::create(b, load.getLoc(), type, load);
      load.getResult().replaceAllUsesExcept(value, value);
    });
    getOperation()->walk([&](LLVM::StoreOp store) {
      Type bits = getBitsType(store.getValue().getType());
      if (!bits)
        return;
      b.setInsertionPoint(store);
      store.getValueMutable().assign(LLVM::BitcastOp::create(
          b, store.getLoc(), bits, store.getValue()));
    });
  }
};
} // namespace
