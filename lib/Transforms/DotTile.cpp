// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "IntegerTileForm.h"
#include "LoopAnnotation.h"
#include "RegisterTile.h"
#include "mx/Transforms/IntegerFactor.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::mx;

namespace {
/// Integers of at most 2^22 plus this are floats with the same bits as this
/// float's plus the integer: its ulp is 1.
constexpr float kMagic = 12582912.0f; // 1.5 * 2^23

class DotTile : public RegisterTile {
public:
  DotTile(OpBuilder &b, ContractOp op, const MatmulDims &dims, int64_t lanes,
          const IntegerTileForm &form)
      : RegisterTile(b, op, dims, lanes), dot(form.dot), pairs(form.pairs),
        hasShortSums(form.hasShortSums), columnsAreCodes(form.columnsAreCodes),
        sums(VectorType::get({lanes}, b.getI32Type())),
        compensation(op.getCompensation()) {
    bool isRhs = dims.columnsAreLhs;
    rowsScale = (isRhs ? op.getRhsScales() : op.getLhsScales()).front();
    rowsScaleMap =
        (isRhs ? op.getRhsScaleMaps() : op.getLhsScaleMaps()).front();
    // Blocks, groups and elements of a group come last in the rows' factor.
    unsigned rank = rowsMap.getNumResults();
    block = rowsMap.getDimPosition(rank - 3);
    group = rowsMap.getDimPosition(rank - 2);
    length = op.getStaticLoopRanges()[dims.sum];
    groups =
        VectorType::get({length * lanes}, getElementTypeOrSelf(rows.getType()));
  }

  int64_t getMaxRows(TargetAttr target) const override {
    IntegerGroup given{groups.getElementTypeBitWidth()};
    given.hasShortSums = hasShortSums;
    return given.getTileRows(target);
  }

  void build(int64_t numRows, int64_t vectors, ArrayRef<Value> masks) override {
    unwrapColumns(vectors);
    // Not in the result's memory, whose rows may lie in one set of the cache.
    SmallVector<Value> totals = getInits(numRows, vectors, masks);
    auto blocks = scf::ForOp::create(b, loc, index(0), getExtent(block),
                                     index(1), totals);
    {
      OpBuilder::InsertionGuard guard(b);
      b.setInsertionPointToStart(blocks.getBody());
      scf::YieldOp::create(b, loc, addBlock(blocks, numRows, vectors, masks));
    }
    storeInits(blocks.getResults(), numRows, vectors, masks);
  }

private:
  /// The totals after a block.
  SmallVector<Value> addBlock(scf::ForOp blocks, int64_t numRows,
                              int64_t vectors, ArrayRef<Value> masks) {
    Value at = blocks.getInductionVar();
    bool sumsBlock = pairs && !hasShortSums;
    SmallVector<Value> starts;
    if (sumsBlock)
      starts.append(numRows * vectors, getZeros());
    else
      starts = getStarts(at, numRows, vectors, masks);
    auto loop = scf::ForOp::create(b, loc, index(0), getExtent(group),
                                   index(hasShortSums ? 2 : 1), starts);
    if (hasShortSums) // Few steps, which LLVM would spill registers for.
      annotateLoop(loop, {}, getNoUnrolling(b.getContext()), {});
    {
      OpBuilder::InsertionGuard guard(b);
      b.setInsertionPointToStart(loop.getBody());
      SmallVector<Value> numbers = {loop.getInductionVar()};
      if (hasShortSums)
        numbers.push_back(
            arith::AddIOp::create(b, loc, numbers.front(), index(1)));
      SmallVector<SmallVector<Value>> columns;
      for (Value number : numbers)
        columns.push_back(loadColumns(at, number, vectors, masks));
      SmallVector<Value> results;
      for (int64_t row = 0; row < numRows; ++row) {
        SmallVector<Value> elements;
        for (Value number : numbers)
          elements.push_back(broadcastGroup(
              groups, getIndices(rowsMap, getGroup(at, number, row))));
        for (int64_t i = 0; i < vectors; ++i) {
          Value acc = loop.getRegionIterArg(row * vectors + i);
          Value sum = hasShortSums ? getZeros() : acc;
          for (auto [element, column] : llvm::zip_equal(elements, columns))
            sum = addProducts(sum, element, column[i]);
          results.push_back(hasShortSums ? addPair(acc, sum) : sum);
        }
      }
      scf::YieldOp::create(b, loc, results);
    }
    SmallVector<Value> results = loop.getResults();
    if (sumsBlock)
      for (auto [sum, start] :
           llvm::zip_equal(results, getStarts(at, numRows, vectors, masks)))
        sum = addPair(start, sum);
    return addToTotals(blocks.getRegionIterArgs(), results, at, numRows,
                       vectors, masks);
  }

  /// What short sums start from.
  Value getZeros() {
    VectorType type = VectorType::get(
        {pairs.getLength() * vector.getDimSize(0)}, dot.getSum());
    return getConstant(type, b.getZeroAttr(dot.getSum()));
  }

  /// `sum` plus short sums, of which each lane has two.
  Value addPair(Value sum, Value shortSums) {
    Value ones = getConstant(cast<VectorType>(shortSums.getType()),
                             b.getIntegerAttr(dot.getSum(), 1));
    return addDot(pairs, sum, shortSums, ones);
  }

  /// Views the panel with the elements of all columns of a group in one
  /// dimension; as a whole, if it is the part of one, to need no masks.
  void unwrapColumns(int64_t vectors) {
    int64_t width = vectors * vector.getDimSize(0);
    unsigned rank = columnsMap.getNumResults();
    unsigned scaleRank = columnsScaleMap.getNumResults();
    Value whole = getWhole(columns, rank - 2, width);
    Value wholeScale = getWhole(columnsScale, scaleRank - 1, width);
    bool isCompensated = compensation && !columnsAreCodes;
    Value wholeCompensation =
        isCompensated ? getWhole(compensation, scaleRank - 1, width) : Value();
    isWhole = whole && wholeScale && isCompensated == !!wholeCompensation;
    panel = mergeLastTwo(isWhole ? whole : columns);
    panelScale = isWhole ? wholeScale : columnsScale;
    panelCompensation = isWhole ? wholeCompensation : compensation;
  }

  Value getMask(ArrayRef<Value> masks, int64_t i) {
    return masks.empty() || isWhole ? Value() : masks[i];
  }

  Position getGroup(Value at, Value number, int64_t row) {
    Position position = getBlock(at, row, 0);
    position[group] = number;
    return position;
  }

  /// The columns' elements of a group.
  SmallVector<Value> loadColumns(Value at, Value number, int64_t vectors,
                                 ArrayRef<Value> masks) {
    SmallVector<Value> factors;
    for (int64_t i = 0; i < vectors; ++i)
      factors.push_back(loadGroups(
          groups, panel, getIndices(columnsMap, getGroup(at, number, 0)), i,
          getMask(masks, i)));
    return factors;
  }

  /// acc plus the products of each lane of a row's elements and columns': the
  /// target's dot product or, without one, what LLVM finds an instruction for
  /// (pmaddwd, vpdpwssd, smull and addp).
  Value addProducts(Value acc, Value x, Value y) {
    if (dot)
      return columnsAreCodes ? addDot(dot, acc, y, x) : addDot(dot, acc, x, y);
    VectorType wide = VectorType::get(groups.getShape(), b.getI32Type());
    Value products =
        arith::MulIOp::create(b, loc, arith::ExtSIOp::create(b, loc, wide, x),
                              arith::ExtSIOp::create(b, loc, wide, y));
    auto halves = vector::DeinterleaveOp::create(b, loc, products);
    Value sum =
        arith::AddIOp::create(b, loc, halves.getRes1(), halves.getRes2());
    return arith::AddIOp::create(b, loc, acc, sum);
  }

  /// The position of a block, a row and the first column of vector `i`.
  Position getBlock(Value at, int64_t row, int64_t i) {
    Position position = getPosition(row, i);
    position[block] = at;
    return position;
  }

  /// What the sums of a block start from.
  SmallVector<Value> getStarts(Value at, int64_t numRows, int64_t vectors,
                               ArrayRef<Value> masks) {
    Value magic =
        getConstant(sums, b.getI32IntegerAttr(llvm::bit_cast<int32_t>(kMagic)));
    SmallVector<Value> starts;
    for (int64_t i = 0; i < numRows * vectors; ++i) {
      int64_t row = i / vectors, number = i % vectors;
      // Those of a row's columns are one, or those of a column's rows.
      if (compensation && (columnsAreCodes ? number == 0 : row == 0))
        starts.push_back(arith::AddIOp::create(
            b, loc, getCompensation(at, row, number, masks), magic));
      else if (compensation)
        starts.push_back(columnsAreCodes ? starts.back() : starts[number]);
      else
        starts.push_back(magic);
    }
    return starts;
  }

  Value getCompensation(Value at, int64_t row, int64_t i,
                        ArrayRef<Value> masks) {
    auto extend = [&](Value value, Type type) {
      return value.getType() == type
                 ? value
                 : arith::ExtSIOp::create(b, loc, type, value);
    };
    SmallVector<Value> indices =
        getIndices(op.getCompensationMap(), getBlock(at, row, i));
    if (columnsAreCodes)
      return vector::BroadcastOp::create(
          b, loc, sums,
          extend(memref::LoadOp::create(b, loc, compensation, indices),
                 b.getI32Type()));
    Type type = getElementTypeOrSelf(panelCompensation);
    return extend(
        load(sums.clone(type), panelCompensation, indices, getMask(masks, i)),
        sums);
  }

  /// totals + block sums * columns' scale * rows' scale. As a float, a sum is
  /// larger by the magic number, which the fused multiply-add with the columns'
  /// scale takes off: as that has few bits, exactly up to the one rounding.
  SmallVector<Value> addToTotals(ValueRange totals, ValueRange blockSums,
                                 Value at, int64_t numRows, int64_t vectors,
                                 ArrayRef<Value> masks) {
    Value magic = getConstant(vector, b.getF32FloatAttr(-kMagic));
    SmallVector<Value> results(totals);
    for (int64_t i = 0; i < vectors; ++i) {
      Value scale = load(vector, panelScale,
                         getIndices(columnsScaleMap, getBlock(at, 0, i)),
                         getMask(masks, i));
      Value excess = arith::MulFOp::create(b, loc, scale, magic);
      for (int64_t row = 0; row < numRows; ++row) {
        int64_t number = row * vectors + i;
        Value sum =
            vector::BitCastOp::create(b, loc, vector, blockSums[number]);
        sum = math::FmaOp::create(b, loc, sum, scale, excess);
        Value rowScale = memref::LoadOp::create(
            b, loc, rowsScale, getIndices(rowsScaleMap, getBlock(at, row, i)));
        Value broadcast = vector::BroadcastOp::create(b, loc, vector, rowScale);
        results[number] =
            math::FmaOp::create(b, loc, sum, broadcast, totals[number]);
      }
    }
    return results;
  }

  DotAttr dot, pairs;
  bool hasShortSums, columnsAreCodes;
  VectorType sums, groups;
  Value rowsScale;
  AffineMap rowsScaleMap;
  Value compensation;
  unsigned block, group;
  int64_t length;
  Value panel, panelScale, panelCompensation;
  bool isWhole = false;
};
} // namespace

std::unique_ptr<RegisterTile> mlir::mx::createDotTile(OpBuilder &b,
                                                      ContractOp op,
                                                      const MatmulDims &dims,
                                                      TargetAttr target) {
  std::optional<IntegerTileForm> form = IntegerTileForm::get(op, dims, target);
  if (!form)
    return nullptr;
  return std::make_unique<DotTile>(b, op, dims, target.getLanes(), *form);
}
