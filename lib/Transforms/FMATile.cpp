// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "RegisterTile.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::mx;

namespace {
class FMATile : public RegisterTile {
public:
  using RegisterTile::RegisterTile;

  void build(int64_t numRows, int64_t vectors, ArrayRef<Value> masks) override {
    // The panel as a whole, if it is the part of one, needs no masks.
    whole = getWhole(
        columns,
        *columnsMap.getResultPosition(b.getAffineDimExpr(dims.columns)),
        vectors * vector.getDimSize(0));
    buildPieces(dims.sum, /*length=*/1, numRows, vectors, masks,
                [&](Value begin, Value end, ValueRange sums) {
                  return buildPairs(begin, end, Steps::Pairs, sums,
                                    [&](ArrayRef<Value> step, ValueRange sums) {
                                      SmallVector<Value> results(sums);
                                      for (Value at : step)
                                        results =
                                            addProduct(at, results, numRows,
                                                       vectors, masks);
                                      return results;
                                    });
                });
  }

private:
  /// `sums` and the outer product at index `at` of the sum.
  SmallVector<Value> addProduct(Value at, ValueRange sums, int64_t numRows,
                                int64_t vectors, ArrayRef<Value> masks) {
    auto getIndicesAt = [&](AffineMap map, int64_t row, int64_t i) {
      Position position = getPosition(row, i);
      position[dims.sum] = at;
      return getIndices(map, position);
    };
    SmallVector<Value> panel, results;
    for (int64_t i = 0; i < vectors; ++i)
      panel.push_back(load(vector, whole ? whole : columns,
                           getIndicesAt(columnsMap, 0, i),
                           whole || masks.empty() ? Value() : masks[i]));
    for (int64_t row = 0; row < numRows; ++row) {
      Value element =
          memref::LoadOp::create(b, loc, rows, getIndicesAt(rowsMap, row, 0));
      Value broadcast = vector::BroadcastOp::create(b, loc, vector, element);
      // One rounding on every machine: vector.fma may become a multiplication
      // and an addition.
      for (int64_t i = 0; i < vectors; ++i)
        results.push_back(math::FmaOp::create(b, loc, broadcast, panel[i],
                                              sums[row * vectors + i]));
    }
    return results;
  }

  Value whole;
};
} // namespace

std::unique_ptr<RegisterTile> mlir::mx::createFMATile(OpBuilder &b,
                                                      ContractOp op,
                                                      const MatmulDims &dims,
                                                      int64_t lanes) {
  auto isF32 = [](Value value) {
    return getElementTypeOrSelf(value.getType()).isF32();
  };
  if (!isF32(op.getLhs()) || !isF32(op.getRhs()) ||
      !op.getLhsScales().empty() || !op.getRhsScales().empty())
    return nullptr;
  return std::make_unique<FMATile>(b, op, dims, lanes);
}
