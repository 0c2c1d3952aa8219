// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "BuildGeneric.h"
#include "mx/IR/MX.h"
#include "mx/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/TypeUtilities.h"

namespace mlir::mx {
#define GEN_PASS_DEF_MXWIDENRESULTS
#include "mx/Transforms/Passes.h.inc"
} // namespace mlir::mx

using namespace mlir;
using namespace mlir::mx;

namespace {
struct WidenResults : mlir::mx::impl::MXWidenResultsBase<WidenResults> {
  void runOnOperation() override {
    SmallVector<ContractOp> ops;
    getOperation()->walk([&](ContractOp op) {
      auto type = dyn_cast<RankedTensorType>(op.getInit().getType());
      if (type &&
          (type.getElementType().isF16() || type.getElementType().isBF16()))
        ops.push_back(op);
    });
    for (ContractOp op : ops) {
      widen(op);
      ++numWidened;
    }
  }

  static void widen(ContractOp op) {
    OpBuilder b(op);
    Location loc = op.getLoc();
    Type narrow = getElementTypeOrSelf(op.getInit().getType());
    IRMapping mapping;
    mapping.map(op.getInit(), extend(b, op.getInit()));
    Operation *wide = b.clone(*op, mapping);
    Value sums = wide->getResult(0);
    sums.setType(mapping.lookup(op.getInit()).getType());
    Value rounded =
        castElements(b, loc, sums, narrow, [&](OpBuilder &b, Value value) {
          return arith::TruncFOp::create(b, loc, narrow, value);
        });
    op->replaceAllUsesWith(ValueRange{rounded});
    op.erase();
  }

  /// `init` in f32: filled, if it was.
  static Value extend(OpBuilder &b, Value init) {
    Location loc = init.getLoc();
    auto extendOne = [&](OpBuilder &b, Value value) -> Value {
      return arith::ExtFOp::create(b, loc, b.getF32Type(), value);
    };
    auto fill = init.getDefiningOp<linalg::FillOp>();
    if (!fill)
      return castElements(b, loc, init, b.getF32Type(), extendOne);
    Value empty = tensor::EmptyOp::create(
        b, loc, tensor::getMixedSizes(b, loc, fill.output()), b.getF32Type());
    return linalg::FillOp::create(b, loc, extendOne(b, fill.value()), empty)
        .getResult(0);
  }

  static Value castElements(OpBuilder &b, Location loc, Value source,
                            Type element,
                            function_ref<Value(OpBuilder &, Value)> castOne) {
    auto identity = b.getMultiDimIdentityMap(
        cast<RankedTensorType>(source.getType()).getRank());
    return buildGeneric(b, loc, tensor::getMixedSizes(b, loc, source), element,
                        source, identity,
                        [&](OpBuilder &b, Location, ValueRange args) {
                          return castOne(b, args.front());
                        });
  }
};
} // namespace
