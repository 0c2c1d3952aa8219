// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "CodeDecoder.h"
#include "PackedPairs.h"
#include "RegisterTile.h"
#include "mx/IR/ScaleMap.h"
#include "mx/Transforms/FoldedScales.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::mx;

/// With so many rows of the result there is room to decode two of the columns'
/// factor at a time.
static constexpr int64_t kPairRows = 4;

namespace {
class DecodingTile : public RegisterTile {
public:
  DecodingTile(OpBuilder &b, ContractOp op, const MatmulDims &dims,
               TargetAttr target)
      : RegisterTile(b, op, dims, target.getLanes()),
        decoder(CodeDecoder::get(op, dims.columnsAreLhs, target)),
        prefetch(target.getPrefetch()),
        isF4(isa_and_nonnull<Float4E2M1FNType>(
            op.getElementMeaning(dims.columnsAreLhs).codes)) {
    if (columnsScale)
      block = getBlockAlong(columnsScaleMap, dims.sum);
  }

  int64_t getMaxRows(TargetAttr target) const override {
    return target.getTileRows(TargetAttr::Beside::Decoding);
  }

  void build(int64_t numRows, int64_t vectors, ArrayRef<Value> masks) override {
    // Parts of a panel are read as a whole, which needs no masks.
    int64_t width = vectors * vector.getDimSize(0);
    AffineExpr column = b.getAffineDimExpr(dims.columns);
    if (!hasPairs)
      wholeCodes =
          getWhole(columns, *columnsMap.getResultPosition(column), width);
    buildPieces(dims.sum, /*length=*/1, numRows, vectors, masks,
                [&](Value begin, Value end, ValueRange sums) {
                  SmallVector<Value> results =
                      columnsScale
                          ? addBlocks(begin, end, sums, numRows, vectors, masks)
                          : addRange(begin, end, sums, {}, numRows, vectors,
                                     masks);
                  interleavePairs(results);
                  return results;
                });
  }

private:
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
      SmallVector<Value> zeros(2 * results.size(), zero);
      SmallVector<Value> totals =
          addRange(first, last, zeros, {}, numRows, vectors, masks);
      for (auto [i, result] : llvm::enumerate(results)) {
        Value total = arith::AddFOp::create(b, loc, totals[i],
                                            totals[i + results.size()]);
        result =
            math::FmaOp::create(b, loc, total, scales[i % vectors], result);
      }
    } else {
      results = addRange(first, last, results, scales, numRows, vectors, masks);
    }
    scf::YieldOp::create(b, loc, results);
    return loop.getResults();
  }

  /// Whether a block's sums, two that do not wait for each other, are
  /// multiplied by its scales rather than each element: of one row, whose only
  /// sum each product would wait for. Sums have the same order on all targets,
  /// so that neither registers nor the columns of a tile count.
  bool scalesSums(int64_t numRows) const {
    return isF4 && numRows == 1 &&
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
      scales = deinterleave(scales);
    return scales;
  }

  /// Where a byte holds two columns, a tile has a vector of those of even
  /// numbers and one of the others: brings them in order.
  void interleavePairs(MutableArrayRef<Value> sums) {
    for (size_t row = 0; hasPairs && row < sums.size(); row += 2)
      llvm::copy(interleave(sums.slice(row, 2)), sums.begin() + row);
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
    // Once in a step.
    bool isFirst = prefetch != 0;
    return buildPairs(begin, end, steps, sums, [&](Value at, ValueRange sums) {
      if (isFirst)
        prefetchCodes(at, vectors);
      isFirst &= steps == Steps::Singles;
      SmallVector<Value> results(sums);
      llvm::copy(addProduct(at, sums.slice(turn, count), scales, numRows,
                            vectors, masks),
                 results.begin() + turn);
      turn = (turn + count) % sums.size();
      return results;
    });
  }

  /// Asks for the codes `prefetch` bytes behind those at index `at` of the sum,
  /// if they are a panel: its rows lie beside each other.
  void prefetchCodes(Value at, int64_t vectors) {
    int64_t width = vectors * vector.getDimSize(0) / (hasPairs ? 2 : 1);
    unsigned dim = *columnsMap.getResultPosition(b.getAffineDimExpr(dims.sum));
    Value panel = wholeCodes ? wholeCodes : columns;
    SmallVector<int64_t> strides;
    int64_t offset;
    if (failed(cast<MemRefType>(panel.getType())
                   .getStridesAndOffset(strides, offset)) ||
        strides[dim] != width)
      return;
    Position position = getPosition();
    position[dims.sum] = arith::AddIOp::create(
        b, loc, at, index(llvm::divideCeil(prefetch, width)));
    memref::PrefetchOp::create(b, loc, panel, getColumnsIndices(position),
                               /*isWrite=*/false, /*localityHint=*/3,
                               /*isDataCache=*/true);
  }

  /// `sums` and the outer product at index `at` of the sum.
  SmallVector<Value> addProduct(Value at, ValueRange sums,
                                ArrayRef<Value> scales, int64_t numRows,
                                int64_t vectors, ArrayRef<Value> masks) {
    auto getIndicesAt = [&](AffineMap map, int64_t row, int64_t i) {
      Position position = getPosition(row, i);
      position[dims.sum] = at;
      return getIndices(map, position);
    };
    Type code = getElementTypeOrSelf(columns.getType());
    int64_t lanes = vector.getDimSize(0);
    SmallVector<Value> elements, results;
    if (hasPairs) {
      Position position = getPosition();
      position[dims.sum] = at;
      auto bytes = VectorType::get({vectors * lanes / 2}, code);
      elements = decoder.decodePairs(
          b, loc, load(bytes, columns, getColumnsIndices(position), Value()),
          lanes);
    } else if (wholeCodes || masks.empty()) {
      // All at once: the integers on the way to f16 have half the width.
      elements = decoder.decode(b, loc,
                                load(VectorType::get({vectors * lanes}, code),
                                     wholeCodes ? wholeCodes : columns,
                                     getIndicesAt(columnsMap, 0, 0), Value()),
                                lanes);
    } else {
      for (int64_t i = 0; i < vectors; ++i)
        llvm::append_range(
            elements,
            decoder.decode(b, loc,
                           load(VectorType::get({lanes}, code), columns,
                                getIndicesAt(columnsMap, 0, i), masks[i]),
                           lanes));
    }
    for (auto [i, element] : llvm::enumerate(elements))
      element = scales.empty()
                    ? decoder.multiplyByPower(b, loc, element)
                    : arith::MulFOp::create(b, loc, element, scales[i]);
    for (int64_t row = 0; row < numRows; ++row) {
      Value element =
          memref::LoadOp::create(b, loc, rows, getIndicesAt(rowsMap, row, 0));
      Value broadcast = vector::BroadcastOp::create(b, loc, vector, element);
      for (int64_t i = 0; i < vectors; ++i)
        results.push_back(math::FmaOp::create(b, loc, broadcast, elements[i],
                                              sums[row * vectors + i]));
    }
    return results;
  }

  CodeDecoder decoder;
  /// Of the scale along the sum; 0 if it has none.
  int64_t block = 0;
  Value wholeCodes;
  int64_t prefetch;
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
