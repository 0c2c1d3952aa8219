// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/IR/PackElements.h"
#include "mx/Transforms/ConstantScalar.h"
#include "mx/Transforms/Passes.h"
#include "mx/Transforms/QuantizeConstant.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/DialectResourceBlobManager.h"
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

/// Larger constants are resources: these can be freed, and leave the module
/// before it becomes LLVM IR.
constexpr size_t kResourceBytes = 4096;

namespace {
/// Counts the ops that refer to each resource, to free it after the last.
class ResourceUses {
public:
  explicit ResourceUses(Operation *root) {
    root->walk([&](Operation *op) {
      forEachResource(op, [&](DenseResourceElementsHandle handle) {
        ++counts[handle.getResource()];
      });
    });
  }

  /// Erases `op` and the ops that only served it. Returns the bytes freed.
  int64_t eraseWithOperands(RewriterBase &rewriter, Operation *op) {
    SetVector<Operation *> dead;
    dead.insert(op);
    int64_t bytes = 0;
    while (!dead.empty()) {
      Operation *next = dead.pop_back_val();
      SmallVector<Value> operands(next->getOperands());
      forEachResource(next, [&](DenseResourceElementsHandle handle) {
        auto *entry = handle.getResource();
        if (--counts[entry] || !entry->getBlob())
          return;
        bytes += entry->getBlob()->getData().size();
        entry->setBlob(AsmResourceBlob());
      });
      rewriter.eraseOp(next);
      for (Value operand : operands)
        if (Operation *producer = operand.getDefiningOp();
            producer && isOpTriviallyDead(producer))
          dead.insert(producer);
    }
    return bytes;
  }

private:
  static void
  forEachResource(Operation *op,
                  function_ref<void(DenseResourceElementsHandle)> visit) {
    op->getAttrDictionary().walk(
        [&](DenseResourceElementsAttr attr) { visit(attr.getRawHandle()); });
  }

  DenseMap<DialectResourceBlobManager::BlobEntry *, int64_t> counts;
};

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

/// A constant of `type` that takes over `blob`.
static Value createConstant(OpBuilder &b, Location loc, RankedTensorType type,
                            AsmResourceBlob blob, StringRef name) {
  TypedAttr value;
  if (blob.getData().size() > kResourceBytes)
    value = DenseResourceElementsAttr::get(type, name, std::move(blob));
  else
    value = DenseElementsAttr::getFromRawBuffer(type, blob.getData());
  return arith::ConstantOp::create(b, loc, value);
}

/// The tensor of `bytes`, which hold elements of f4 or f6 packed.
static Value createElements(OpBuilder &b, Location loc, RankedTensorType type,
                            AsmResourceBlob blob) {
  if (!isSubByteFloat(type.getElementType()))
    return createConstant(b, loc, type, std::move(blob), "mx_elements");
  Value bytes = createConstant(b, loc, getPackedType(type, Container::Dense),
                               std::move(blob), "mx_elements");
  return UnpackElementsOp::create(b, loc, type, bytes, Value(),
                                  Container::Dense);
}

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
