// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/IR/MX.h"
#include "mx/Transforms/ConstantView.h"
#include "mx/Transforms/OperandQuantizer.h"
#include "mx/Transforms/Passes.h"
#include "mx/Transforms/QuantizePolicy.h"
#include "mx/Transforms/RowGather.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mlir::mx {
#define GEN_PASS_DEF_MXQUANTIZEEMBEDDINGS
#include "mx/Transforms/Passes.h.inc"
} // namespace mlir::mx

using namespace mlir;
using namespace mlir::mx;

/// Whether `op` takes whole rows of its source at a place, or as many, that
/// only the running program knows. At others the slice is a constant itself.
static bool isRowSlice(tensor::ExtractSliceOp op) {
  bool isConstant = llvm::none_of(op.getStaticSizes(), ShapedType::isDynamic) &&
                    llvm::none_of(op.getStaticOffsets(), ShapedType::isDynamic);
  return !isConstant && op.hasUnitStride() && op.getSourceType().getRank() &&
         op.getType().getRank() == op.getSourceType().getRank() &&
         op.getType().getShape().back() ==
             op.getSourceType().getShape().back() &&
         !ShapedType::isDynamic(op.getType().getShape().back());
}

/// The rows that `slice` takes, of `table`, whose blocks lie in rows.
static Value sliceRows(RewriterBase &rewriter, tensor::ExtractSliceOp slice,
                       Value table) {
  SmallVector<OpFoldResult> sizes = slice.getMixedSizes();
  sizes.back() = rewriter.getIndexAttr(
      cast<RankedTensorType>(table.getType()).getShape().back());
  return tensor::ExtractSliceOp::create(rewriter, slice.getLoc(), table,
                                        slice.getMixedOffsets(), sizes,
                                        slice.getMixedStrides());
}

namespace {
struct QuantizeEmbeddings
    : mlir::mx::impl::MXQuantizeEmbeddingsBase<QuantizeEmbeddings> {
  using MXQuantizeEmbeddingsBase::MXQuantizeEmbeddingsBase;

  void runOnOperation() override {
    auto parsed = parseFormat("format", format);
    if (!parsed) {
      getOperation().emitError(getArgument())
          << ": " << llvm::toString(parsed.takeError());
      return signalPassFailure();
    }
    Recipe recipe = getRecipe(&getContext(), *parsed);
    SmallVector<Operation *> ops;
    getOperation().walk([&](Operation *op) {
      if (isa<linalg::GenericOp, tensor::ExtractSliceOp>(op))
        ops.push_back(op);
    });
    OperandQuantizer quantizer;
    IRRewriter rewriter(&getContext());
    for (Operation *op : ops)
      if (auto generic = dyn_cast<linalg::GenericOp>(op))
        rewriteGather(rewriter, generic, recipe, quantizer);
      else if (isRowSlice(cast<tensor::ExtractSliceOp>(op)))
        rewriteSlice(rewriter, cast<tensor::ExtractSliceOp>(op), recipe,
                     quantizer);
  }

  /// Whether `table` is a large constant of floats.
  bool isLarge(Value table) {
    std::optional<ConstantView> view = getConstantView(table);
    return view && view->getNumElements() >= minSize;
  }

  /// The table in blocks along its rows.
  QuantizedOperand quantizeTable(Value table, const Recipe &recipe,
                                 OperandQuantizer &quantizer) {
    auto type = cast<RankedTensorType>(table.getType());
    unsigned rank = type.getRank();
    BlockedDims blocks{BlockedDim{rank - 1}, std::nullopt};
    return quantizer.quantize(
        table, AffineMap::getMultiDimIdentityMap(rank, table.getContext()),
        recipe, blocks, /*isWeight=*/false);
  }

  /// Replaces `op`, which reads rows of `table`, by what `read` reads of the
  /// quantized table, dequantized.
  void rewrite(RewriterBase &rewriter, Operation *op, const Recipe &recipe,
               const QuantizedOperand &quantized,
               function_ref<Value(Value)> read) {
    Location loc = op->getLoc();
    auto type = cast<RankedTensorType>(op->getResultTypes().front());
    unsigned rank = type.getRank();
    rewriter.setInsertionPoint(op);
    Value elements = read(quantized.elements);
    SmallVector<Value> scales = {read(quantized.scales.front())};
    // Blocks are rows of the table's, wherever these go.
    SmallVector<AffineExpr> results;
    for (unsigned dim = 0; dim < rank; ++dim)
      results.push_back(rewriter.getAffineDimExpr(dim));
    results.back() = results.back().floorDiv(recipe.block);
    SmallVector<AffineMap> maps = {
        AffineMap::get(rank, 0, results, &getContext())};
    for (Value scale : llvm::drop_begin(quantized.scales)) {
      scales.push_back(scale);
      maps.push_back(AffineMap::get(rank, 0, &getContext()));
    }
    Value empty = tensor::EmptyOp::create(
        rewriter, loc, tensor::getMixedSizes(rewriter, loc, elements),
        type.getElementType());
    Value result = DequantizeOp::create(
                       rewriter, loc, empty.getType(), elements, scales, empty,
                       rewriter.getAffineMapArrayAttr(maps),
                       quantized.fractionBits
                           ? rewriter.getI64IntegerAttr(*quantized.fractionBits)
                           : IntegerAttr())
                       .getResult(0);
    if (result.getType() != type)
      result = tensor::CastOp::create(rewriter, loc, type, result);
    emitRemark(loc, "rows quantized to ") << stringifyFormat(recipe.format);
    rewriter.replaceOp(op, result);
    ++numRewritten;
  }

  void rewriteGather(RewriterBase &rewriter, linalg::GenericOp op,
                     const Recipe &recipe, OperandQuantizer &quantizer) {
    std::optional<RowGather> gather = getRowGather(op);
    if (!gather) {
      for (auto extract : op.getBody()->getOps<tensor::ExtractOp>())
        if (isLarge(extract.getTensor()))
          emitRemark(extract.getLoc(),
                     "left alone: it does not give whole rows of the constant");
      return;
    }
    if (!isLarge(gather->getTable()))
      return;
    QuantizedOperand quantized =
        quantizeTable(gather->getTable(), recipe, quantizer);
    rewrite(rewriter, op, recipe, quantized,
            [&](Value table) { return gatherRows(rewriter, *gather, table); });
  }

  void rewriteSlice(RewriterBase &rewriter, tensor::ExtractSliceOp op,
                    const Recipe &recipe, OperandQuantizer &quantizer) {
    if (!isLarge(op.getSource()))
      return;
    QuantizedOperand quantized =
        quantizeTable(op.getSource(), recipe, quantizer);
    rewrite(rewriter, op, recipe, quantized,
            [&](Value table) { return sliceRows(rewriter, op, table); });
  }
};
} // namespace
