// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "InnerProduct.h"
#include "PackedPairs.h"
#include "mx/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Interfaces/ValueBoundsOpInterface.h"

namespace mlir::mx {
#define GEN_PASS_DEF_MXFORMMMA
#include "mx/Transforms/Passes.h.inc"
} // namespace mlir::mx

using namespace mlir;
using namespace mlir::mx;

namespace {
struct FormMMA : mlir::mx::impl::MXFormMMABase<FormMMA> {
  void runOnOperation() override {
    SmallVector<ContractOp> tiles;
    getOperation()->walk([&](ContractOp op) {
      if (op->hasAttr(kRegisterTileAttr) &&
          isa<MemRefType>(op.getInit().getType()))
        tiles.push_back(op);
    });
    TargetAttr target = TargetAttr::get(getOperation());
    for (ContractOp op : tiles) {
      FailureOr<MatmulDims> dims =
          getMatmulDims(getMapOfPairs(op.getLhsMap()),
                        getMapOfPairs(op.getRhsMap()), op.getInitMap());
      OpBuilder b(op);
      std::unique_ptr<RegisterTile> tile;
      if (succeeded(dims))
        tile = createTile(b, op, *dims, target);
      if (!tile) {
        op.emitOpError("expected a tile of a matrix product: f32 without "
                       "scales, f32 and codes of 8 bits, or bf16, or integers "
                       "in blocks with f32 scales, grouped for the target's "
                       "dot product");
        return signalPassFailure();
      }
      linalg::GenericOp fill = getFill(op);
      if (fill && tile->hasVectorsOfColumns()) {
        tile->setInit(*linalg::isaFillOpInterface(fill));
        fill.erase();
      }
      lowerTile(b, *tile, op, *dims, target);
      op.erase();
    }
  }

  /// What fills the result of `op` right before it, if anything does.
  static linalg::GenericOp getFill(ContractOp op) {
    Operation *before = op->getPrevNode();
    while (before && isMemoryEffectFree(before))
      before = before->getPrevNode();
    auto fill = dyn_cast_or_null<linalg::GenericOp>(before);
    return fill && linalg::isaFillOpInterface(fill) &&
                   fill.getOutputs().front() == op.getInit() &&
                   fill.getIndexingMapsArray().back().isPermutation()
               ? fill
               : linalg::GenericOp();
  }

  static std::unique_ptr<RegisterTile> createTile(OpBuilder &b, ContractOp op,
                                                  const MatmulDims &dims,
                                                  TargetAttr target) {
    int64_t lanes = target.getLanes();
    if (!getElementTypeOrSelf(op.getInit().getType()).isF32())
      return nullptr;
    if (auto tile = createFMATile(b, op, dims, lanes))
      return tile;
    if (auto tile =
            createFloatDotTile(b, op, dims, lanes, target.getFloatDot()))
      return tile;
    if (auto tile = createDotTile(b, op, dims, target))
      return tile;
    if (auto tile = createInnerProductTile(b, op, dims, target))
      return tile;
    return createDecodingTile(b, op, dims, target);
  }

  /// The most rows of the tile: those of its kind, or what the loop around it
  /// says.
  static int64_t getMaxRows(RegisterTile &builder, ContractOp op, unsigned rows,
                            TargetAttr target) {
    unsigned position = *op.getInitMap().getResultPosition(
        getAffineDimExpr(rows, op.getContext()));
    FailureOr<int64_t> bound = ValueBoundsConstraintSet::computeConstantBound(
        presburger::BoundType::UB, {op.getInit(), position},
        /*stopCondition=*/nullptr, /*closedUB=*/true);
    int64_t most = builder.getMaxRows(target);
    return succeeded(bound) ? std::clamp<int64_t>(*bound, 1, most) : most;
  }

  /// One version of the tile's code for every number of rows that can occur,
  /// for all columns and, where it can occur, for fewer.
  static void lowerTile(OpBuilder &b, RegisterTile &builder, ContractOp op,
                        const MatmulDims &dims, TargetAttr target) {
    SmallVector<int64_t> extents = op.getStaticLoopRanges();
    int64_t rows = dims.rows ? extents[*dims.rows] : 1;
    if (!ShapedType::isDynamic(rows))
      return lowerRows(b, builder, rows, extents[dims.columns], dims, target);
    int64_t maxRows = getMaxRows(builder, op, *dims.rows, target);
    Value found = builder.getExtent(*dims.rows);
    SmallVector<int64_t> cases;
    for (int64_t count = 1; count < maxRows; ++count)
      cases.push_back(count);
    auto choice = scf::IndexSwitchOp::create(b, op.getLoc(), TypeRange(), found,
                                             cases, cases.size());
    for (int64_t count = 1; count <= maxRows; ++count) {
      Region &region = count < maxRows ? choice.getCaseRegions()[count - 1]
                                       : choice.getDefaultRegion();
      b.setInsertionPointToStart(&region.emplaceBlock());
      lowerRows(b, builder, count, extents[dims.columns], dims, target);
      scf::YieldOp::create(b, op.getLoc());
    }
  }

  static void lowerRows(OpBuilder &b, RegisterTile &builder, int64_t rows,
                        int64_t columns, const MatmulDims &dims,
                        TargetAttr target) {
    if (!builder.hasVectorsOfColumns())
      return builder.build(rows, /*vectors=*/0, {});
    int64_t lanes = target.getLanes();
    int64_t most = target.getRegisterTile().second;
    auto buildPartial = [&](Value found, int64_t vectors) {
      SmallVector<Value> masks;
      for (int64_t i = 0; i < vectors; ++i)
        masks.push_back(builder.getMask(found, i));
      builder.build(rows, vectors, masks);
    };
    if (!ShapedType::isDynamic(columns)) {
      if (columns % lanes == 0)
        return builder.build(rows, columns / lanes, {});
      return buildPartial(builder.index(columns),
                          llvm::divideCeil(columns, lanes));
    }
    Value found = builder.getExtent(dims.columns);
    Location loc = found.getLoc();
    Value all = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, found,
                                      builder.index(most));
    auto choice = scf::IfOp::create(b, loc, all, /*withElseRegion=*/true);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(choice.thenBlock());
    builder.build(rows, most / lanes, {});
    b.setInsertionPointToStart(choice.elseBlock());
    buildPartial(found, most / lanes);
  }
};
} // namespace
