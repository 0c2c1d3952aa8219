// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "PackedPairs.h"
#include "mx/Transforms/MatmulDims.h"
#include "mx/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/ADT/SetVector.h"

namespace mlir::mx {
#define GEN_PASS_DEF_MXPADPANELS
#include "mx/Transforms/Passes.h.inc"
} // namespace mlir::mx

using namespace mlir;
using namespace mlir::mx;

namespace {
/// The part of a buffer that is in use, and the position of its dimension of
/// columns.
using Panel = std::pair<memref::SubViewOp, unsigned>;

struct PadPanels : mlir::mx::impl::MXPadPanelsBase<PadPanels> {
  void runOnOperation() override {
    llvm::SetVector<Panel> panels;
    getOperation()->walk([&](ContractOp op) {
      if (op->hasAttr(kRegisterTileAttr) &&
          isa<MemRefType>(op.getInit().getType()))
        addPanels(op, panels);
    });
    for (auto [part, columns] : panels)
      pad(part, columns);
  }

  static void addPanels(ContractOp op, llvm::SetVector<Panel> &panels) {
    FailureOr<MatmulDims> dims =
        getMatmulDims(getMapOfPairs(op.getLhsMap()),
                      getMapOfPairs(op.getRhsMap()), op.getInitMap());
    if (failed(dims))
      return;
    AffineExpr columns = getAffineDimExpr(dims->columns, op.getContext());
    // All but the result, which is masked.
    SmallVector<AffineMap> maps = op.getIndexingMapsArray();
    maps.pop_back();
    for (auto [operand, map] : llvm::zip_equal(op.getDpsInputs(), maps)) {
      auto position = map.getResultPosition(columns);
      auto part = operand.getDefiningOp<memref::SubViewOp>();
      if (position && part && needsPadding(part, *position))
        panels.insert({part, *position});
    }
  }

  /// Whether `part` is the first columns of f32 of a buffer, which serves for
  /// nothing else.
  static bool needsPadding(memref::SubViewOp part, unsigned columns) {
    auto alloc = part.getSource().getDefiningOp<memref::AllocOp>();
    MemRefType type = part.getSourceType();
    return alloc && type.getElementType().isF32() &&
           type.getRank() == part.getType().getRank() &&
           !type.isDynamicDim(columns) && part.hasUnitStride() &&
           llvm::all_of(part.getMixedOffsets(), isZeroInteger) &&
           llvm::all_of(alloc->getUsers(), [&](Operation *user) {
             return user == part || isa<memref::DeallocOp>(user);
           });
  }

  /// Makes the columns zero that `part` leaves out.
  static void pad(memref::SubViewOp part, unsigned columns) {
    OpBuilder b(part->getContext());
    b.setInsertionPointAfter(part);
    Location loc = part.getLoc();
    Value zero = arith::ConstantIndexOp::create(b, loc, 0);
    Value one = arith::ConstantIndexOp::create(b, loc, 1);
    SmallVector<OpFoldResult> sizes = part.getMixedSizes();
    SmallVector<Value> begins(sizes.size(), zero), steps(sizes.size(), one),
        ends = getValueOrCreateConstantIndexOp(b, loc, sizes);
    begins[columns] = ends[columns];
    ends[columns] = arith::ConstantIndexOp::create(
        b, loc, part.getSourceType().getDimSize(columns));
    Value padding = arith::ConstantOp::create(b, loc, b.getF32FloatAttr(0));
    scf::buildLoopNest(b, loc, begins, ends, steps,
                       [&](OpBuilder &b, Location loc, ValueRange indices) {
                         memref::StoreOp::create(b, loc, padding,
                                                 part.getSource(), indices);
                       });
  }
};
} // namespace
