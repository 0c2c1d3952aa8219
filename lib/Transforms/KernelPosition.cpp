// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "KernelPosition.h"
#include "KernelLaunch.h"
#include "mx/IR/ScaleMap.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace mlir::mx;

Value KernelPosition::constant(int64_t value) {
  return arith::ConstantIndexOp::create(b, loc, value);
}

Value KernelPosition::add(Value x, Value y) {
  return arith::AddIOp::create(b, loc, x, y);
}

Value KernelPosition::mul(Value x, Value y) {
  return arith::MulIOp::create(b, loc, x, y);
}

Value KernelPosition::min(Value x, Value y) {
  return arith::MinUIOp::create(b, loc, x, y);
}

Value KernelPosition::below(Value x, Value y) {
  return arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ult, x, y);
}

Value KernelPosition::load(Value buffer, AffineMap map) {
  SmallVector<Value> position;
  for (const MapResult &result : parseMap(map)) {
    Value index = result.isUnit() ? constant(0) : indices[result.terms[0].dim];
    if (result.block > 1)
      index = arith::DivUIOp::create(b, loc, index, constant(result.block));
    position.push_back(index);
  }
  return memref::LoadOp::create(b, loc, buffer, position);
}

Value KernelPosition::loadElement(bool isLhs) {
  return load(isLhs ? op.getLhs() : op.getRhs(),
              isLhs ? op.getLhsMap() : op.getRhsMap());
}

void KernelPosition::setRow(Value row) {
  if (dims.rows)
    indices[*dims.rows] = min(add(firstRow, row), lastRow);
}

void KernelPosition::setColumn(int64_t column) {
  indices[dims.columns] =
      min(add(firstColumn, constant(column * kWorkgroupSize)), lastColumn);
}

void KernelPosition::setInSum(Value k) {
  indices[dims.sum] = min(k, lastInSum);
}

Value KernelPosition::getChunkSize(Value k) {
  if (hasWholeChunks())
    return constant(shape.chunk);
  return min(constant(shape.chunk),
             arith::SubIOp::create(b, loc, sizes[dims.sum], k));
}

bool KernelPosition::hasWholeChunks() {
  int64_t extent = op.getStaticLoopRanges()[dims.sum];
  return !ShapedType::isDynamic(extent) && extent % shape.chunk == 0;
}
