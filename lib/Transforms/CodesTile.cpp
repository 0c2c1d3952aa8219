// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "CodesTile.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::mx;

CodesTile::CodesTile(OpBuilder &b, ContractOp op, const MatmulDims &dims,
                     TargetAttr target)
    : RegisterTile(b, op, dims, target.getLanes()),
      decoder(CodeDecoder::get(op, dims.columnsAreLhs, target)),
      prefetch(target.getPrefetch()) {}

void CodesTile::readWhole(int64_t vectors) {
  AffineExpr column = b.getAffineDimExpr(dims.columns);
  if (!hasPairs)
    wholeCodes = getWhole(columns, *columnsMap.getResultPosition(column),
                          vectors * vector.getDimSize(0));
}

SmallVector<int64_t> CodesTile::getColumnsOrder() {
  return decoder.getRowOrder(vector.getDimSize(0));
}

Value CodesTile::getPanel(int64_t vectors) {
  unsigned dim = *columnsMap.getResultPosition(b.getAffineDimExpr(dims.sum));
  Value panel = wholeCodes ? wholeCodes : columns;
  SmallVector<int64_t> strides;
  int64_t offset;
  bool isPanel = succeeded(cast<MemRefType>(panel.getType())
                               .getStridesAndOffset(strides, offset)) &&
                 dim + 2 == strides.size() &&
                 strides[dim] == getRowBytes(vectors);
  return isPanel ? panel : Value();
}

void CodesTile::prefetchCodes(Value at, int64_t vectors) {
  Value panel = getPanel(vectors);
  if (!panel || prefetch == 0)
    return;
  Position position = getPosition();
  position[dims.sum] = arith::AddIOp::create(
      b, loc, at, index(llvm::divideCeil(prefetch, getRowBytes(vectors))));
  memref::PrefetchOp::create(b, loc, panel, getColumnsIndices(position),
                             /*isWrite=*/false, /*localityHint=*/3,
                             /*isDataCache=*/true);
}

SmallVector<SmallVector<Value>> CodesTile::decode(ArrayRef<Value> step,
                                                  int64_t vectors,
                                                  ArrayRef<Value> masks) {
  int64_t lanes = vector.getDimSize(0);
  if (step.size() == 1 || !hasPairs || !decoder.takesTwoRows(lanes) ||
      !getPanel(vectors))
    return llvm::map_to_vector(
        step, [&](Value at) { return decode(at, vectors, masks); });
  // Two rows are one of their memref with rows of any length.
  Position position = getPosition();
  position[dims.sum] = step[1];
  SmallVector<Value> indices = getColumnsIndices(position);
  indices.pop_back();
  indices.back() = arith::MulIOp::create(b, loc, indices.back(), index(lanes));
  auto bytes = VectorType::get({2 * lanes}, b.getI8Type());
  SmallVector<Value> elements = decoder.decodeRows(
      b, loc, load(bytes, mergeLastTwo(columns), indices, Value()), lanes);
  auto take = [&](int64_t row) {
    return SmallVector<Value>(ArrayRef(elements).slice(row * vectors, vectors));
  };
  return {take(1), take(0)};
}

SmallVector<Value> CodesTile::decode(Value at, int64_t vectors,
                                     ArrayRef<Value> masks) {
  int64_t lanes = vector.getDimSize(0);
  Type code = getElementTypeOrSelf(columns.getType());
  auto loadCodes = [&](int64_t count, Value source, int64_t i, Value mask) {
    Position position = getPosition(0, i);
    position[dims.sum] = at;
    return load(VectorType::get({count}, code), source,
                getColumnsIndices(position), mask);
  };
  if (hasPairs)
    return decoder.decodeRows(b, loc, loadCodes(lanes, columns, 0, Value()),
                              lanes);
  // All at once: the integers on the way to f16 have half the width.
  if (wholeCodes || masks.empty())
    return decoder.decode(b, loc,
                          loadCodes(vectors * lanes,
                                    wholeCodes ? wholeCodes : columns, 0,
                                    Value()),
                          lanes);
  SmallVector<Value> elements;
  for (int64_t i = 0; i < vectors; ++i)
    llvm::append_range(
        elements,
        decoder.decode(b, loc, loadCodes(lanes, columns, i, masks[i]), lanes));
  return elements;
}
