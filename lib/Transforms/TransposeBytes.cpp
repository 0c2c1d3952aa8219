// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

namespace mlir::mx {
#define GEN_PASS_DEF_MXTRANSPOSEBYTES
#include "mx/Transforms/Passes.h.inc"
} // namespace mlir::mx

using namespace mlir;

/// Bytes of a vector: every machine has registers that wide.
static constexpr int64_t kWidth = 16;

namespace {
/// A copy whose input has the output's last but one dimension innermost.
class ByteTranspose {
public:
  ByteTranspose(OpBuilder &b, linalg::GenericOp op)
      : b(b), loc(op.getLoc()), op(op), input(op.getInputs().front()),
        output(op.getOutputs().front()),
        inputMap(op.getIndexingMapsArray().front()), rank(op.getNumLoops()) {}

  /// Whether `op` is such a copy, of how many columns if there are all.
  static std::optional<int64_t> getColumns(linalg::GenericOp op);

  /// Moves `columns` columns.
  void build(int64_t columns);

private:
  Value index(int64_t value) {
    return arith::ConstantIndexOp::create(b, loc, value);
  }
  /// Elements from the input's innermost dimension at `row` of the output's
  /// last but one dimension and the given column.
  Value loadRow(SmallVector<Value> position, Value row, int64_t column);
  void storeColumns(SmallVector<Value> position, Value row,
                    ArrayRef<Value> vectors, int64_t columns);
  void moveOne(SmallVector<Value> position, Value row, int64_t columns);
  SmallVector<Value> getInputIndices(ArrayRef<Value> position);

  OpBuilder &b;
  Location loc;
  linalg::GenericOp op;
  Value input, output;
  AffineMap inputMap;
  unsigned rank;
};
} // namespace

std::optional<int64_t> ByteTranspose::getColumns(linalg::GenericOp op) {
  if (!op.hasPureBufferSemantics() || op.getNumDpsInputs() != 1 ||
      op.getNumDpsInits() != 1 || op.getNumLoops() < 2 ||
      op.getNumParallelLoops() != op.getNumLoops() ||
      op.getBody()->getTerminator()->getOperand(0) !=
          op.getBody()->getArgument(0))
    return std::nullopt;
  auto input = dyn_cast<MemRefType>(op.getInputs().front().getType());
  auto output = cast<MemRefType>(op.getOutputs().front().getType());
  AffineMap map = op.getIndexingMapsArray().front();
  unsigned rank = op.getNumLoops();
  if (!input || input.getElementTypeBitWidth() != 8 ||
      input.getElementType() != output.getElementType() ||
      !op.getIndexingMapsArray().back().isIdentity() || !map.isPermutation() ||
      map.getResults().back() != getAffineDimExpr(rank - 2, op.getContext()) ||
      !input.isLastDimUnitStride() || !output.isLastDimUnitStride())
    return std::nullopt;
  int64_t columns = output.getShape().back();
  if (ShapedType::isDynamic(columns))
    if (auto part = op.getOutputs().front().getDefiningOp<memref::SubViewOp>())
      columns = part.getSourceType().getShape().back();
  if (ShapedType::isDynamic(columns) || columns < 4 || columns > 64 ||
      !llvm::isPowerOf2_64(columns))
    return std::nullopt;
  return columns;
}

SmallVector<Value> ByteTranspose::getInputIndices(ArrayRef<Value> position) {
  SmallVector<Value> indices;
  for (AffineExpr expr : inputMap.getResults())
    indices.push_back(position[cast<AffineDimExpr>(expr).getPosition()]);
  return indices;
}

Value ByteTranspose::loadRow(SmallVector<Value> position, Value row,
                             int64_t column) {
  position[rank - 2] = row;
  position[rank - 1] = index(column);
  Type element = cast<MemRefType>(input.getType()).getElementType();
  Value codes =
      vector::LoadOp::create(b, loc, VectorType::get({kWidth}, element), input,
                             getInputIndices(position));
  return arith::BitcastOp::create(
      b, loc, VectorType::get({kWidth}, b.getI8Type()), codes);
}

void ByteTranspose::storeColumns(SmallVector<Value> position, Value row,
                                 ArrayRef<Value> vectors, int64_t columns) {
  Type element = cast<MemRefType>(output.getType()).getElementType();
  int64_t size = std::min(kWidth, columns);
  for (auto [number, bytes] : llvm::enumerate(vectors)) {
    Value codes = arith::BitcastOp::create(
        b, loc, VectorType::get({kWidth}, element), bytes);
    for (int64_t offset = 0; offset < kWidth; offset += size) {
      int64_t at = number * kWidth + offset;
      position[rank - 2] =
          arith::AddIOp::create(b, loc, row, index(at / columns));
      position[rank - 1] = index(at % columns);
      Value part = codes;
      if (size < kWidth)
        part = vector::ExtractStridedSliceOp::create(
            b, loc, codes, ArrayRef<int64_t>{offset}, ArrayRef<int64_t>{size},
            ArrayRef<int64_t>{1});
      vector::StoreOp::create(b, loc, part, output, position);
    }
  }
}

void ByteTranspose::moveOne(SmallVector<Value> position, Value row,
                            int64_t columns) {
  position[rank - 2] = row;
  for (int64_t column = 0; column < columns; ++column) {
    position[rank - 1] = index(column);
    Value code =
        memref::LoadOp::create(b, loc, input, getInputIndices(position));
    memref::StoreOp::create(b, loc, code, output, position);
  }
}

void ByteTranspose::build(int64_t columns) {
  OpBuilder::InsertionGuard guard(b);
  SmallVector<Value> position(rank);
  for (unsigned dim = 0; dim + 2 < rank; ++dim) {
    Value extent = b.createOrFold<memref::DimOp>(loc, output, dim);
    auto loop = scf::ForOp::create(b, loc, index(0), extent, index(1));
    b.setInsertionPointToStart(loop.getBody());
    position[dim] = loop.getInductionVar();
  }
  Value extent = b.createOrFold<memref::DimOp>(loc, output, rank - 2);
  Value width = index(kWidth);
  Value whole = arith::MulIOp::create(
      b, loc, arith::DivUIOp::create(b, loc, extent, width), width);
  auto rest = scf::ForOp::create(b, loc, whole, extent, index(1));
  b.setInsertionPoint(rest);
  auto loop = scf::ForOp::create(b, loc, index(0), whole, width);
  b.setInsertionPointToStart(rest.getBody());
  moveOne(position, rest.getInductionVar(), columns);

  b.setInsertionPointToStart(loop.getBody());
  Value row = loop.getInductionVar();
  SmallVector<Value> vectors;
  for (int64_t column = 0; column < columns; ++column)
    vectors.push_back(loadRow(position, row, column));
  // Each round interleaves the first half of all bytes with the second, which
  // moves one bit of the column from the top of a byte's number to its end.
  SmallVector<int64_t> low, high;
  for (int64_t i = 0; i < kWidth / 2; ++i) {
    low.append({i, kWidth + i});
    high.append({kWidth / 2 + i, kWidth + kWidth / 2 + i});
  }
  for (int64_t rounds = columns; rounds > 1; rounds /= 2) {
    SmallVector<Value> next;
    for (int64_t i = 0; i < columns / 2; ++i)
      for (ArrayRef<int64_t> mask : {low, high})
        next.push_back(vector::ShuffleOp::create(
            b, loc, vectors[i], vectors[i + columns / 2], mask));
    vectors = next;
  }
  storeColumns(position, row, vectors, columns);
}

namespace {
struct TransposeBytes : mlir::mx::impl::MXTransposeBytesBase<TransposeBytes> {
  void runOnOperation() override {
    SmallVector<linalg::GenericOp> ops;
    getOperation().walk([&](linalg::GenericOp op) { ops.push_back(op); });
    for (linalg::GenericOp op : ops)
      if (std::optional<int64_t> columns = ByteTranspose::getColumns(op))
        transpose(op, *columns);
  }

  void transpose(linalg::GenericOp op, int64_t columns) {
    ++numTransposed;
    OpBuilder b(op);
    Location loc = op.getLoc();
    Value output = op.getOutputs().front();
    int64_t last = op.getNumLoops() - 1;
    bool isDynamic = cast<MemRefType>(output.getType()).isDynamicDim(last);
    if (isDynamic) {
      Value found = memref::DimOp::create(b, loc, output, last);
      Value all = arith::CmpIOp::create(
          b, loc, arith::CmpIPredicate::eq, found,
          arith::ConstantIndexOp::create(b, loc, columns));
      auto choice = scf::IfOp::create(b, loc, all, /*withElseRegion=*/true);
      op->moveBefore(choice.elseBlock()->getTerminator());
      b.setInsertionPointToStart(choice.thenBlock());
    }
    ByteTranspose(b, op).build(columns);
    if (!isDynamic)
      op.erase();
  }
};
} // namespace
