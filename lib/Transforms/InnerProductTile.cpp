// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "CodeDecoder.h"
#include "InnerProduct.h"
#include "LoopAnnotation.h"
#include "PackedPairs.h"
#include "mx/IR/ScaleMap.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::mx;

/// Products of a row and a column whose sum is added to the result at once: 64
/// for each lane, so that neither these sums nor those of the pieces get long.
static constexpr int64_t kPiece = 1024;

namespace {
class InnerProductTile : public RegisterTile {
public:
  InnerProductTile(OpBuilder &b, ContractOp op, const MatmulDims &dims,
                   TargetAttr target)
      : RegisterTile(b, op, dims, kInnerProductLanes), target(target),
        decoder(CodeDecoder::get(op, dims.columnsAreLhs, target)),
        extent(op.getStaticLoopRanges()[dims.sum]),
        chunk(getInnerProductChunk(op, dims, target)) {}

  int64_t getMaxRows(TargetAttr target) const override {
    return getInnerProductRows(target);
  }
  bool hasVectorsOfColumns() const override { return false; }

  void build(int64_t numRows, int64_t, ArrayRef<Value>) override {
    int64_t width =
        std::max<int64_t>(getInnerProductColumns(numRows, target), 1);
    auto addColumns = [&](Value begin, Value end) {
      forColumns(width, [&](Value column, int64_t count) {
        addPiece(column, count, begin, end, numRows);
      });
    };
    // The rows' factor stays in the first cache, all of it or a piece.
    if (numRows * extent * 4 <= target.getCaches().front() / 2)
      forColumns(width, [&](Value column, int64_t count) {
        forPieces([&](Value begin, Value end) {
          addPiece(column, count, begin, end, numRows);
        });
      });
    else
      forPieces(addColumns);
  }

private:
  void forPieces(function_ref<void(Value, Value)> body) {
    if (extent <= kPiece)
      return body(index(0), index(extent));
    OpBuilder::InsertionGuard guard(b);
    auto loop =
        scf::ForOp::create(b, loc, index(0), index(extent), index(kPiece));
    b.setInsertionPointToStart(loop.getBody());
    Value begin = loop.getInductionVar();
    Value end = arith::AddIOp::create(b, loc, begin, index(kPiece));
    if (extent % kPiece)
      end = arith::MinUIOp::create(b, loc, end, index(extent));
    body(begin, end);
  }

  /// Calls `body` for `width` columns at a time, then for the rest one by one.
  void forColumns(int64_t width, function_ref<void(Value, int64_t)> body) {
    auto build = [&](Value begin, Value end, int64_t count) {
      OpBuilder::InsertionGuard guard(b);
      auto loop = scf::ForOp::create(b, loc, begin, end, index(count));
      annotateLoop(loop, {}, getNoUnrolling(b.getContext()),
                   getNoHoisting(b.getContext()));
      b.setInsertionPointToStart(loop.getBody());
      body(loop.getInductionVar(), count);
    };
    Value all = getExtent(dims.columns), whole = all;
    auto count = getConstantIntValue(all);
    bool isWhole = count ? *count % width == 0 : width == 1;
    if (!isWhole) {
      whole = b.createOrFold<arith::DivUIOp>(loc, all, index(width));
      whole = b.createOrFold<arith::MulIOp>(loc, whole, index(width));
    }
    build(index(0), whole, width);
    if (!isWhole)
      build(whole, all, 1);
  }

  /// Adds the products from `begin` to `end` of the sum to the results of
  /// `count` columns from `column` on.
  void addPiece(Value column, int64_t count, Value begin, Value end,
                int64_t numRows) {
    Value zero = arith::ConstantOp::create(b, loc, b.getZeroAttr(vector));
    SmallVector<Value> sums(numRows * count, zero);
    // Addresses of more rows, twice, are spilled.
    constexpr int64_t kPairRows = 4;
    int64_t step = numRows <= kPairRows && extent % (2 * chunk) == 0 ? 2 : 1;
    auto loop =
        scf::ForOp::create(b, loc, begin, end, index(step * chunk), sums);
    annotateLoop(loop, {}, getNoUnrolling(b.getContext()), {});
    {
      OpBuilder::InsertionGuard guard(b);
      b.setInsertionPointToStart(loop.getBody());
      sums.assign(loop.getRegionIterArgs().begin(),
                  loop.getRegionIterArgs().end());
      Value at = loop.getInductionVar();
      prefetch(column, count, at);
      for (int64_t i = 0; i < step; ++i)
        addChunk(column, count, add(at, i * chunk), numRows, sums);
      scf::YieldOp::create(b, loc, sums);
    }
    for (int64_t row = 0; row < numRows; ++row)
      for (int64_t i = 0; i < count; ++i) {
        Position position = getColumn(column, i);
        if (dims.rows)
          position[*dims.rows] = index(row);
        SmallVector<Value> indices = getIndices(op.getInitMap(), position);
        Value init = memref::LoadOp::create(b, loc, op.getInit(), indices);
        Value sum = addLanes(loop.getResult(row * count + i));
        memref::StoreOp::create(b, loc,
                                arith::AddFOp::create(b, loc, init, sum),
                                op.getInit(), indices);
      }
  }

  Value add(Value value, int64_t offset) {
    return offset ? arith::AddIOp::create(b, loc, value, index(offset)) : value;
  }

  Position getColumn(Value column, int64_t i) {
    Position position = getPosition();
    position[dims.columns] = add(column, i);
    return position;
  }

  /// Adds a chunk's products to `sums`.
  void addChunk(Value column, int64_t count, Value at, int64_t numRows,
                MutableArrayRef<Value> sums) {
    SmallVector<SmallVector<Value>> factors;
    for (int64_t i = 0; i < count; ++i) {
      Position position = getColumn(column, i);
      position[dims.sum] = at;
      Type code = getElementTypeOrSelf(columns.getType());
      auto type = VectorType::get({hasPairs ? chunk / 2 : chunk}, code);
      Value codes = load(type, columns, getColumnsIndices(position), Value());
      factors.push_back(
          hasPairs
              ? reorder(decoder.decodePairs(b, loc, codes, kInnerProductLanes),
                        invertPermutationVector(
                            CodeDecoder::getPairOrder(kInnerProductLanes)))
              : decoder.decode(b, loc, codes, kInnerProductLanes));
      Value factor = loadScale(position);
      for (Value &value : factors.back())
        value = factor ? arith::MulFOp::create(b, loc, value, factor)
                       : decoder.multiplyByPower(b, loc, value);
    }
    for (int64_t row = 0; row < numRows; ++row)
      for (auto [part, elements] : llvm::enumerate(loadRow(row, at)))
        for (int64_t i = 0; i < count; ++i) {
          Value &sum = sums[row * count + i];
          sum = math::FmaOp::create(b, loc, elements, factors[i][part], sum);
        }
  }

  /// The row's elements of a chunk.
  SmallVector<Value> loadRow(int64_t row, Value at) {
    SmallVector<Value> parts;
    for (int64_t first = 0; first < chunk; first += kInnerProductLanes) {
      Position position = getPosition(row, 0);
      position[dims.sum] = add(at, first);
      parts.push_back(
          load(vector, rows, getIndices(rowsMap, position), Value()));
    }
    return parts;
  }

  /// The scale at `position`, which makes up for the power of two that codes
  /// are divided by, in all lanes; null if there is none.
  Value loadScale(const Position &position) {
    if (!columnsScale)
      return {};
    SmallVector<Value> indices;
    for (const MapResult &result : parseMap(columnsScaleMap)) {
      Value at = result.isUnit() ? Value() : position[result.terms[0].dim];
      if (!at)
        at = index(0);
      else if (result.block > 1)
        at = arith::DivUIOp::create(b, loc, at, index(result.block));
      indices.push_back(at);
    }
    Value value = memref::LoadOp::create(b, loc, columnsScale, indices);
    return vector::BroadcastOp::create(b, loc, vector,
                                       decoder.multiplyByPower(b, loc, value));
  }

  /// Asks for the codes that the next columns have where these have those at
  /// `at` of the sum.
  void prefetch(Value column, int64_t count, Value at) {
    if (target.getPrefetch() == 0)
      return;
    for (int64_t i = 0; i < count; ++i) {
      Position position = getColumn(column, count + i);
      position[dims.sum] = at;
      memref::PrefetchOp::create(b, loc, columns, getColumnsIndices(position),
                                 /*isWrite=*/false, /*localityHint=*/3,
                                 /*isDataCache=*/true);
    }
  }

  /// The sum of a vector's lanes, halves added to each other.
  Value addLanes(Value lanes) {
    for (int64_t half = kInnerProductLanes / 2; half > 0; half /= 2) {
      auto part = [&](int64_t first) {
        return vector::ExtractStridedSliceOp::create(b, loc, lanes, first, half,
                                                     /*stride=*/1);
      };
      lanes = arith::AddFOp::create(b, loc, part(0), part(half));
    }
    return vector::ExtractOp::create(b, loc, lanes, 0);
  }

  TargetAttr target;
  CodeDecoder decoder;
  int64_t extent, chunk;
};
} // namespace

std::unique_ptr<RegisterTile>
mlir::mx::createInnerProductTile(OpBuilder &b, ContractOp op,
                                 const MatmulDims &dims, TargetAttr target) {
  AffineMap rows = op.getLhsMap(), columns = op.getRhsMap();
  if (dims.columnsAreLhs)
    std::swap(rows, columns);
  if (!multipliesCodes(op, dims) || !fitsInnerProduct(op, dims) ||
      (holdsPackedPairs(columns) && !takesPairs(op, dims, target)) ||
      rows.getResults().back() != getAffineDimExpr(dims.sum, op.getContext()))
    return nullptr;
  return std::make_unique<InnerProductTile>(b, op, dims, target);
}
