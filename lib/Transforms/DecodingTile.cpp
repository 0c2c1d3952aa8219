// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "CodesTile.h"
#include "PackedPairs.h"
#include "PanelChoice.h"
#include "mx/IR/ScaleMap.h"
#include "mx/Transforms/FoldedScales.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::mx;

/// With so many rows of the result there is room to decode two of the columns'
/// factor at a time.
static constexpr int64_t kPairRows = 4;

namespace {
class DecodingTile : public CodesTile {
public:
  DecodingTile(OpBuilder &b, ContractOp op, const MatmulDims &dims,
               TargetAttr target)
      : CodesTile(b, op, dims, target),
        isF4(isa_and_nonnull<Float4E2M1FNType>(
            op.getElementMeaning(dims.columnsAreLhs).codes)) {
    if (columnsScale)
      block = getBlockAlong(columnsScaleMap, dims.sum);
  }

  int64_t getMaxRows(TargetAttr target) const override {
    return target.getTileRows(TargetAttr::Beside::Decoding);
  }

  void build(int64_t numRows, int64_t vectors, ArrayRef<Value> masks) override {
    readWhole(vectors);
    buildPieces(dims.sum, /*length=*/1, numRows, vectors, masks,
                [&](Value begin, Value end, ValueRange sums) {
                  auto add = [&](ValueRange sums) {
                    return columnsScale ? addBlocks(begin, end, sums, numRows,
                                                    vectors, masks)
                                        : addRange(begin, end, sums, {},
                                                   numRows, vectors, masks);
                  };
                  SmallVector<Value> results =
                      takesTurns(numRows) && !scalesSums(numRows)
                          ? addInTurns(sums, add)
                          : add(sums);
                  orderColumns(results);
                  return results;
                });
  }

private:
  /// `sums` with what `add` adds to them and to as many others in turn: a
  /// single row's products, each of which would wait for the one before.
  SmallVector<Value>
  addInTurns(ValueRange sums,
             function_ref<SmallVector<Value>(ValueRange)> add) {
    SmallVector<Value> both(sums), results;
    both.append(sums.size(),
                arith::ConstantOp::create(b, loc, b.getZeroAttr(vector)));
    both = add(both);
    for (size_t i = 0; i < sums.size(); ++i)
      results.push_back(
          arith::AddFOp::create(b, loc, both[i], both[i + sums.size()]));
    return results;
  }

  /// `sums` and the products from `begin` to `end` of the sum, by blocks of the
  /// scale.
  SmallVector<Value> addBlocks(Value begin, Value end, ValueRange sums,
                               int64_t numRows, int64_t vectors,
                               ArrayRef<Value> masks) {
    Value size = block ? index(block) : getExtent(dims.sum);
    auto loop = scf::ForOp::create(
        b, loc, b.createOrFold<arith::DivUIOp>(loc, begin, size),
        b.createOrFold<arith::CeilDivUIOp>(loc, end, size), index(1), sums);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    Value at = loop.getInductionVar();
    Value first = arith::MulIOp::create(b, loc, at, size);
    Value last = arith::AddIOp::create(b, loc, first, size);
    first = arith::MaxUIOp::create(b, loc, first, begin);
    last = arith::MinUIOp::create(b, loc, last, end);
    SmallVector<Value> scales =
        loadScales(at, scalesSums(numRows), vectors, masks);
    SmallVector<Value> results(loop.getRegionIterArgs());
    if (scalesSums(numRows)) {
      Value zero = arith::ConstantOp::create(b, loc, b.getZeroAttr(vector));
      SmallVector<Value> zeros(results.size(), zero);
      SmallVector<Value> totals = addInTurns(zeros, [&](ValueRange sums) {
        return addRange(first, last, sums, {}, numRows, vectors, masks);
      });
      for (auto [i, result] : llvm::enumerate(results))
        result =
            math::FmaOp::create(b, loc, totals[i], scales[i % vectors], result);
    } else {
      results = addRange(first, last, results, scales, numRows, vectors, masks);
    }
    scf::YieldOp::create(b, loc, results);
    return loop.getResults();
  }

  /// Whether products are added in turns: of a single row. Only where tiles of
  /// all targets decode the columns, so that sums have the same order.
  bool takesTurns(int64_t numRows) const {
    return numRows == 1 &&
           (!columnsScale || fitsAllTiles(columnsScaleMap, dims));
  }

  /// Whether a block's sums are multiplied by its scales rather than each
  /// element.
  bool scalesSums(int64_t numRows) const {
    return columnsScale && isF4 && takesTurns(numRows) &&
           getBlockAlong(columnsScaleMap, dims.columns) == 1;
  }

  /// The scales of the columns in block `at`; if not `exact`, times the power
  /// of two that codes are divided by.
  SmallVector<Value> loadScales(Value at, bool exact, int64_t vectors,
                                ArrayRef<Value> masks) {
    SmallVector<Value> scales;
    for (int64_t i = 0; i < vectors; ++i) {
      SmallVector<Value> indices;
      bool hasColumns = false;
      for (const MapResult &result : parseMap(columnsScaleMap)) {
        unsigned dim = result.isUnit() ? UINT_MAX : result.terms[0].dim;
        bool isColumn = dim == dims.columns && !result.isBlocked();
        hasColumns |= isColumn;
        indices.push_back(dim == dims.sum ? at
                          : isColumn      ? getPosition(0, i)[dim]
                                          : index(0));
      }
      if (hasColumns) {
        scales.push_back(load(vector, columnsScale, indices,
                              masks.empty() ? Value() : masks[i]));
        continue;
      }
      // All columns of the tile lie in one block.
      Value single = memref::LoadOp::create(b, loc, columnsScale, indices);
      scales.push_back(vector::BroadcastOp::create(b, loc, vector, single));
    }
    for (Value &value : scales)
      if (!exact)
        value = decoder.multiplyByPower(b, loc, value);
    if (hasPairs)
      scales = reorder(scales, getColumnsOrder());
    return scales;
  }

  /// Brings a tile's columns in order, which the decoder gives in its own.
  void orderColumns(MutableArrayRef<Value> sums) {
    for (size_t row = 0; hasPairs && row < sums.size(); row += 2)
      llvm::copy(reorder(sums.slice(row, 2),
                         invertPermutationVector(getColumnsOrder())),
                 sums.begin() + row);
  }

  /// `sums` and the products from `begin` to `end` of the sum. More sums than
  /// the tile has results get products in turn.
  SmallVector<Value> addRange(Value begin, Value end, ValueRange sums,
                              ArrayRef<Value> scales, int64_t numRows,
                              int64_t vectors, ArrayRef<Value> masks) {
    size_t turn = 0, count = numRows * vectors;
    bool isFew = numRows <= kPairRows &&
                 (masks.empty() || wholeCodes || sums.size() > count);
    Steps steps = isFew ? Steps::Pairs : Steps::Singles;
    return buildPairs(
        begin, end, steps, sums, [&](ArrayRef<Value> step, ValueRange sums) {
          prefetchCodes(step.front(), vectors);
          SmallVector<Value> results(sums);
          auto decoded = decode(step, vectors, masks);
          for (auto [at, elements] : llvm::zip_equal(step, decoded)) {
            MutableArrayRef<Value> these =
                MutableArrayRef(results).slice(turn, count);
            addProduct(at, elements, these, scales, numRows);
            turn = (turn + count) % sums.size();
          }
          return results;
        });
  }

  /// Adds the outer product of `elements` and the rows at index `at` of the
  /// sum.
  void addProduct(Value at, ArrayRef<Value> elements,
                  MutableArrayRef<Value> sums, ArrayRef<Value> scales,
                  int64_t numRows) {
    SmallVector<Value> factors;
    for (auto [i, element] : llvm::enumerate(elements))
      factors.push_back(
          scales.empty() ? decoder.multiplyByPower(b, loc, element)
                         : arith::MulFOp::create(b, loc, element, scales[i]));
    for (int64_t row = 0; row < numRows; ++row) {
      Position position = getPosition(row, 0);
      position[dims.sum] = at;
      Value element =
          memref::LoadOp::create(b, loc, rows, getIndices(rowsMap, position));
      Value broadcast = vector::BroadcastOp::create(b, loc, vector, element);
      for (auto [i, factor] : llvm::enumerate(factors)) {
        Value &sum = sums[row * factors.size() + i];
        sum = math::FmaOp::create(b, loc, broadcast, factor, sum);
      }
    }
  }

  /// Of the scale along the sum; 0 if it has none.
  int64_t block = 0;
  bool isF4;
};
} // namespace

std::unique_ptr<RegisterTile>
mlir::mx::createDecodingTile(OpBuilder &b, ContractOp op,
                             const MatmulDims &dims, TargetAttr target) {
  SmallVector<AffineMap> scaleMaps =
      dims.columnsAreLhs ? op.getLhsScaleMaps() : op.getRhsScaleMaps();
  if (!multipliesCodes(op, dims) ||
      !llvm::all_of(scaleMaps, [&](AffineMap map) {
        return holdsProductPairs(map, dims);
      }))
    return nullptr;
  // Vectors of columns; bytes of two where the tile has all of them.
  AffineMap columnsMap = dims.columnsAreLhs ? op.getLhsMap() : op.getRhsMap();
  if (getMapOfPairs(columnsMap).getResults().back() !=
          getAffineDimExpr(dims.columns, op.getContext()) ||
      (holdsPackedPairs(columnsMap) && op.getStaticLoopRanges()[dims.columns] !=
                                           target.getRegisterTile().second))
    return nullptr;
  return std::make_unique<DecodingTile>(b, op, dims, target);
}
