// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "RowReduction.h"
#include "mx/IR/MX.h"
#include "mx/Transforms/Passes.h"

#include "mlir/Analysis/SliceAnalysis.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

#include <numeric>

namespace mlir::mx {
#define GEN_PASS_DEF_MXREDUCEROWS
#include "mx/Transforms/Passes.h.inc"
} // namespace mlir::mx

using namespace mlir;
using namespace mlir::mx;

/// Elements of a vector that is worth its shuffles, and of a row of which what
/// brings its parts together counts. All loads of a group of rows are one block
/// of code.
static constexpr int64_t kLeast = 4, kMost = 128;

/// Whether the order and grouping of operands leave the bits of the result as
/// they are.
static bool isAssociative(Operation *op) {
  return isa<arith::AddIOp, arith::MulIOp, arith::AndIOp, arith::OrIOp,
             arith::XOrIOp, arith::MaxSIOp, arith::MaxUIOp, arith::MinSIOp,
             arith::MinUIOp>(op);
}

/// Whether memory holds vectors of `type` as it holds its elements.
static bool isContiguous(Type type) {
  return type.isSignlessIntOrFloat() &&
         llvm::is_contained({8u, 16u, 32u, 64u}, type.getIntOrFloatBitWidth());
}

/// Whether `op` computes a number from numbers, each lane of vectors for
/// itself.
static bool isScalar(Operation *op) {
  auto isNumber = [](Type type) { return type.isSignlessIntOrIndexOrFloat(); };
  return op->getNumResults() == 1 && isNumber(op->getResult(0).getType()) &&
         llvm::all_of(op->getOperandTypes(), isNumber) &&
         (OpTrait::hasElementwiseMappableTraits(op) ||
          op->hasTrait<OpTrait::ConstantLike>());
}

FailureOr<RowReduction> RowReduction::get(linalg::GenericOp op, int64_t lanes) {
  SmallVector<unsigned> reductions;
  op.getReductionDims(reductions);
  if (!op.hasPureBufferSemantics() || reductions.size() != 1 ||
      op.getNumDpsInits() != 1 || op.getNumLoops() < 2)
    return failure();
  unsigned reduced = reductions.front();
  int64_t extent = op.getStaticLoopRanges()[reduced];
  if (ShapedType::isDynamic(extent))
    return failure();

  auto isRow = [&](OpOperand &operand, unsigned innermost) {
    AffineMap map = op.getMatchingIndexingMap(&operand);
    auto type = dyn_cast<MemRefType>(operand.get().getType());
    return type && isContiguous(type.getElementType()) &&
           map.isProjectedPermutation() && map.getNumResults() &&
           map.getDimPosition(map.getNumResults() - 1) == innermost &&
           type.isLastDimUnitStride();
  };
  OpOperand &init = op.getDpsInitsMutable()[0];
  AffineMap results = op.getMatchingIndexingMap(&init);
  if (results.getNumResults() + 1 != op.getNumLoops() ||
      results.isFunctionOfDim(reduced))
    return failure();
  unsigned rowDim = results.getDimPosition(results.getNumResults() - 1);
  if (!isRow(init, rowDim) ||
      !llvm::all_of(op.getDpsInputOperands(),
                    [&](OpOperand *input) { return isRow(*input, reduced); }))
    return failure();

  SmallVector<Operation *> combiners;
  Value reducedValue =
      matchReduction(op.getRegionOutputArgs(), /*redPos=*/0, combiners);
  if (!reducedValue || combiners.size() != 1 ||
      !isAssociative(combiners.front()))
    return failure();
  for (Operation &inner : op.getBody()->without_terminator())
    if (!isScalar(&inner))
      return failure();

  // One row at a time, a long one, or odd parts are for LLVM to make vectors
  // of.
  int64_t width = std::gcd(extent, lanes);
  if (extent == 0 || extent > kMost || width < kLeast ||
      op.getStaticLoopRanges()[rowDim] == 1)
    return failure();
  return RowReduction(op, combiners.front(), rowDim, extent, width);
}

namespace {
struct ReduceRows : mlir::mx::impl::MXReduceRowsBase<ReduceRows> {
  void runOnOperation() override {
    auto target = mlir::mx::TargetAttr::get(getOperation());
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
