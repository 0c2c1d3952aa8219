// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// The meaning of mx.contract: loops over the blocks, and in each block the
/// sum of the products of elements, scaled once.
#include "mx/IR/MX.h"
#include "mx/IR/ScaleBuilder.h"
#include "mx/IR/ScaleMap.h"
#include "mx/IR/ScaledSum.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::mx;

/// Per dimension the step at which every scale is constant along it, or 0
/// where all scales are constant along the whole contracted dimension.
static SmallVector<int64_t> getReductionSteps(ContractOp op) {
  SmallVector<int64_t> extents = op.getStaticLoopRanges();
  SmallVector<int64_t> steps(extents.size(), 0);
  AffineMap init = op.getInitMap();
  SmallVector<AffineMap> maps = op.getLhsScaleMaps();
  llvm::append_range(maps, op.getRhsScaleMaps());
  for (AffineMap map : maps)
    for (const MapResult &result : parseMap(map))
      for (const MapResult::Term &term : result.terms) {
        int64_t extent = extents[term.dim];
        if (init.isFunctionOfDim(term.dim) ||
            (!ShapedType::isDynamic(extent) && extent <= result.block))
          continue;
        int64_t &step = steps[term.dim];
        step = step ? std::min(step, result.block) : result.block;
      }
  return steps;
}

/// Casts the floats of `source` elementwise to those of `destination`, which is
/// overwritten.
static Value castElements(OpBuilder &b, Location loc, Value source,
                          Value destination) {
  auto type = cast<RankedTensorType>(source.getType());
  Type element = getElementTypeOrSelf(destination.getType());
  SmallVector<AffineMap> maps(
      2, b.getMultiDimIdentityMap(static_cast<unsigned>(type.getRank())));
  SmallVector<utils::IteratorType> iterators(type.getRank(),
                                             utils::IteratorType::parallel);
  bool extend = type.getElementTypeBitWidth() < element.getIntOrFloatBitWidth();
  return linalg::GenericOp::create(
             b, loc, destination.getType(), source, destination, maps,
             iterators,
             [&](OpBuilder &b, Location loc, ValueRange args) {
               Value value;
               if (extend)
                 value = arith::ExtFOp::create(b, loc, element, args[0]);
               else
                 value = arith::TruncFOp::create(b, loc, element, args[0]);
               linalg::YieldOp::create(b, loc, value);
             })
      .getResult(0);
}

/// acc + lhs * rhs over the factors' elements, scales aside.
static Value contractElements(OpBuilder &b, ContractOp op, Value acc) {
  SmallVector<AffineMap> maps = {op.getLhsMap(), op.getRhsMap(),
                                 op.getInitMap()};
  auto body = [&](OpBuilder &b, Location loc, ValueRange args) {
    Value lhs = decodeElement(b, loc, args[0], op.getElementMeaning(true));
    Value rhs = decodeElement(b, loc, args[1], op.getElementMeaning(false));
    Value product = arith::MulFOp::create(b, loc, lhs, rhs);
    Value sum = arith::AddFOp::create(b, loc, args[2], product);
    linalg::YieldOp::create(b, loc, sum);
  };
  return linalg::GenericOp::create(b, op.getLoc(), acc.getType(),
                                   ValueRange{op.getLhs(), op.getRhs()}, acc,
                                   maps, op.getIteratorTypes(), body)
      .getResult(0);
}

/// The scale's map as a function of the init's dimensions: what runs along a
/// contracted dimension is constant in this block.
static AffineMap projectToInit(AffineMap scale, AffineMap init) {
  MLIRContext *context = scale.getContext();
  SmallVector<AffineExpr> replacements(scale.getNumDims(),
                                       getAffineConstantExpr(0, context));
  for (auto [index, expr] : llvm::enumerate(init.getResults()))
    replacements[cast<AffineDimExpr>(expr).getPosition()] =
        getAffineDimExpr(index, context);
  return scale.replaceDimsAndSymbols(replacements, {}, init.getNumResults(), 0);
}

Value mlir::mx::addScaledSum(OpBuilder &b, Location loc, Value sum, Value acc,
                             AffineMap init, ArrayRef<ScaleGroup> groups) {
  unsigned rank = cast<ShapedType>(acc.getType()).getRank();
  SmallVector<AffineMap> maps = {b.getMultiDimIdentityMap(rank)};
  SmallVector<Value> inputs = {sum};
  for (const ScaleGroup &group : groups)
    for (auto [scale, map] : llvm::zip_equal(group.scales, group.maps)) {
      inputs.push_back(scale);
      maps.push_back(projectToInit(map, init));
    }
  maps.push_back(maps.front());
  auto body = [&](OpBuilder &b, Location loc, ValueRange args) {
    ValueRange scales = args.drop_front().drop_back();
    SmallVector<SmallVector<Value>> values;
    for (const ScaleGroup &group : groups) {
      values.push_back(llvm::to_vector(scales.take_front(group.scales.size())));
      scales = scales.drop_front(group.scales.size());
    }
    Value scaled = applyScales(b, loc, args.front(), values);
    Value total = arith::AddFOp::create(b, loc, args.back(), scaled);
    linalg::YieldOp::create(b, loc, total);
  };
  SmallVector<utils::IteratorType> iterators(rank,
                                             utils::IteratorType::parallel);
  return linalg::GenericOp::create(b, loc, acc.getType(), inputs, acc, maps,
                                   iterators, body)
      .getResult(0);
}

Value mlir::mx::createZeros(OpBuilder &b, Location loc, Value like) {
  Value empty = tensor::EmptyOp::create(
      b, loc, tensor::getMixedSizes(b, loc, like), b.getF32Type());
  Value zero = arith::ConstantOp::create(b, loc, b.getF32FloatAttr(0.0f));
  return linalg::FillOp::create(b, loc, zero, empty).getResult(0);
}

/// The decomposition of an op in which every scale is constant along the
/// contracted dimensions.
static Value decomposeBlock(OpBuilder &b, ContractOp op, Value acc) {
  if (op.getLhsScales().empty() && op.getRhsScales().empty())
    return contractElements(b, op, acc);
  Value zeros = createZeros(b, op.getLoc(), acc);
  return addScaledSum(
      b, op.getLoc(), contractElements(b, op, zeros), acc, op.getInitMap(),
      {{llvm::to_vector(op.getLhsScales()), op.getLhsScaleMaps()},
       {llvm::to_vector(op.getRhsScales()), op.getRhsScaleMaps()}});
}

/// Loops over the blocks of the contracted dimensions from `dim` on; the
/// accumulator is carried from block to block.
static FailureOr<Value> decomposeLoops(OpBuilder &b, ContractOp op,
                                       ArrayRef<int64_t> steps, unsigned dim,
                                       SmallVector<OpFoldResult> offsets,
                                       SmallVector<OpFoldResult> sizes,
                                       Value acc) {
  while (dim < steps.size() && !steps[dim])
    ++dim;
  Location loc = op.getLoc();
  if (dim == steps.size()) {
    FailureOr<TilingResult> tile = op.getTile(b, offsets, sizes);
    if (failed(tile))
      return failure();
    auto tiled = cast<ContractOp>(tile->tiledOps.front());
    Value result = decomposeBlock(b, tiled, acc);
    // The tile served as a description; its slices of the factors stay in use.
    Operation *slice = tiled.getInit().getDefiningOp();
    tiled.erase();
    if (slice && slice->use_empty() && slice != op.getInit().getDefiningOp())
      slice->erase();
    return result;
  }
  Value zero = arith::ConstantIndexOp::create(b, loc, 0);
  Value step = arith::ConstantIndexOp::create(b, loc, steps[dim]);
  Value end = getValueOrCreateConstantIndexOp(b, loc, sizes[dim]);
  auto loop = scf::ForOp::create(b, loc, zero, end, step, acc);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  AffineExpr d0, d1;
  bindDims(b.getContext(), d0, d1);
  OpFoldResult extent = sizes[dim];
  offsets[dim] = loop.getInductionVar();
  std::optional<int64_t> count = getConstantIntValue(extent);
  if (count && *count % steps[dim] == 0)
    sizes[dim] = b.getIndexAttr(steps[dim]);
  else // The last block may be short.
    sizes[dim] = affine::makeComposedFoldedAffineMin(
        b, loc,
        AffineMap::get(2, 0, {b.getAffineConstantExpr(steps[dim]), d1 - d0},
                       b.getContext()),
        {offsets[dim], extent});
  FailureOr<Value> value = decomposeLoops(b, op, steps, dim + 1, offsets, sizes,
                                          loop.getRegionIterArg(0));
  if (failed(value))
    return failure();
  scf::YieldOp::create(b, loc, *value);
  return loop.getResult(0);
}

FailureOr<SmallVector<Value>> ContractOp::decomposeOperation(OpBuilder &b) {
  auto init = dyn_cast<RankedTensorType>(getInit().getType());
  if (!init)
    return failure();
  Location loc = getLoc();
  Type element = init.getElementType();
  Value acc = getInit();
  if (!element.isF32()) {
    Value wide = tensor::EmptyOp::create(
        b, loc, tensor::getMixedSizes(b, loc, acc), b.getF32Type());
    acc = castElements(b, loc, acc, wide);
  }
  SmallVector<OpFoldResult> offsets, sizes;
  for (Range range : getIterationDomain(b)) {
    offsets.push_back(range.offset);
    sizes.push_back(range.size);
  }
  SmallVector<int64_t> steps = getReductionSteps(*this);
  FailureOr<Value> result = failure();
  if (llvm::is_contained(getStaticLoopRanges(), 0))
    result = acc; // Nothing to add, and slices of nothing do not verify.
  else if (llvm::all_of(steps, [](int64_t step) { return step == 0; }))
    result = decomposeBlock(b, *this, acc);
  else
    result = decomposeLoops(b, *this, steps, 0, offsets, sizes, acc);
  if (failed(result))
    return failure();
  if (!element.isF32())
    result = castElements(b, loc, *result, getInit());
  return SmallVector<Value>{*result};
}
