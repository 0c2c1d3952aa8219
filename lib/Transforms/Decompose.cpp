// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "PackedPairs.h"
#include "mx/IR/MX.h"
#include "mx/Transforms/GenerateSlices.h"
#include "mx/Transforms/Passes.h"
#include "mx/Transforms/RowGather.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/PatternMatch.h"

namespace mlir::mx {
#define GEN_PASS_DEF_MXDECOMPOSE
#include "mx/Transforms/Passes.h.inc"
} // namespace mlir::mx

using namespace mlir;
using namespace mlir::mx;

namespace {
struct Decompose : mlir::mx::impl::MXDecomposeBase<Decompose> {
  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    gatherBytes(getOperation(), rewriter);
    sliceBytes(getOperation(), rewriter);
    readPackedPairs(getOperation(), rewriter);
    SmallVector<linalg::AggregatedOpInterface> ops;
    getOperation()->walk([&](linalg::AggregatedOpInterface op) {
      if (op->hasAttr(kRegisterTileAttr))
        return;
      if (isa_and_nonnull<MXDialect>(op->getDialect()) ||
          isa<linalg::SoftmaxOp>(op))
        ops.push_back(op);
    });
    for (linalg::AggregatedOpInterface op : ops) {
      rewriter.setInsertionPoint(op);
      FailureOr<SmallVector<Value>> values = op.decomposeOperation(rewriter);
      if (failed(values)) {
        op.emitError("has no decomposition in this form");
        return signalPassFailure();
      }
      rewriter.replaceOp(op, *values);
    }
  }
};
} // namespace
