// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "RegisterTile.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::mx;

namespace {
class DotTile : public RegisterTile {
public:
  DotTile(OpBuilder &b, ContractOp op, const MatmulDims &dims, int64_t lanes)
      : RegisterTile(b, op, dims, lanes),
        sums(VectorType::get({lanes}, b.getI32Type())),
        pairs(VectorType::get({2 * lanes}, b.getI16Type())),
        rowsScale(op.getLhsScales().front()),
        columnsScale(op.getRhsScales().front()),
        rowsScaleMap(op.getLhsScaleMaps().front()),
        columnsScaleMap(op.getRhsScaleMaps().front()) {
    if (dims.columnsAreLhs) {
      std::swap(rowsScale, columnsScale);
      std::swap(rowsScaleMap, columnsScaleMap);
    }
    // Blocks, pairs and elements of a pair come last in the rows' factor.
    unsigned rank = rowsMap.getNumResults();
    block = rowsMap.getDimPosition(rank - 3);
    pair = rowsMap.getDimPosition(rank - 2);
  }

  void build(int64_t numRows, int64_t vectors, ArrayRef<Value> masks) override {
    unwrapColumns(vectors);
    auto blocks =
        scf::ForOp::create(b, loc, index(0), getExtent(block), index(1));
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(blocks.getBody());
    Value at = blocks.getInductionVar();
    Value zero = arith::ConstantOp::create(b, loc, b.getZeroAttr(sums));
    auto loop = scf::ForOp::create(b, loc, index(0), getExtent(pair), index(1),
                                   SmallVector<Value>(numRows * vectors, zero));
    {
      OpBuilder::InsertionGuard guard(b);
      b.setInsertionPointToStart(loop.getBody());
      scf::YieldOp::create(b, loc,
                           addProducts(loop, at, numRows, vectors, masks));
    }
    addToResult(loop.getResults(), at, numRows, vectors, masks);
  }

private:
  /// Views the panel with the elements of all columns of a pair in one
  /// dimension; as a whole, if it is the part of one, to need no masks.
  void unwrapColumns(int64_t vectors) {
    int64_t width = vectors * vector.getDimSize(0);
    unsigned rank = columnsMap.getNumResults();
    unsigned scaleRank = columnsScaleMap.getNumResults();
    Value whole = getWhole(columns, rank - 2, width);
    Value wholeScale = getWhole(columnsScale, scaleRank - 1, width);
    isWhole = whole && wholeScale;
    panel = isWhole ? whole : columns;
    panelScale = isWhole ? wholeScale : columnsScale;
    SmallVector<ReassociationIndices> groups;
    for (unsigned i = 0; i + 2 < rank; ++i)
      groups.push_back({i});
    groups.push_back({rank - 2, rank - 1});
    panel = memref::CollapseShapeOp::create(b, loc, panel, groups);
  }

  Value getMask(ArrayRef<Value> masks, int64_t i) {
    return masks.empty() || isWhole ? Value() : masks[i];
  }

  /// The i32 sums of a step of the loop over pairs.
  SmallVector<Value> addProducts(scf::ForOp loop, Value at, int64_t numRows,
                                 int64_t vectors, ArrayRef<Value> masks) {
    auto getPositionAt = [&](int64_t row) {
      Position position = getPosition(row, 0);
      position[block] = at;
      position[pair] = loop.getInductionVar();
      return position;
    };
    SmallVector<Value> factors, results;
    for (int64_t i = 0; i < vectors; ++i) {
      SmallVector<Value> indices = getIndices(columnsMap, getPositionAt(0));
      indices.pop_back();
      indices.back() = index(i * pairs.getDimSize(0));
      Value mask = getMask(masks, i);
      if (mask)
        mask = vector::InterleaveOp::create(b, loc, mask, mask);
      factors.push_back(load(pairs, panel, indices, mask));
    }
    for (int64_t row = 0; row < numRows; ++row) {
      Value both =
          vector::LoadOp::create(b, loc, VectorType::get({2}, b.getI16Type()),
                                 rows, getIndices(rowsMap, getPositionAt(row)));
      Value scalar = vector::ExtractOp::create(
          b, loc,
          vector::BitCastOp::create(b, loc,
                                    VectorType::get({1}, b.getI32Type()), both),
          0);
      Value broadcast = vector::BitCastOp::create(
          b, loc, pairs, vector::BroadcastOp::create(b, loc, sums, scalar));
      for (int64_t i = 0; i < vectors; ++i)
        results.push_back(addDot(broadcast, factors[i],
                                 loop.getRegionIterArg(row * vectors + i)));
    }
    return results;
  }

  /// acc plus the sum of the two products of each lane, which LLVM finds its
  /// target's instruction for (pmaddwd, vpdpwssd, smull and addp).
  Value addDot(Value x, Value y, Value acc) {
    VectorType wide = VectorType::get(pairs.getShape(), b.getI32Type());
    Value products =
        arith::MulIOp::create(b, loc, arith::ExtSIOp::create(b, loc, wide, x),
                              arith::ExtSIOp::create(b, loc, wide, y));
    auto halves = vector::DeinterleaveOp::create(b, loc, products);
    Value sum =
        arith::AddIOp::create(b, loc, halves.getRes1(), halves.getRes2());
    return arith::AddIOp::create(b, loc, acc, sum);
  }

  /// result += block sums * rows' scale * columns' scale.
  void addToResult(ValueRange blockSums, Value at, int64_t numRows,
                   int64_t vectors, ArrayRef<Value> masks) {
    auto getPositionAt = [&](int64_t row, int64_t i) {
      Position position = getPosition(row, i);
      position[block] = at;
      return position;
    };
    SmallVector<Value> scales;
    for (int64_t i = 0; i < vectors; ++i)
      scales.push_back(load(vector, panelScale,
                            getIndices(columnsScaleMap, getPositionAt(0, i)),
                            getMask(masks, i)));
    for (int64_t row = 0; row < numRows; ++row) {
      Value scale = memref::LoadOp::create(
          b, loc, rowsScale, getIndices(rowsScaleMap, getPositionAt(row, 0)));
      Value broadcast = vector::BroadcastOp::create(b, loc, vector, scale);
      for (int64_t i = 0; i < vectors; ++i) {
        Value sum = arith::SIToFPOp::create(b, loc, vector,
                                            blockSums[row * vectors + i]);
        sum = arith::MulFOp::create(b, loc, sum, broadcast);
        Value total = math::FmaOp::create(b, loc, sum, scales[i],
                                          loadInit(row, i, masks));
        storeInit(total, row, i, masks);
      }
    }
  }

  VectorType sums, pairs;
  Value rowsScale, columnsScale;
  AffineMap rowsScaleMap, columnsScaleMap;
  unsigned block, pair;
  Value panel, panelScale;
  bool isWhole = false;
};
} // namespace

/// Whether the last dimensions of both factors are those that mx-tile makes.
static bool hasPairs(ContractOp op, const MatmulDims &dims) {
  AffineMap rows = dims.columnsAreLhs ? op.getRhsMap() : op.getLhsMap();
  AffineMap columns = dims.columnsAreLhs ? op.getLhsMap() : op.getRhsMap();
  if (rows.getNumResults() < 3 || columns.getNumResults() < 4)
    return false;
  auto last = rows.getResults().take_back(3);
  auto others = columns.getResults().take_back(4);
  return others[0] == last[0] && others[1] == last[1] &&
         others[2] == getAffineDimExpr(dims.columns, op.getContext()) &&
         others[3] == last[2] && op.getStaticLoopRanges()[dims.sum] == 2 &&
         llvm::all_of(last, [&](AffineExpr expr) {
           return !op.getInitMap().isFunctionOfDim(
               cast<AffineDimExpr>(expr).getPosition());
         });
}

std::unique_ptr<RegisterTile> mlir::mx::createDotTile(OpBuilder &b,
                                                      ContractOp op,
                                                      const MatmulDims &dims,
                                                      int64_t lanes) {
  auto isI16 = [](Value value) {
    return getElementTypeOrSelf(value.getType()).isInteger(16);
  };
  auto isF32Scale = [](ValueRange scales) {
    return scales.size() == 1 &&
           getElementTypeOrSelf(scales.front().getType()).isF32();
  };
  if (!isI16(op.getLhs()) || !isI16(op.getRhs()) ||
      !isF32Scale(op.getLhsScales()) || !isF32Scale(op.getRhsScales()) ||
      !hasPairs(op, dims))
    return nullptr;
  return std::make_unique<DotTile>(b, op, dims, lanes);
}
