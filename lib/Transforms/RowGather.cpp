// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Transforms/RowGather.h"
#include "mx/IR/MX.h"

#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace mlir::mx;

/// Whether `value`, in the body of `op`, is the same along loop `dim`.
static bool isConstantAlong(linalg::GenericOp op, Value value, unsigned dim) {
  if (auto argument = dyn_cast<BlockArgument>(value)) {
    if (argument.getOwner() != op.getBody())
      return true;
    OpOperand *operand = op.getMatchingOpOperand(argument);
    return op.isDpsInput(operand) &&
           !op.getMatchingIndexingMap(operand).isFunctionOfDim(dim);
  }
  Operation *definition = value.getDefiningOp();
  if (definition->getBlock() != op.getBody())
    return !op->isProperAncestor(definition);
  if (auto index = dyn_cast<linalg::IndexOp>(definition))
    return index.getDim() != dim;
  return definition->getNumRegions() == 0 &&
         llvm::all_of(definition->getOperands(), [&](Value operand) {
           return isConstantAlong(op, operand, dim);
         });
}

std::optional<RowGather> mlir::mx::getRowGather(linalg::GenericOp op) {
  if (!op.hasPureTensorSemantics() || op->getNumResults() != 1 ||
      !op.getNumLoops() || op.getNumParallelLoops() != op.getNumLoops() ||
      !op.getMatchingIndexingMap(op.getDpsInitOperand(0)).isIdentity())
    return std::nullopt;
  auto yield = cast<linalg::YieldOp>(op.getBody()->getTerminator());
  auto extract = yield.getOperand(0).getDefiningOp<tensor::ExtractOp>();
  if (!extract || extract->getBlock() != op.getBody() ||
      !extract->hasOneUse() || extract.getIndices().empty() ||
      op->isAncestor(extract.getTensor().getParentRegion()->getParentOp()))
    return std::nullopt;
  unsigned innermost = op.getNumLoops() - 1;
  auto column = extract.getIndices().back().getDefiningOp<linalg::IndexOp>();
  int64_t length = extract.getTensor().getType().getShape().back();
  auto isRow = [&](Value index) {
    return isConstantAlong(op, index, innermost);
  };
  if (!column || column.getDim() != innermost ||
      ShapedType::isDynamic(length) ||
      cast<RankedTensorType>(op->getResultTypes().front()).getShape().back() !=
          length ||
      !llvm::all_of(extract.getIndices().drop_back(), isRow))
    return std::nullopt;
  return RowGather{op, extract};
}

Value mlir::mx::gatherRows(RewriterBase &rewriter, RowGather gather,
                           Value table) {
  linalg::GenericOp op = gather.op;
  OpBuilder::InsertionGuard guard(rewriter);
  rewriter.setInsertionPoint(op);
  auto type = cast<RankedTensorType>(table.getType());
  SmallVector<OpFoldResult> sizes =
      tensor::getMixedSizes(rewriter, op.getLoc(), op.getDpsInits().front());
  sizes.back() = rewriter.getIndexAttr(type.getShape().back());
  Value empty = tensor::EmptyOp::create(rewriter, op.getLoc(), sizes,
                                        type.getElementType());
  auto build = [&](OpBuilder &b, Location loc, ValueRange arguments) {
    IRMapping mapping;
    mapping.map(op.getBody()->getArguments().drop_back(),
                arguments.drop_back());
    for (Operation &inner : op.getBody()->without_terminator())
      if (&inner != gather.extract.getOperation())
        b.clone(inner, mapping);
    SmallVector<Value> indices;
    for (Value index : gather.extract.getIndices())
      indices.push_back(mapping.lookupOrDefault(index));
    Value element = tensor::ExtractOp::create(b, loc, table, indices);
    linalg::YieldOp::create(b, loc, element);
  };
  return linalg::GenericOp::create(
             rewriter, op.getLoc(), empty.getType(), op.getInputs(), empty,
             op.getIndexingMapsArray(), op.getIteratorTypesArray(), build)
      .getResult(0);
}

void mlir::mx::gatherBytes(Operation *root, RewriterBase &rewriter) {
  SmallVector<linalg::GenericOp> ops;
  root->walk([&](linalg::GenericOp op) { ops.push_back(op); });
  for (linalg::GenericOp op : ops) {
    std::optional<RowGather> gather = getRowGather(op);
    auto unpack = gather ? gather->getTable().getDefiningOp<UnpackElementsOp>()
                         : UnpackElementsOp();
    if (!unpack)
      continue;
    Value bytes = gatherRows(rewriter, *gather, unpack.getPacked());
    rewriter.setInsertionPoint(op);
    rewriter.replaceOpWithNewOp<UnpackElementsOp>(
        op, op->getResultTypes().front(), bytes, /*extent=*/Value(),
        unpack.getContainer());
    if (unpack->use_empty())
      rewriter.eraseOp(unpack);
  }
}
