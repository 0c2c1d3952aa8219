// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "BuildGeneric.h"
#include "CacheSets.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;

Value mlir::mx::buildGeneric(
    OpBuilder &b, Location loc, ArrayRef<OpFoldResult> sizes, Type element,
    ValueRange inputs, ArrayRef<AffineMap> inputMaps,
    function_ref<Value(OpBuilder &, Location, ValueRange)> body) {
  return buildGeneric(b, loc, tensor::EmptyOp::create(b, loc, sizes, element),
                      inputs, inputMaps, body);
}

Value mlir::mx::buildGeneric(
    OpBuilder &b, Location loc, Value empty, ValueRange inputs,
    ArrayRef<AffineMap> inputMaps,
    function_ref<Value(OpBuilder &, Location, ValueRange)> body) {
  int64_t rank = cast<RankedTensorType>(empty.getType()).getRank();
  SmallVector<AffineMap> maps(inputMaps);
  maps.push_back(b.getMultiDimIdentityMap(rank));
  SmallVector<utils::IteratorType> iterators(rank,
                                             utils::IteratorType::parallel);
  return linalg::GenericOp::create(
             b, loc, empty.getType(), inputs, empty, maps, iterators,
             [&](OpBuilder &b, Location loc, ValueRange args) {
               linalg::YieldOp::create(b, loc, body(b, loc, args.drop_back()));
             })
      .getResult(0);
}

Value mlir::mx::createRows(OpBuilder &b, Location loc,
                           ArrayRef<OpFoldResult> sizes, Type element,
                           int64_t count, unsigned rowDims) {
  size_t outer = sizes.size() - rowDims;
  if (outer > 0)
    if (auto all = getConstantIntValue(sizes[outer - 1]))
      count = std::min(count, *all);
  auto row = getConstantIntValues(sizes.drop_front(outer));
  int64_t perLine = kLineBytes * 8 / element.getIntOrFloatBitWidth();
  int64_t length = row ? ShapedType::getNumElements(*row) : 0;
  if (length == 0 || length % perLine != 0 ||
      count <= getMostLines(length / perLine * kLineBytes))
    return tensor::EmptyOp::create(b, loc, sizes, element);
  SmallVector<OpFoldResult> apart(sizes);
  apart[outer] = b.getIndexAttr(
      row->front() + llvm::divideCeil(perLine, length / row->front()));
  SmallVector<OpFoldResult> offsets(sizes.size(), b.getIndexAttr(0));
  SmallVector<OpFoldResult> strides(sizes.size(), b.getIndexAttr(1));
  return tensor::ExtractSliceOp::create(
      b, loc, tensor::EmptyOp::create(b, loc, apart, element), offsets, sizes,
      strides);
}
