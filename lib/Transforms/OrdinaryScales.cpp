// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Transforms/OrdinaryScales.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::mx;

static constexpr int64_t kLeast = 127 - 40, kMost = 127 + 40;

/// Whether one scale is ordinary.
static Value isOrdinary(OpBuilder &b, Location loc, Value scale) {
  auto constant = [&](int64_t value) -> Value {
    return arith::ConstantOp::create(b, loc,
                                     b.getIntegerAttr(b.getI8Type(), value));
  };
  Value byte = arith::BitcastOp::create(b, loc, b.getI8Type(), scale);
  Value above = arith::SubIOp::create(b, loc, byte, constant(kLeast));
  Value inRange = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ule,
                                        above, constant(kMost - kLeast));
  Value zero = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, byte,
                                     constant(0));
  return arith::OrIOp::create(b, loc, inRange, zero);
}

/// Whether all scales of a tensor are ordinary.
static Value areOrdinary(OpBuilder &b, Location loc, Value scales) {
  auto type = cast<RankedTensorType>(scales.getType());
  unsigned rank = type.getRank();
  // A byte per scale, which loops add up faster than a bit.
  Value init = arith::ConstantOp::create(b, loc, b.getI8Type(),
                                         b.getIntegerAttr(b.getI8Type(), 0));
  Value empty =
      tensor::EmptyOp::create(b, loc, ArrayRef<int64_t>(), b.getI8Type());
  Value none = linalg::FillOp::create(b, loc, init, empty).getResult(0);
  SmallVector<AffineMap> maps = {b.getMultiDimIdentityMap(rank),
                                 AffineMap::get(rank, 0, b.getContext())};
  SmallVector<utils::IteratorType> iterators(rank,
                                             utils::IteratorType::reduction);
  auto body = [&](OpBuilder &b, Location loc, ValueRange args) {
    Value one =
        arith::ConstantOp::create(b, loc, b.getIntegerAttr(b.getI1Type(), 1));
    Value other =
        arith::XOrIOp::create(b, loc, isOrdinary(b, loc, args[0]), one);
    Value wide = arith::ExtUIOp::create(b, loc, b.getI8Type(), other);
    Value any = arith::OrIOp::create(b, loc, args[1], wide);
    linalg::YieldOp::create(b, loc, any);
  };
  Value others = linalg::GenericOp::create(b, loc, none.getType(), scales, none,
                                           maps, iterators, body)
                     .getResult(0);
  Value found = tensor::ExtractOp::create(b, loc, others, ValueRange());
  return arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, found, init);
}

Value mlir::mx::buildOrdinaryScales(OpBuilder &b, ContractOp op) {
  Value all;
  for (ValueRange scales :
       {ValueRange(op.getLhsScales()), ValueRange(op.getRhsScales())})
    for (Value scale : scales) {
      if (!isa<Float8E8M0FNUType>(getElementTypeOrSelf(scale.getType())))
        continue;
      Value these = areOrdinary(b, op.getLoc(), scale);
      all = all ? arith::AndIOp::create(b, op.getLoc(), all, these) : these;
    }
  return all;
}
