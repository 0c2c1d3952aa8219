// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "StoredElement.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace mlir::mx;

Type mlir::mx::getStoredType(Type element) {
  MLIRContext *context = element.getContext();
  if (element.isIndex())
    return IntegerType::get(context, 64);
  unsigned width = element.getIntOrFloatBitWidth();
  if (width <= 8 || element.isBF16() || element.isF16())
    return IntegerType::get(context, std::max(width, 8u));
  return element;
}

Value mlir::mx::fromStored(OpBuilder &b, Location loc, Value stored,
                           Type element) {
  if (stored.getType() == element)
    return stored;
  if (element.isIndex())
    return arith::IndexCastOp::create(b, loc, element, stored);
  unsigned width = element.getIntOrFloatBitWidth();
  if (stored.getType().getIntOrFloatBitWidth() > width)
    stored = arith::TruncIOp::create(b, loc, b.getIntegerType(width), stored);
  if (element.isInteger())
    return stored;
  return arith::BitcastOp::create(b, loc, element, stored);
}

Value mlir::mx::toStored(OpBuilder &b, Location loc, Value value) {
  Type element = value.getType(), type = getStoredType(element);
  if (type == element)
    return value;
  if (element.isIndex())
    return arith::IndexCastOp::create(b, loc, type, value);
  unsigned width = element.getIntOrFloatBitWidth();
  if (!element.isInteger())
    value = arith::BitcastOp::create(b, loc, b.getIntegerType(width), value);
  if (type.getIntOrFloatBitWidth() > width)
    value = arith::ExtUIOp::create(b, loc, type, value);
  return value;
}
