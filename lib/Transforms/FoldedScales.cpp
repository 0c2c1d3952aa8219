// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Transforms/FoldedScales.h"
#include "mx/IR/ScaleMap.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::mx;

/// Whether the scale with `map` has one value for the whole sum of each result.
static bool isConstantOverSum(ContractOp op, AffineMap map) {
  SmallVector<int64_t> extents = op.getStaticLoopRanges();
  return llvm::none_of(parseMap(map), [&](const MapResult &result) {
    return llvm::any_of(result.terms, [&](const MapResult::Term &term) {
      int64_t extent = extents[term.dim];
      return !op.getInitMap().isFunctionOfDim(term.dim) &&
             (ShapedType::isDynamic(extent) || extent > result.block);
    });
  });
}

FailureOr<SmallVector<ScaleGroup>> mlir::mx::getSumScales(ContractOp op) {
  SmallVector<ScaleGroup> groups(2);
  bool hasF32 = false, hasE8M0 = false;
  auto place = [&](ScaleGroup &group, Value elements, ValueRange scales,
                   ArrayRef<AffineMap> maps) {
    unsigned folded = 0;
    for (auto [scale, map] : llvm::zip_equal(scales, maps)) {
      Type type = getElementTypeOrSelf(scale.getType());
      if (!type.isF32()) {
        hasE8M0 |= isa<Float8E8M0FNUType>(type);
        ++folded;
        continue;
      }
      hasF32 = true;
      if (!isConstantOverSum(op, map))
        return failure();
      group.scales.push_back(scale);
      group.maps.push_back(map);
    }
    unsigned bits =
        getElementTypeOrSelf(elements.getType()).getIntOrFloatBitWidth();
    return success(folded == 0 || (folded == 1 && bits <= 8));
  };
  if (failed(place(groups[0], op.getLhs(), op.getLhsScales(),
                   op.getLhsScaleMaps())) ||
      failed(place(groups[1], op.getRhs(), op.getRhsScales(),
                   op.getRhsScaleMaps())) ||
      (hasF32 && hasE8M0))
    return failure();
  return groups;
}

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
