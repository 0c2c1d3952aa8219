// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "RowReduction.h"

#include "mlir/Analysis/SliceAnalysis.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/IRMapping.h"

#include <numeric>

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

SmallVector<int64_t> RowReduction::getGroups() {
  int64_t rows = op.getStaticLoopRanges()[rowDim];
  if (ShapedType::isDynamic(rows))
    return {width, 1};
  SmallVector<int64_t> groups;
  for (int64_t group = width; rows; group /= 2) {
    if (group <= rows)
      groups.push_back(group);
    rows %= group;
  }
  return groups;
}

SmallVector<Value> RowReduction::getIndices(OpBuilder &b, AffineMap map,
                                            int64_t row, int64_t column) {
  return llvm::map_to_vector(map.getResults(), [&](AffineExpr expr) -> Value {
    unsigned dim = cast<AffineDimExpr>(expr).getPosition();
    if (!position[dim])
      return arith::ConstantIndexOp::create(b, loc, column);
    if (dim != rowDim || row == 0)
      return position[dim];
    Value offset = arith::ConstantIndexOp::create(b, loc, row);
    return arith::AddIOp::create(b, loc, position[dim], offset);
  });
}

/// `inner` on vectors of `width` elements.
static Value vectorize(OpBuilder &b, Operation *inner, ValueRange operands,
                       int64_t width) {
  Type type = VectorType::get({width}, inner->getResult(0).getType());
  return b
      .create(inner->getLoc(), inner->getName().getIdentifier(), operands, type,
              inner->getAttrs())
      ->getResult(0);
}

Value RowReduction::combine(OpBuilder &b, Value x, Value y) {
  // Not with its flags: sums of parts may overflow where those in order do not.
  return b
      .create(loc, combiner->getName().getIdentifier(), {x, y}, x.getType())
      ->getResult(0);
}

Value RowReduction::load(OpBuilder &b, int64_t row, int64_t column) {
  IRMapping mapping;
  for (OpOperand *input : op.getDpsInputOperands()) {
    Type element = cast<MemRefType>(input->get().getType()).getElementType();
    AffineMap map = op.getMatchingIndexingMap(input);
    mapping.map(op.getMatchingBlockArgument(input),
                vector::LoadOp::create(b, loc, VectorType::get(width, element),
                                       input->get(),
                                       getIndices(b, map, row, column)));
  }
  auto lookup = [&](Value value) {
    if (Value mapped = mapping.lookupOrNull(value))
      return mapped;
    // A number from outside of the body.
    Value splat = vector::BroadcastOp::create(
        b, loc, VectorType::get({width}, value.getType()), value);
    mapping.map(value, splat);
    return splat;
  };
  for (Operation &inner : op.getBody()->without_terminator()) {
    if (&inner == combiner)
      continue;
    if (inner.hasTrait<OpTrait::ConstantLike>()) {
      Value scalar = b.clone(inner)->getResult(0);
      mapping.map(inner.getResult(0), lookup(scalar));
      continue;
    }
    SmallVector<Value> operands = llvm::map_to_vector(
        inner.getOperands(), [&](Value value) { return lookup(value); });
    mapping.map(inner.getResult(0), vectorize(b, &inner, operands, width));
  }
  Value total = op.getRegionOutputArgs().front();
  bool isFirst = combiner->getOperand(0) == total;
  return lookup(combiner->getOperand(isFirst ? 1 : 0));
}

/// Lanes [0, h) of each segment of 2h lanes of two vectors in turn, or lanes
/// [h, 2h): `half` is h, `lanes` the number of a vector's lanes.
static SmallVector<int64_t> getHalves(int64_t lanes, int64_t half, bool upper) {
  SmallVector<int64_t> mask;
  for (int64_t segment = 0; segment < lanes; segment += 2 * half)
    for (int64_t first : {segment, lanes + segment})
      for (int64_t i = 0; i < half; ++i)
        mask.push_back(first + i + (upper ? half : 0));
  return mask;
}

Value RowReduction::merge(OpBuilder &b, int64_t row, int64_t half,
                          int64_t group) {
  if (half == group) {
    Value all = load(b, row, 0);
    for (int64_t column = width; column < extent; column += width)
      all = combine(b, all, load(b, row, column));
    for (int64_t lanes = width / 2; lanes >= group; lanes /= 2) {
      auto part = [&](int64_t first) -> Value {
        return vector::ExtractStridedSliceOp::create(b, loc, all, {first},
                                                     {lanes}, {1});
      };
      all = combine(b, part(0), part(lanes));
    }
    return all;
  }
  Value low = merge(b, row, 2 * half, group);
  Value high = merge(b, row + half, 2 * half, group);
  auto shuffle = [&](bool upper) -> Value {
    return vector::ShuffleOp::create(b, loc, low, high,
                                     getHalves(group, half, upper));
  };
  return combine(b, shuffle(false), shuffle(true));
}

void RowReduction::buildGroup(OpBuilder &b, int64_t group) {
  Value all = merge(b, 0, 1, group);
  Value result = op.getDpsInits().front();
  SmallVector<Value> indices =
      getIndices(b, op.getIndexingMapsArray().back(), 0, 0);
  Value before = vector::LoadOp::create(b, loc, cast<VectorType>(all.getType()),
                                        result, indices);
  vector::StoreOp::create(b, loc, combine(b, all, before), result, indices);
}

void RowReduction::build(OpBuilder &b) {
  OpBuilder::InsertionGuard guard(b);
  Value result = op.getDpsInits().front();
  AffineMap results = op.getIndexingMapsArray().back();
  auto index = [&](int64_t value) -> Value {
    return arith::ConstantIndexOp::create(b, loc, value);
  };
  position.assign(op.getNumLoops(), Value());
  auto addLoop = [&](unsigned dim, Value first, Value end, int64_t step) {
    auto loop = scf::ForOp::create(b, loc, first, end, index(step));
    b.setInsertionPointToStart(loop.getBody());
    position[dim] = loop.getInductionVar();
    return loop;
  };
  for (auto [number, expr] : llvm::enumerate(results.getResults().drop_back()))
    addLoop(cast<AffineDimExpr>(expr).getPosition(), index(0),
            b.createOrFold<memref::DimOp>(loc, result, number), 1);
  Value rows =
      b.createOrFold<memref::DimOp>(loc, result, results.getNumResults() - 1);
  Value first = index(0);
  for (int64_t group : getGroups()) {
    Value left = b.createOrFold<arith::SubIOp>(loc, rows, first);
    Value whole = b.createOrFold<arith::MulIOp>(
        loc, b.createOrFold<arith::DivUIOp>(loc, left, index(group)),
        index(group));
    Value end = b.createOrFold<arith::AddIOp>(loc, first, whole);
    auto loop = addLoop(rowDim, first, end, group);
    buildGroup(b, group);
    b.setInsertionPointAfter(loop);
    first = end;
  }
}
