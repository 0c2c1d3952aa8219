// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "BufferSize.h"
#include "mx/Transforms/ElementBytes.h"
#include "mx/Transforms/SizeFunction.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;
using namespace mlir::mx;

/// A cache line: no two buffers share one, and vectors are aligned.
static constexpr int64_t kAlignment = 64;

std::optional<BufferSize> BufferSize::get(memref::AllocOp alloc) {
  MemRefType type = alloc.getType();
  std::optional<int64_t> bytes = getElementBytes(type.getElementType());
  if (!bytes || !type.getLayout().isIdentity() ||
      !alloc.getSymbolOperands().empty())
    return std::nullopt;
  BufferSize size;
  size.factor = *bytes;
  for (int64_t extent : type.getShape())
    if (!ShapedType::isDynamic(extent))
      size.factor *= extent;
  llvm::append_range(size.extents, alloc.getDynamicSizes());
  return size;
}

bool BufferSize::operator==(const BufferSize &other) const {
  return factor == other.factor && extents.size() == other.extents.size() &&
         std::is_permutation(extents.begin(), extents.end(),
                             other.extents.begin());
}

Value mlir::mx::multiplySizes(OpBuilder &b, Location loc, Value lhs,
                              Value rhs) {
  auto product = arith::MulUIExtendedOp::create(b, loc, lhs, rhs);
  Value zero = arith::ConstantIndexOp::create(b, loc, 0);
  Value largest = arith::ConstantIndexOp::create(b, loc, kLargestSize);
  Value fits = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq,
                                     product.getHigh(), zero);
  Value smaller = arith::MinUIOp::create(b, loc, product.getLow(), largest);
  return arith::SelectOp::create(b, loc, fits, smaller, largest);
}

bool Hoister::isBefore(Value value, Operation *anchor) {
  if (Operation *op = value.getDefiningOp())
    return op->getBlock() == anchor->getBlock() && op->isBeforeInBlock(anchor);
  return value.getParentBlock() == anchor->getBlock();
}

Value Hoister::hoist(Value value, Operation *anchor) {
  if (isBefore(value, anchor))
    return value;
  if (Value known = hoisted.lookup(value))
    return known;
  Operation *op = value.getDefiningOp();
  auto alloc = dyn_cast_if_present<memref::AllocOp>(op);
  if (!op || op->getNumRegions() || !(alloc || isPure(op)))
    return {};
  IRMapping mapping;
  SmallVector<Value> operands;
  for (Value operand : op->getOperands()) {
    Value before = hoist(operand, anchor);
    if (!before)
      return {};
    mapping.map(operand, before);
    operands.push_back(before);
  }
  OpBuilder b(anchor);
  if (alloc)
    return hoisted[value] = createShape(b, alloc, operands);
  Operation *clone = b.clone(*op, mapping);
  for (auto [old, result] :
       llvm::zip_equal(op->getResults(), clone->getResults()))
    hoisted[old] = result;
  return hoisted.lookup(value);
}

Value Hoister::materialize(const BufferSize &size, Operation *anchor) {
  OpBuilder b(anchor);
  Location loc = anchor->getLoc();
  if (size.extents.empty())
    return arith::ConstantIndexOp::create(
        b, loc, llvm::alignTo(size.factor, kAlignment));
  Value zero = arith::ConstantIndexOp::create(b, loc, 0);
  Value bytes = arith::ConstantIndexOp::create(b, loc, size.factor);
  for (Value extent : size.extents) {
    Value factor = hoistBound(extent, anchor);
    if (!factor)
      return {};
    // An extent may be computed before the check that it is none below zero.
    factor = arith::MaxSIOp::create(b, loc, factor, zero);
    bytes = multiplySizes(b, loc, bytes, factor);
  }
  Value rest = arith::ConstantIndexOp::create(b, loc, kAlignment - 1);
  Value mask = arith::ConstantIndexOp::create(b, loc, -kAlignment);
  bytes = arith::AddIOp::create(b, loc, bytes, rest);
  return arith::AndIOp::create(b, loc, bytes, mask);
}
