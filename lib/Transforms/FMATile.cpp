// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "RegisterTile.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::mx;

namespace {
class FMATile : public RegisterTile {
public:
  using RegisterTile::RegisterTile;

  void build(int64_t numRows, int64_t vectors, ArrayRef<Value> masks) override {
    SmallVector<Value> sums = loadInits(numRows, vectors, masks);
    auto loop = scf::ForOp::create(b, loc, index(0), getExtent(dims.sum),
                                   index(1), sums);
    {
      OpBuilder::InsertionGuard guard(b);
      b.setInsertionPointToStart(loop.getBody());
      scf::YieldOp::create(b, loc, addProducts(loop, numRows, vectors, masks));
    }
    storeInits(loop.getResults(), numRows, vectors, masks);
  }

private:
  /// The sums of a step of the loop.
  SmallVector<Value> addProducts(scf::ForOp loop, int64_t numRows,
                                 int64_t vectors, ArrayRef<Value> masks) {
    auto getIndicesAt = [&](AffineMap map, int64_t row, int64_t i) {
      Position position = getPosition(row, i);
      position[dims.sum] = loop.getInductionVar();
      return getIndices(map, position);
    };
    // The panel as a whole, if it is the part of one, needs no masks.
    unsigned position =
        *columnsMap.getResultPosition(b.getAffineDimExpr(dims.columns));
    Value whole = getWhole(columns, position, vectors * vector.getDimSize(0));
    SmallVector<Value> panel, sums;
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
        sums.push_back(
            math::FmaOp::create(b, loc, broadcast, panel[i],
                                loop.getRegionIterArg(row * vectors + i)));
    }
    return sums;
  }
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
