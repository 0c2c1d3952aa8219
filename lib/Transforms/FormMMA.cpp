// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Transforms/MatmulDims.h"
#include "mx/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/PatternMatch.h"

namespace mlir::mx {
#define GEN_PASS_DEF_MXFORMMMA
#include "mx/Transforms/Passes.h.inc"
} // namespace mlir::mx

using namespace mlir;
using namespace mlir::mx;

namespace {
/// Builds the code of one register tile: its rows and columns in vectors, a
/// loop over the sum that adds an outer product in every step.
class TileBuilder {
public:
  TileBuilder(OpBuilder &b, ContractOp op, const MatmulDims &dims,
              int64_t lanes)
      : b(b), op(op), loc(op.getLoc()), dims(dims),
        vector(VectorType::get({lanes}, b.getF32Type())) {}

  /// The code for `rows` rows and `vectors` vectors of columns, of which
  /// `masks` (or none) says which columns there are.
  void build(int64_t rows, int64_t vectors, ArrayRef<Value> masks) {
    SmallVector<Value> sums;
    for (int64_t row = 0; row < rows; ++row)
      for (int64_t i = 0; i < vectors; ++i)
        sums.push_back(
            load(op.getInit(), op.getInitMap(), index(row), i, Value(), masks));
    Value extent = getExtent(dims.sum);
    auto loop = scf::ForOp::create(b, loc, index(0), extent, index(1), sums);
    {
      OpBuilder::InsertionGuard guard(b);
      b.setInsertionPointToStart(loop.getBody());
      scf::YieldOp::create(b, loc, addProducts(loop, rows, vectors, masks));
    }
    for (int64_t row = 0; row < rows; ++row)
      for (int64_t i = 0; i < vectors; ++i)
        store(loop.getResult(row * vectors + i), index(row), i, masks);
  }

  Value index(int64_t value) {
    return arith::ConstantIndexOp::create(b, loc, value);
  }

  /// The extent of a dimension of the tile.
  Value getExtent(unsigned dim) {
    for (auto [operand, map] :
         llvm::zip_equal(op->getOpOperands(), op.getIndexingMapsArray()))
      if (auto position = map.getResultPosition(b.getAffineDimExpr(dim)))
        return b.createOrFold<memref::DimOp>(loc, operand.get(), *position);
    llvm_unreachable("verified: every dimension is in some map");
  }

  /// The mask of vector `i` of `columns` columns.
  Value getMask(Value columns, int64_t i) {
    Value rest =
        arith::SubIOp::create(b, loc, columns, index(i * vector.getDimSize(0)));
    return vector::CreateMaskOp::create(
        b, loc, VectorType::get(vector.getShape(), b.getI1Type()), rest);
  }

private:
  /// The sums of a step of the loop.
  SmallVector<Value> addProducts(scf::ForOp loop, int64_t rows, int64_t vectors,
                                 ArrayRef<Value> masks) {
    Value columns = dims.columnsAreLhs ? op.getLhs() : op.getRhs();
    Value others = dims.columnsAreLhs ? op.getRhs() : op.getLhs();
    AffineMap columnsMap = dims.columnsAreLhs ? op.getLhsMap() : op.getRhsMap();
    AffineMap othersMap = dims.columnsAreLhs ? op.getRhsMap() : op.getLhsMap();
    Value sum = loop.getInductionVar();
    SmallVector<Value> panel, sums;
    for (int64_t i = 0; i < vectors; ++i)
      panel.push_back(load(columns, columnsMap, Value(), i, sum, masks));
    for (int64_t row = 0; row < rows; ++row) {
      Value element = memref::LoadOp::create(
          b, loc, others, getIndices(othersMap, index(row), 0, sum));
      Value broadcast = vector::BroadcastOp::create(b, loc, vector, element);
      for (int64_t i = 0; i < vectors; ++i)
        sums.push_back(
            vector::FMAOp::create(b, loc, broadcast, panel[i],
                                  loop.getRegionIterArg(row * vectors + i)));
    }
    return sums;
  }

  /// Where `map` leads for a row, the first column of a vector and a sum.
  SmallVector<Value> getIndices(AffineMap map, Value row, int64_t i,
                                Value sum) {
    SmallVector<Value> indices;
    for (AffineExpr expr : map.getResults()) {
      unsigned dim = cast<AffineDimExpr>(expr).getPosition();
      if (dim == dims.columns)
        indices.push_back(index(i * vector.getDimSize(0)));
      else if (dim == dims.sum)
        indices.push_back(sum);
      else
        indices.push_back(dim == dims.rows ? row : index(0));
    }
    return indices;
  }

  Value load(Value source, AffineMap map, Value row, int64_t i, Value sum,
             ArrayRef<Value> masks) {
    SmallVector<Value> indices = getIndices(map, row, i, sum);
    if (masks.empty())
      return vector::LoadOp::create(b, loc, vector, source, indices);
    Value zeros = arith::ConstantOp::create(b, loc, b.getZeroAttr(vector));
    return vector::MaskedLoadOp::create(b, loc, vector, source, indices,
                                        masks[i], zeros);
  }

  void store(Value value, Value row, int64_t i, ArrayRef<Value> masks) {
    SmallVector<Value> indices = getIndices(op.getInitMap(), row, i, Value());
    if (masks.empty())
      vector::StoreOp::create(b, loc, value, op.getInit(), indices);
    else
      vector::MaskedStoreOp::create(b, loc, op.getInit(), indices, masks[i],
                                    value);
  }

  OpBuilder &b;
  ContractOp op;
  Location loc;
  const MatmulDims &dims;
  VectorType vector;
};

struct FormMMA : mlir::mx::impl::MXFormMMABase<FormMMA> {
  void runOnOperation() override {
    SmallVector<ContractOp> tiles;
    getOperation()->walk([&](ContractOp op) {
      if (op->hasAttr(kRegisterTileAttr) &&
          isa<MemRefType>(op.getInit().getType()))
        tiles.push_back(op);
    });
    TargetAttr target = TargetAttr::get(getOperation());
    for (ContractOp op : tiles) {
      FailureOr<MatmulDims> dims = getMatmulDims(op);
      if (failed(dims)) {
        op.emitOpError("expected a tile of a matrix product");
        return signalPassFailure();
      }
      lowerTile(op, *dims, target);
      op.erase();
    }
  }

  /// One version of the tile's code for every number of rows that can occur,
  /// for all columns and, where it can occur, for fewer.
  static void lowerTile(ContractOp op, const MatmulDims &dims,
                        TargetAttr target) {
    OpBuilder b(op);
    auto [maxRows, maxColumns] = target.getRegisterTile();
    TileBuilder builder(b, op, dims, target.getLanes());
    SmallVector<int64_t> extents = op.getStaticLoopRanges();
    int64_t rows = dims.rows ? extents[*dims.rows] : 1;
    if (!ShapedType::isDynamic(rows))
      return lowerRows(b, builder, rows, extents[dims.columns], dims, target);
    Value found = builder.getExtent(*dims.rows);
    SmallVector<int64_t> cases;
    for (int64_t count = 1; count < maxRows; ++count)
      cases.push_back(count);
    auto choice = scf::IndexSwitchOp::create(b, op.getLoc(), TypeRange(), found,
                                             cases, cases.size());
    for (int64_t count = 1; count <= maxRows; ++count) {
      Region &region = count < maxRows ? choice.getCaseRegions()[count - 1]
                                       : choice.getDefaultRegion();
      b.setInsertionPointToStart(&region.emplaceBlock());
      lowerRows(b, builder, count, extents[dims.columns], dims, target);
      scf::YieldOp::create(b, op.getLoc());
    }
  }

  static void lowerRows(OpBuilder &b, TileBuilder &builder, int64_t rows,
                        int64_t columns, const MatmulDims &dims,
                        TargetAttr target) {
    int64_t lanes = target.getLanes();
    int64_t most = target.getRegisterTile().second;
    auto buildPartial = [&](Value found, int64_t vectors) {
      SmallVector<Value> masks;
      for (int64_t i = 0; i < vectors; ++i)
        masks.push_back(builder.getMask(found, i));
      builder.build(rows, vectors, masks);
    };
    if (!ShapedType::isDynamic(columns)) {
      if (columns % lanes == 0)
        return builder.build(rows, columns / lanes, {});
      return buildPartial(builder.index(columns),
                          llvm::divideCeil(columns, lanes));
    }
    Value found = builder.getExtent(dims.columns);
    Location loc = found.getLoc();
    Value all = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, found,
                                      builder.index(most));
    auto choice = scf::IfOp::create(b, loc, all, /*withElseRegion=*/true);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(choice.thenBlock());
    builder.build(rows, most / lanes, {});
    b.setInsertionPointToStart(choice.elseBlock());
    buildPartial(found, most / lanes);
  }
};
} // namespace
