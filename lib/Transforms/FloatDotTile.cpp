// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "RegisterTile.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::mx;

namespace {
class FloatDotTile : public RegisterTile {
public:
  FloatDotTile(OpBuilder &b, ContractOp op, const MatmulDims &dims,
               int64_t lanes, DotAttr dot)
      : RegisterTile(b, op, dims, lanes), dot(dot),
        // Groups and the elements of one come last in the rows' factor.
        group(rowsMap.getDimPosition(rowsMap.getNumResults() - 2)),
        groups(VectorType::get({dot.getLength() * lanes}, dot.getRhs())) {}

  void build(int64_t numRows, int64_t vectors, ArrayRef<Value> masks) override {
    // Parts of a panel are read as a whole, which needs no masks.
    Value whole = getWhole(columns, columnsMap.getNumResults() - 2,
                           vectors * vector.getDimSize(0));
    panel = mergeLastTwo(whole ? whole : columns);
    ArrayRef<Value> panelMasks = whole ? ArrayRef<Value>() : masks;
    buildPieces(group, dot.getLength(), numRows, vectors, masks,
                [&](Value begin, Value end, ValueRange sums) {
                  auto loop =
                      scf::ForOp::create(b, loc, begin, end, index(1), sums);
                  OpBuilder::InsertionGuard guard(b);
                  b.setInsertionPointToStart(loop.getBody());
                  scf::YieldOp::create(
                      b, loc, addDots(loop, numRows, vectors, panelMasks));
                  return SmallVector<Value>(loop.getResults());
                });
  }

private:
  /// The sums of a step of the loop over groups.
  SmallVector<Value> addDots(scf::ForOp loop, int64_t numRows, int64_t vectors,
                             ArrayRef<Value> masks) {
    auto getIndicesAt = [&](AffineMap map, int64_t row) {
      Position position = getPosition(row, 0);
      position[group] = loop.getInductionVar();
      return getIndices(map, position);
    };
    SmallVector<Value> factors, results;
    for (int64_t i = 0; i < vectors; ++i)
      factors.push_back(loadGroups(groups, panel, getIndicesAt(columnsMap, 0),
                                   i, masks.empty() ? Value() : masks[i]));
    for (int64_t row = 0; row < numRows; ++row) {
      Value elements = broadcastGroup(groups, getIndicesAt(rowsMap, row));
      for (int64_t i = 0; i < vectors; ++i)
        results.push_back(addDot(dot, loop.getRegionIterArg(row * vectors + i),
                                 elements, factors[i]));
    }
    return results;
  }

  DotAttr dot;
  unsigned group;
  VectorType groups;
  Value panel;
};
} // namespace

std::unique_ptr<RegisterTile>
mlir::mx::createFloatDotTile(OpBuilder &b, ContractOp op,
                             const MatmulDims &dims, int64_t lanes,
                             DotAttr dot) {
  AffineMap rows = dims.columnsAreLhs ? op.getRhsMap() : op.getLhsMap();
  AffineMap columns = dims.columnsAreLhs ? op.getLhsMap() : op.getRhsMap();
  if (!dot || getElementTypeOrSelf(op.getLhs().getType()) != dot.getLhs() ||
      getElementTypeOrSelf(op.getRhs().getType()) != dot.getRhs() ||
      !op.getLhsScales().empty() || !op.getRhsScales().empty() ||
      rows.getNumResults() < 2 || columns.getNumResults() < 3 ||
      op.getStaticLoopRanges()[dims.sum] != dot.getLength())
    return nullptr;
  // The dimensions that mx-tile makes.
  auto last = rows.getResults().take_back(2);
  auto others = columns.getResults().take_back(3);
  if (others[0] != last[0] ||
      others[1] != getAffineDimExpr(dims.columns, op.getContext()) ||
      others[2] != last[1] ||
      op.getInitMap().isFunctionOfDim(
          rows.getDimPosition(rows.getNumResults() - 2)))
    return nullptr;
  return std::make_unique<FloatDotTile>(b, op, dims, lanes, dot);
}
