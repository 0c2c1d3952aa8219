// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// The meaning of mx.dequantize: one elementwise linalg.generic.
#include "mx/IR/MX.h"
#include "mx/IR/ScaleBuilder.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"

using namespace mlir;
using namespace mlir::mx;

FailureOr<SmallVector<Value>> DequantizeOp::decomposeOperation(OpBuilder &b) {
  auto type = dyn_cast<RankedTensorType>(getOutput().getType());
  if (!type)
    return failure();
  unsigned rank = type.getRank();
  SmallVector<Value> inputs = {getElements()};
  llvm::append_range(inputs, getScales());
  SmallVector<AffineMap> maps = {b.getMultiDimIdentityMap(rank)};
  llvm::append_range(maps, getScaleMapsArray());
  maps.push_back(maps.front());
  SmallVector<utils::IteratorType> iterators(rank,
                                             utils::IteratorType::parallel);
  auto body = [&](OpBuilder &b, Location loc, ValueRange args) {
    Value element = decodeElement(b, loc, args.front(),
                                  {getFractionBits(), std::nullopt, Type()});
    SmallVector<Value> scales = llvm::to_vector(args.drop_front().drop_back());
    Value value = applyScales(b, loc, element, {scales});
    if (!type.getElementType().isF32())
      value = arith::TruncFOp::create(b, loc, type.getElementType(), value);
    linalg::YieldOp::create(b, loc, value);
  };
  return SmallVector<Value>(linalg::GenericOp::create(b, getLoc(), type, inputs,
                                                      getOutput(), maps,
                                                      iterators, body)
                                .getResults());
}
