// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "RowReduction.h"
#include "mx/IR/MX.h"
#include "mx/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

namespace mlir::mx {
#define GEN_PASS_DEF_MXREDUCEROWS
#include "mx/Transforms/Passes.h.inc"
} // namespace mlir::mx

using namespace mlir;
using namespace mlir::mx;

namespace {
struct ReduceRows : mlir::mx::impl::MXReduceRowsBase<ReduceRows> {
  void runOnOperation() override {
    auto target = TargetAttr::get(getOperation());
    SmallVector<linalg::GenericOp> ops;
    getOperation().walk([&](linalg::GenericOp op) { ops.push_back(op); });
    for (linalg::GenericOp op : ops) {
      FailureOr<RowReduction> reduction =
          RowReduction::get(op, target.getLanes());
      if (failed(reduction))
        continue;
      ++numReduced;
      OpBuilder b(op);
      reduction->build(b);
      op.erase();
    }
  }
};
} // namespace
