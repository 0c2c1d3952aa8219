// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "RowIndex.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::mx;

RowIndex::RowIndex(OpBuilder &b, Location loc, ArrayRef<OpFoldResult> folded)
    : extents(getValueOrCreateConstantIndexOp(b, loc, folded)) {
  int64_t known = 1;
  for (OpFoldResult extent : folded) {
    std::optional<int64_t> value = getConstantIntValue(extent);
    known = value && known >= 0 ? known * *value : -1;
  }
  if (known >= 0) {
    count = arith::ConstantIndexOp::create(b, loc, known);
    return;
  }
  count = extents.front();
  for (Value extent : ArrayRef(extents).drop_front())
    count = arith::MulIOp::create(b, loc, count, extent);
}

RowIndex RowIndex::get(OpBuilder &b, Location loc, Value value, AffineMap map,
                       ArrayRef<unsigned> dims) {
  SmallVector<OpFoldResult> extents;
  for (unsigned dim : dims)
    extents.push_back(tensor::getMixedSize(
        b, loc, value, *map.getResultPosition(b.getAffineDimExpr(dim))));
  return RowIndex(b, loc, extents);
}

OpFoldResult RowIndex::getTiles(OpBuilder &b, Location loc,
                                int64_t size) const {
  if (std::optional<int64_t> known = getConstantIntValue(count))
    return b.getIndexAttr(llvm::divideCeil(*known, size));
  Value divisor = arith::ConstantIndexOp::create(b, loc, size);
  return arith::CeilDivUIOp::create(b, loc, count, divisor).getResult();
}

bool RowIndex::isMultipleOf(int64_t size) const {
  std::optional<int64_t> known = getConstantIntValue(count);
  return known && *known % size == 0;
}

void RowIndex::split(OpBuilder &b, Location loc, Value index,
                     ArrayRef<unsigned> dims, MutableArrayRef<Value> at) const {
  for (size_t i = dims.size(); i-- > 0;) {
    if (i == 0) {
      at[dims[0]] = index;
      break;
    }
    at[dims[i]] = arith::RemUIOp::create(b, loc, index, extents[i]);
    index = arith::DivUIOp::create(b, loc, index, extents[i]);
  }
}

Value RowIndex::merge(OpBuilder &b, Location loc,
                      ArrayRef<Value> indices) const {
  if (indices.empty())
    return arith::ConstantIndexOp::create(b, loc, 0);
  Value index = indices.front();
  for (auto [extent, inner] :
       llvm::zip_equal(ArrayRef(extents).drop_front(), indices.drop_front()))
    index = arith::AddIOp::create(
        b, loc, arith::MulIOp::create(b, loc, index, extent), inner);
  return index;
}
