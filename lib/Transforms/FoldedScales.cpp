// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Transforms/FoldedScales.h"
#include "mx/IR/ScalarBuilder.h"
#include "mx/IR/ScaleMap.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
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

bool mlir::mx::holdsProductPairs(AffineMap map, const MatmulDims &dims) {
  return getBlockAlong(map, dims.sum) % 2 == 0;
}

static constexpr int64_t kLeast = 127 - 40, kMost = 127 + 40;

bool mlir::mx::isOrdinaryScale(uint8_t byte) {
  return byte >= kLeast && byte <= kMost;
}

/// What is found in a tensor of scales, as bits of a byte, which loops add up
/// faster than single bits: one that is not ordinary, and a byte 0.
static constexpr int64_t kOther = 1, kZero = 2;

/// What is found in the scale `byte`, an i8.
static Value classify(OpBuilder &b, ScalarBuilder &s, Value byte) {
  auto i8 = [&](int64_t value) {
    return s.constant(b.getIntegerAttr(b.getI8Type(), value));
  };
  Value isZero = s.compare(arith::CmpIPredicate::eq, byte, i8(0));
  Value isOther = s.compare(arith::CmpIPredicate::ugt, s.sub(byte, i8(kLeast)),
                            i8(kMost - kLeast));
  return s.select(isZero, i8(kZero), s.select(isOther, i8(kOther), i8(0)));
}

/// The disjunction of the bytes that `body` makes of `inputs`, element by
/// element.
static Value
buildOr(OpBuilder &b, Location loc, ValueRange inputs,
        ArrayRef<AffineMap> inputMaps,
        function_ref<Value(OpBuilder &, ScalarBuilder &, ValueRange)> body) {
  unsigned rank = inputMaps.front().getNumDims();
  Value init = arith::ConstantOp::create(b, loc, b.getI8Type(),
                                         b.getIntegerAttr(b.getI8Type(), 0));
  Value empty =
      tensor::EmptyOp::create(b, loc, ArrayRef<int64_t>(), b.getI8Type());
  Value none = linalg::FillOp::create(b, loc, init, empty).getResult(0);
  SmallVector<AffineMap> maps(inputMaps);
  maps.push_back(AffineMap::get(rank, 0, b.getContext()));
  SmallVector<utils::IteratorType> iterators(rank,
                                             utils::IteratorType::reduction);
  Value any =
      linalg::GenericOp::create(
          b, loc, none.getType(), inputs, none, maps, iterators,
          [&](OpBuilder &b, Location loc, ValueRange args) {
            ScalarBuilder s(b, loc);
            Value found = body(b, s, args.drop_back());
            linalg::YieldOp::create(b, loc, s.bitOr(args.back(), found));
          })
          .getResult(0);
  return tensor::ExtractOp::create(b, loc, any, ValueRange());
}

/// An i1: whether the i8 `found` holds none of `bits`.
static Value lacks(OpBuilder &b, Location loc, Value found, int64_t bits) {
  Type i8 = b.getI8Type();
  Value mask = arith::ConstantOp::create(b, loc, b.getIntegerAttr(i8, bits));
  Value zero = arith::ConstantOp::create(b, loc, b.getIntegerAttr(i8, 0));
  return arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq,
                               arith::AndIOp::create(b, loc, found, mask),
                               zero);
}

namespace {
/// An operand's elements, one of its scales, and the scale's map over the
/// elements' dimensions.
struct ScaledElements {
  Value elements, scale;
  AffineMap scaleMap;
};
} // namespace

/// An i1: whether all elements are zeros whose scale is 2^-127, the byte 0.
static Value buildAreZeros(OpBuilder &b, Location loc,
                           const ScaledElements &operand) {
  Type element = getElementTypeOrSelf(operand.elements.getType());
  AffineMap identity = b.getMultiDimIdentityMap(operand.scaleMap.getNumDims());
  Value found = buildOr(
      b, loc, {operand.elements, operand.scale}, {identity, operand.scaleMap},
      [&](OpBuilder &b, ScalarBuilder &s, ValueRange args) {
        unsigned width = element.getIntOrFloatBitWidth();
        Value code = s.bits(args[0], b.getIntegerType(width));
        if (width < 32)
          code = s.extend(code);
        // -0 is a zero of floats.
        int64_t magnitude = (int64_t(1) << (width - 1)) - 1;
        if (element.isInteger())
          magnitude = 2 * magnitude + 1;
        Value isZero = s.equal(s.bitAnd(code, s.i32(magnitude)), 0);
        Value byte = s.extend(s.bits(args[1], b.getI8Type()));
        Value one = s.select(s.equal(byte, 0), s.i32(1), s.i32(0));
        return s.truncate(s.select(isZero, s.i32(0), one), 8);
      });
  return lacks(b, loc, found, 1);
}

Value mlir::mx::buildOrdinaryScales(OpBuilder &b, ContractOp op,
                                    bool checkZeros) {
  Location loc = op.getLoc();
  SmallVector<ScaledElements> operands;
  auto add = [&](Value elements, AffineMap map, ValueRange scales,
                 ArrayRef<AffineMap> scaleMaps) {
    for (auto [scale, scaleMap] : llvm::zip_equal(scales, scaleMaps))
      if (isa<Float8E8M0FNUType>(getElementTypeOrSelf(scale.getType())))
        operands.push_back(
            {elements, scale,
             scaleMap.compose(inverseAndBroadcastProjectedPermutation(map))});
  };
  if (!op.getLhsOrdinaryScales())
    add(op.getLhs(), op.getLhsMap(), op.getLhsScales(), op.getLhsScaleMaps());
  if (!op.getRhsOrdinaryScales())
    add(op.getRhs(), op.getRhsMap(), op.getRhsScales(), op.getRhsScaleMaps());
  Value all;
  for (const ScaledElements &operand : operands) {
    int64_t rank = cast<RankedTensorType>(operand.scale.getType()).getRank();
    Value found =
        buildOr(b, loc, operand.scale, b.getMultiDimIdentityMap(rank),
                [&](OpBuilder &b, ScalarBuilder &s, ValueRange args) {
                  return classify(b, s, s.bits(args[0], b.getI8Type()));
                });
    Value ordinary = lacks(b, loc, found, kOther);
    if (checkZeros) {
      auto check = scf::IfOp::create(
          b, loc, lacks(b, loc, found, kZero),
          [](OpBuilder &b, Location loc) {
            Value yes = arith::ConstantOp::create(b, loc, b.getBoolAttr(true));
            scf::YieldOp::create(b, loc, yes);
          },
          [&](OpBuilder &b, Location loc) {
            scf::YieldOp::create(b, loc, buildAreZeros(b, loc, operand));
          });
      ordinary = arith::AndIOp::create(b, loc, ordinary, check.getResult(0));
    }
    all = all ? arith::AndIOp::create(b, loc, all, ordinary) : ordinary;
  }
  return all;
}

/// The significant bits of the values of a type of elements or of scales.
static unsigned getSignificantBits(Type type) {
  if (type.isInteger())
    return type.getIntOrFloatBitWidth() - 1; // -2^n has one.
  return isa<Float8E8M0FNUType>(type)
             ? 0
             : cast<FloatType>(type).getFPMantissaWidth();
}

bool mlir::mx::fitsBF16(ContractOp op, const MatmulDims &dims) {
  auto fits = [&](Value elements, ValueRange scales, ArrayRef<AffineMap> maps) {
    Type type = getElementTypeOrSelf(elements.getType());
    if (type.getIntOrFloatBitWidth() > 8)
      return false;
    unsigned bits = getSignificantBits(type);
    for (auto [scale, map] : llvm::zip_equal(scales, maps)) {
      Type scaleType = getElementTypeOrSelf(scale.getType());
      if (scaleType.isF32()) // It applies to sums.
        continue;
      bits += getSignificantBits(scaleType);
      if (!holdsProductPairs(map, dims))
        return false;
    }
    return bits <= 8;
  };
  return fits(op.getLhs(), op.getLhsScales(), op.getLhsScaleMaps()) &&
         fits(op.getRhs(), op.getRhsScales(), op.getRhsScaleMaps());
}
