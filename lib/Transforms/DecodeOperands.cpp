// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "BuildGeneric.h"
#include "mx/IR/MX.h"
#include "mx/IR/ScaleBuilder.h"
#include "mx/IR/ScaleMap.h"
#include "mx/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/TypeUtilities.h"

namespace mlir::mx {
#define GEN_PASS_DEF_MXDECODEOPERANDS
#include "mx/Transforms/Passes.h.inc"
} // namespace mlir::mx

using namespace mlir;
using namespace mlir::mx;

/// The order of `map`'s results that has the result along `dim` last.
static SmallVector<int64_t> getOrder(AffineMap map, unsigned dim) {
  SmallVector<int64_t> order, last;
  for (auto [position, result] : llvm::enumerate(parseMap(map))) {
    bool isLast = result.isDim() && result.terms[0].dim == dim;
    (isLast ? last : order).push_back(position);
  }
  order.append(last);
  return order;
}

/// The f32 values of `elements`, dimensions in the given order.
static Value decode(OpBuilder &b, Location loc, Value elements,
                    const ElementMeaning &meaning, ArrayRef<int64_t> order) {
  SmallVector<OpFoldResult> sizes;
  SmallVector<AffineExpr> source(order.size());
  for (auto [index, position] : llvm::enumerate(order)) {
    sizes.push_back(tensor::getMixedSize(b, loc, elements, position));
    source[position] = b.getAffineDimExpr(index);
  }
  return buildGeneric(b, loc, sizes, b.getF32Type(), elements,
                      AffineMap::get(order.size(), 0, source, b.getContext()),
                      [&](OpBuilder &b, Location loc, ValueRange args) {
                        return decodeElement(b, loc, args[0], meaning);
                      });
}

namespace {
struct DecodeOperands : mlir::mx::impl::MXDecodeOperandsBase<DecodeOperands> {
  void runOnOperation() override {
    getOperation()->walk([](ContractOp op) {
      if (isa<RankedTensorType>(op.getInit().getType()) &&
          !op->hasAttr(kRegisterTileAttr))
        decodeBoth(op);
    });
  }

  static void decodeBoth(ContractOp op) {
    OpBuilder b(op);
    SmallVector<AffineMap> maps = op.getIndexingMapsArray();
    unsigned innermost = UINT_MAX;
    AffineMap init = op.getInitMap();
    if (init.getNumResults())
      innermost = init.getDimPosition(init.getNumResults() - 1);
    auto decodeSide = [&](OpOperand &operand, const ElementMeaning &meaning) {
      Type element = getElementTypeOrSelf(operand.get().getType());
      if (element.isF32() || element.isF16() || element.isBF16())
        return;
      AffineMap &map = maps[operand.getOperandNumber()];
      SmallVector<int64_t> order = getOrder(map, innermost);
      operand.set(decode(b, op.getLoc(), operand.get(), meaning, order));
      SmallVector<AffineExpr> results;
      for (int64_t position : order)
        results.push_back(map.getResult(position));
      map = AffineMap::get(map.getNumDims(), 0, results, map.getContext());
    };
    decodeSide(op.getLhsMutable(), op.getElementMeaning(/*isLhs=*/true));
    decodeSide(op.getRhsMutable(), op.getElementMeaning(/*isLhs=*/false));
    op.removeLhsFractionBitsAttr();
    op.removeRhsFractionBitsAttr();
    op.removeLhsZeroPointAttr();
    op.removeRhsZeroPointAttr();
    op.removeLhsCodesAttr();
    op.removeRhsCodesAttr();
    op.removeLhsOrdinaryScalesAttr();
    op.removeRhsOrdinaryScalesAttr();
    if (op.getCompensation()) {
      op.getCompensationMutable().clear();
      maps.erase(std::prev(maps.end(), 2));
    }
    op.setIndexingMapsAttr(b.getAffineMapArrayAttr(maps));
  }
};
} // namespace
