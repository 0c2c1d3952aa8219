// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "RegisterTile.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace mlir::mx;

RegisterTile::RegisterTile(OpBuilder &b, ContractOp op, const MatmulDims &dims,
                           int64_t lanes)
    : b(b), op(op), loc(op.getLoc()), dims(dims),
      vector(VectorType::get({lanes}, b.getF32Type())), columns(op.getRhs()),
      rows(op.getLhs()), columnsMap(op.getRhsMap()), rowsMap(op.getLhsMap()) {
  if (dims.columnsAreLhs) {
    std::swap(columns, rows);
    std::swap(columnsMap, rowsMap);
  }
}

Value RegisterTile::index(int64_t value) {
  return arith::ConstantIndexOp::create(b, loc, value);
}

Value RegisterTile::getExtent(unsigned dim) {
  for (auto [operand, map] :
       llvm::zip_equal(op->getOpOperands(), op.getIndexingMapsArray()))
    if (auto position = map.getResultPosition(b.getAffineDimExpr(dim)))
      return b.createOrFold<memref::DimOp>(loc, operand.get(), *position);
  llvm_unreachable("verified: every dimension is in some map");
}

Value RegisterTile::getMask(Value columns, int64_t i) {
  Value rest =
      arith::SubIOp::create(b, loc, columns, index(i * vector.getDimSize(0)));
  return vector::CreateMaskOp::create(
      b, loc, VectorType::get(vector.getShape(), b.getI1Type()), rest);
}

SmallVector<Value> RegisterTile::getIndices(AffineMap map,
                                            const Position &position) {
  SmallVector<Value> indices;
  for (AffineExpr expr : map.getResults()) {
    Value found = position[cast<AffineDimExpr>(expr).getPosition()];
    indices.push_back(found ? found : index(0));
  }
  return indices;
}

RegisterTile::Position RegisterTile::getPosition(int64_t row, int64_t i) {
  Position position = getPosition();
  if (dims.rows)
    position[*dims.rows] = index(row);
  position[dims.columns] = index(i * vector.getDimSize(0));
  return position;
}

SmallVector<Value> RegisterTile::loadInits(int64_t rows, int64_t vectors,
                                           ArrayRef<Value> masks) {
  SmallVector<Value> values;
  for (int64_t row = 0; row < rows; ++row)
    for (int64_t i = 0; i < vectors; ++i)
      values.push_back(load(vector, op.getInit(),
                            getIndices(op.getInitMap(), getPosition(row, i)),
                            masks.empty() ? Value() : masks[i]));
  return values;
}

void RegisterTile::storeInits(ValueRange values, int64_t rows, int64_t vectors,
                              ArrayRef<Value> masks) {
  for (int64_t row = 0; row < rows; ++row)
    for (int64_t i = 0; i < vectors; ++i) {
      Value value = values[row * vectors + i];
      SmallVector<Value> indices =
          getIndices(op.getInitMap(), getPosition(row, i));
      if (masks.empty())
        vector::StoreOp::create(b, loc, value, op.getInit(), indices);
      else
        vector::MaskedStoreOp::create(b, loc, op.getInit(), indices, masks[i],
                                      value);
    }
}

Value RegisterTile::load(VectorType type, Value source, ValueRange indices,
                         Value mask) {
  if (!mask)
    return vector::LoadOp::create(b, loc, type, source, indices);
  Value zeros = arith::ConstantOp::create(b, loc, b.getZeroAttr(type));
  return vector::MaskedLoadOp::create(b, loc, type, source, indices, mask,
                                      zeros);
}

Value RegisterTile::getWhole(Value operand, int64_t position, int64_t columns) {
  while (auto part = operand.getDefiningOp<memref::SubViewOp>()) {
    if (part.getSourceType().getRank() != part.getType().getRank() ||
        !llvm::all_of(part.getMixedOffsets(), isZeroInteger) ||
        !part.hasUnitStride())
      return {};
    operand = part.getSource();
    int64_t extent = part.getSourceType().getDimSize(position);
    if (!ShapedType::isDynamic(extent) && extent >= columns)
      return operand;
  }
  return {};
}
