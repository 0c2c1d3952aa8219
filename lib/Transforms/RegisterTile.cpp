// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "RegisterTile.h"
#include "LoopAnnotation.h"
#include "PackedPairs.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace mlir::mx;

/// The most products that are added up before their sum is added to the result:
/// about the square root of a long sum, where both count alike.
static constexpr int64_t kPiece = 128;

RegisterTile::RegisterTile(OpBuilder &b, ContractOp op, const MatmulDims &dims,
                           int64_t lanes)
    : b(b), op(op), loc(op.getLoc()), dims(dims),
      vector(VectorType::get({lanes}, b.getF32Type())), columns(op.getRhs()),
      rows(op.getLhs()), columnsMap(op.getRhsMap()), rowsMap(op.getLhsMap()) {
  if (dims.columnsAreLhs) {
    std::swap(columns, rows);
    std::swap(columnsMap, rowsMap);
  }
  hasPairs = holdsPackedPairs(columnsMap);
  columnsMap = getMapOfPairs(columnsMap);
  bool isLhs = dims.columnsAreLhs;
  ValueRange scales = isLhs ? op.getLhsScales() : op.getRhsScales();
  if (scales.empty())
    return;
  columnsScale = scales.front();
  columnsScaleMap =
      (isLhs ? op.getLhsScaleMaps() : op.getRhsScaleMaps()).front();
}

Value RegisterTile::index(int64_t value) {
  return arith::ConstantIndexOp::create(b, loc, value);
}

Value RegisterTile::getConstant(VectorType type, Attribute value) {
  return arith::ConstantOp::create(b, loc, DenseElementsAttr::get(type, value));
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

SmallVector<Value> RegisterTile::getColumnsIndices(const Position &position) {
  SmallVector<Value> indices = getIndices(columnsMap, position);
  if (hasPairs)
    indices.back() =
        b.createOrFold<arith::DivUIOp>(loc, indices.back(), index(2));
  return indices;
}

RegisterTile::Position RegisterTile::getPosition(int64_t row, int64_t i) {
  Position position = getPosition();
  if (dims.rows)
    position[*dims.rows] = index(row);
  position[dims.columns] = index(i * vector.getDimSize(0));
  return position;
}

void RegisterTile::buildPieces(unsigned dim, int64_t length, int64_t rows,
                               int64_t vectors, ArrayRef<Value> masks,
                               AddProducts addProducts) {
  int64_t most = kPiece / length;
  Value zero = arith::ConstantOp::create(b, loc, b.getZeroAttr(vector));
  SmallVector<Value> zeros(rows * vectors, zero);
  Value extent = getExtent(dim);
  OpBuilder::InsertionGuard guard(b);
  Value begin = index(0), end = extent;
  auto count = getConstantIntValue(extent);
  bool isOne = count && *count <= most;
  if (!isOne) {
    if (init)
      storeInits(getInits(rows, vectors, masks), rows, vectors, masks);
    auto pieces = scf::ForOp::create(b, loc, begin, extent, index(most));
    // The addresses of the result's rows would take the registers of the loop
    // over a piece.
    annotateLoop(pieces, {}, {}, getNoHoisting(b.getContext()));
    b.setInsertionPointToStart(pieces.getBody());
    begin = pieces.getInductionVar();
    end = arith::AddIOp::create(b, loc, begin, index(most));
    if (!count || *count % most != 0)
      end = arith::MinUIOp::create(b, loc, end, extent);
  }
  SmallVector<Value> sums = addProducts(begin, end, zeros);
  SmallVector<Value> inits =
      isOne ? getInits(rows, vectors, masks) : loadInits(rows, vectors, masks);
  for (auto [sum, init] : llvm::zip_equal(sums, inits))
    sum = arith::AddFOp::create(b, loc, init, sum);
  storeInits(sums, rows, vectors, masks);
}

SmallVector<Value> RegisterTile::buildPairs(Value begin, Value end, Steps steps,
                                            ValueRange sums, AddStep addStep) {
  OpBuilder::InsertionGuard guard(b);
  using At = function_ref<Value(Value)>;
  // A loop whose step `i` adds the products at each `at(i)`.
  auto buildLoop = [&](Value begin, Value end, ValueRange sums,
                       ArrayRef<At> products) {
    auto loop = scf::ForOp::create(b, loc, begin, end, index(1), sums);
    annotateLoop(loop, {}, getNoUnrolling(b.getContext()), {});
    b.setInsertionPointToStart(loop.getBody());
    SmallVector<Value> indices;
    for (At at : products)
      indices.push_back(at(loop.getInductionVar()));
    scf::YieldOp::create(b, loc, addStep(indices, loop.getRegionIterArgs()));
    b.setInsertionPointAfter(loop);
    return SmallVector<Value>(loop.getResults());
  };
  auto same = [](Value i) { return i; };
  auto other = [&](Value i) -> Value {
    return arith::XOrIOp::create(b, loc, i, index(1));
  };
  auto first = [&](Value pair) -> Value {
    return arith::MulIOp::create(b, loc, pair, index(2));
  };
  auto second = [&](Value pair) -> Value {
    return arith::AddIOp::create(b, loc, first(pair), index(1));
  };
  auto halve = [&](Value count) {
    return b.createOrFold<arith::DivUIOp>(loc, count, index(2));
  };
  auto extent = getConstantIntValue(getExtent(dims.sum));
  bool isEven = extent && *extent % 2 == 0;
  Value whole = isEven ? end : first(halve(end));
  SmallVector<Value> results =
      steps == Steps::Singles
          ? buildLoop(begin, whole, sums, {other})
          : buildLoop(halve(begin), halve(end), sums, {second, first});
  if (!isEven)
    results = buildLoop(whole, end, results, {same});
  return results;
}

SmallVector<Value> RegisterTile::getInits(int64_t rows, int64_t vectors,
                                          ArrayRef<Value> masks) {
  if (!init)
    return loadInits(rows, vectors, masks);
  Value all = vector::BroadcastOp::create(b, loc, vector, init);
  return SmallVector<Value>(rows * vectors, all);
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

Value RegisterTile::mergeLastTwo(Value panel) {
  unsigned rank = cast<MemRefType>(panel.getType()).getRank();
  SmallVector<ReassociationIndices> indices;
  for (unsigned i = 0; i + 2 < rank; ++i)
    indices.push_back({i});
  indices.push_back({rank - 2, rank - 1});
  return memref::CollapseShapeOp::create(b, loc, panel, indices);
}

Value RegisterTile::loadGroups(VectorType groups, Value panel,
                               SmallVector<Value> indices, int64_t i,
                               Value mask) {
  indices.pop_back();
  indices.back() = index(i * groups.getDimSize(0));
  int64_t length = groups.getDimSize(0) / vector.getDimSize(0);
  for (int64_t size = 1; mask && size < length; size *= 2)
    mask = vector::InterleaveOp::create(b, loc, mask, mask);
  return load(groups, panel, indices, mask);
}

Value RegisterTile::addDot(DotAttr dot, Value acc, Value x, Value y) {
  SmallVector<Value> arguments = {x, y};
  if (dot.accumulates())
    arguments.insert(arguments.begin(), acc);
  Value sum = LLVM::CallIntrinsicOp::create(b, loc, acc.getType(),
                                            b.getStringAttr(dot.getIntrinsic()),
                                            arguments)
                  .getResult(0);
  return dot.accumulates() ? sum : arith::AddIOp::create(b, loc, acc, sum);
}

Value RegisterTile::broadcastGroup(VectorType groups, ValueRange indices) {
  int64_t length = groups.getDimSize(0) / vector.getDimSize(0);
  auto group = VectorType::get({length}, groups.getElementType());
  Value elements = vector::LoadOp::create(b, loc, group, rows, indices);
  Value lane = vector::ExtractOp::create(
      b, loc,
      vector::BitCastOp::create(b, loc, VectorType::get({1}, b.getI32Type()),
                                elements),
      0);
  VectorType lanes = VectorType::get(vector.getShape(), b.getI32Type());
  return vector::BitCastOp::create(
      b, loc, groups, vector::BroadcastOp::create(b, loc, lanes, lane));
}

SmallVector<Value> RegisterTile::reorder(ArrayRef<Value> pair,
                                         ArrayRef<int64_t> order) {
  SmallVector<Value> results;
  for (ArrayRef<int64_t> half :
       {order.take_front(order.size() / 2), order.drop_front(order.size() / 2)})
    results.push_back(
        vector::ShuffleOp::create(b, loc, vector, pair[0], pair[1], half));
  return results;
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
