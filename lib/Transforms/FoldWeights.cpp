// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Transforms/ConstantResources.h"
#include "mx/Transforms/ConstantScalar.h"
#include "mx/Transforms/Passes.h"
#include "mx/Transforms/QuantizeConstant.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/Remarks.h"
#include "llvm/ADT/bit.h"

#define DEBUG_TYPE "mx-fold-weights"

namespace mlir::mx {
#define GEN_PASS_DEF_MXFOLDWEIGHTS
#include "mx/Transforms/Passes.h.inc"
} // namespace mlir::mx

using namespace mlir;
using namespace mlir::mx;

namespace {
struct FoldWeights : mlir::mx::impl::MXFoldWeightsBase<FoldWeights> {
  void runOnOperation() override {
    SmallVector<QuantizeOp> ops;
    getOperation()->walk([&](QuantizeOp op) { ops.push_back(op); });
    ResourceUses uses(getOperation());
    IRRewriter rewriter(&getContext());
    for (QuantizeOp op : ops)
      fold(rewriter, op, uses);
  }

private:
  void fold(IRRewriter &rewriter, QuantizeOp op, ResourceUses &uses);
};
} // namespace

/// Makes the tensor of rank 0 `value` a constant for all its users.
static void foldScalar(RewriterBase &rewriter, Value value, float number) {
  if (matchPattern(value, m_Constant()))
    return;
  rewriter.setInsertionPointAfterValue(value);
  auto attribute = DenseElementsAttr::get(cast<ShapedType>(value.getType()),
                                          ArrayRef<float>(number));
  rewriter.replaceAllUsesWith(
      value,
      arith::ConstantOp::create(rewriter, value.getLoc(), attribute));
}

void FoldWeights::fold(IRRewriter &rewriter, QuantizeOp op,
                       ResourceUses &uses) {
  Location loc = op.getLoc();
  if (!op.hasPureTensorSemantics())
    return;
  std::optional<ConstantView> view = getConstantView(op.getInput());
  // Without elements there is nothing to gain, and without a dimension there is
  // nothing to pack.
  if (!view || !view->getNumElements() || view->shape.empty())
    return;
  std::optional<float> global;
  Operation *globalOp = nullptr;
  if (Value scale = op.getGlobalScale()) {
    std::optional<uint32_t> bits = getConstantScalar(scale);
    if (!bits) {
      remark::missed(loc,
                     remark::RemarkOpts::name("NotFolded").category(DEBUG_TYPE))
          << remark::reason("the input is constant, its global scale is not");
      return;
    }
    global = llvm::bit_cast<float>(*bits);
    globalOp = scale.getDefiningOp();
    foldScalar(rewriter, scale, *global);
  }

  auto elementType = cast<RankedTensorType>(op.getElements().getType());
  auto scaleType = cast<RankedTensorType>(op.getScales().getType());
  QuantizedConstant constant = quantizeConstant(op, *view, global);
  auto inputType = cast<ShapedType>(op.getInput().getType());
  int64_t before =
      view->getNumElements() * inputType.getElementTypeBitWidth() / 8;
  int64_t after =
      constant.elements.getData().size() + constant.scales.getData().size();

  rewriter.setInsertionPoint(op);
  SmallVector<Value> results = {
      createElements(rewriter, loc, elementType.clone(view->shape),
                     std::move(constant.elements)),
      createConstant(
          rewriter, loc,
          scaleType.clone(getScaleShape(op.getScaleMap(), view->shape)),
          std::move(constant.scales), "mx_scales")};
  for (auto [result, type] : llvm::zip_equal(results, op->getResultTypes()))
    if (result.getType() != type)
      result = tensor::CastOp::create(rewriter, loc, type, result);
  rewriter.replaceAllUsesWith(op->getResults(), results);
  // The view may own or alias what is freed now.
  view.reset();
  int64_t freed = uses.eraseWithOperands(rewriter, op);
  if (globalOp && isOpTriviallyDead(globalOp))
    freed += uses.eraseWithOperands(rewriter, globalOp);
  freedBytes += freed;
  ++numFolded;
  foldedBytes += after;
  remark::passed(loc, remark::RemarkOpts::name("Folded").category(DEBUG_TYPE))
      << remark::metric("BytesBefore", before)
      << remark::metric("BytesAfter", after)
      << remark::metric("BytesFreed", freed);
}
