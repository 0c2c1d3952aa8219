// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Transforms/LibraryPasses.h"
#include "mx/Transforms/SizeFunction.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

namespace mlir::mx {
#define GEN_PASS_DEF_MXDERIVERESULTSHAPES
#include "mx/Transforms/LibraryPasses.h.inc"
} // namespace mlir::mx

using namespace mlir;
using namespace mlir::mx;

/// The extents of what `op` returns, computed before it.
static SmallVector<Value> getExtents(func::ReturnOp op) {
  OpBuilder b(op);
  SmallVector<Value> extents;
  for (Value result : op.getOperands()) {
    auto type = cast<MemRefType>(result.getType());
    for (int64_t dim = 0; dim < type.getRank(); ++dim)
      extents.push_back(
          b.createOrFold<memref::DimOp>(op.getLoc(), result, dim));
  }
  return extents;
}

/// Makes what is returned again another value: buffer-results-to-out-params
/// would erase its allocation twice.
static void separateResults(func::ReturnOp op) {
  OpBuilder b(op);
  llvm::SmallPtrSet<Value, 4> seen;
  for (OpOperand &operand : op->getOpOperands())
    if (Value result = operand.get(); !seen.insert(result).second)
      operand.set(
          memref::CastOp::create(b, op.getLoc(), result.getType(), result));
}

namespace {
struct DeriveResultShapes
    : mlir::mx::impl::MXDeriveResultShapesBase<DeriveResultShapes> {
  void runOnOperation() override {
    for (auto function :
         llvm::make_early_inc_range(getOperation().getOps<func::FuncOp>())) {
      if (!function.isPublic() || function.isExternal())
        continue;
      if (!function.getBody().hasOneBlock() ||
          !llvm::all_of(function.getResultTypes(), llvm::IsaPred<MemRefType>)) {
        function.emitError("expected a function of one block that returns "
                           "ranked memrefs, found another");
        return signalPassFailure();
      }
      auto end = cast<func::ReturnOp>(function.front().getTerminator());
      SmallVector<Value> extents = getExtents(end);
      if (failed(createSizeFunction(function, function.getSymName() + "_shapes",
                                    extents)))
        return signalPassFailure();
      for (Value extent : extents)
        if (extent.use_empty() && extent.getDefiningOp<memref::DimOp>())
          extent.getDefiningOp()->erase();
      separateResults(end);
    }
  }
};
} // namespace
