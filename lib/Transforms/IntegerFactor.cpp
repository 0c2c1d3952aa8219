// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Transforms/IntegerFactor.h"
#include "BuildGeneric.h"
#include "SplitDim.h"
#include "mx/IR/PackElements.h"
#include "mx/IR/ScaleBuilder.h"
#include "mx/IR/ScaleMap.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::mx;

namespace {
/// One side of a contraction.
struct Side {
  Side(ContractOp op, bool isLhs)
      : elements(isLhs ? op.getLhs() : op.getRhs()),
        map(isLhs ? op.getLhsMap() : op.getRhsMap()),
        fractionBits(isLhs ? op.getLhsFractionBits()
                           : op.getRhsFractionBits()) {
    auto scales = isLhs ? op.getLhsScales() : op.getRhsScales();
    auto scaleMaps = isLhs ? op.getLhsScaleMaps() : op.getRhsScaleMaps();
    for (auto [value, scaleMap] : llvm::zip_equal(scales, scaleMaps))
      if (!getElementTypeOrSelf(value.getType()).isF32()) {
        scale = value;
        this->scaleMap = scaleMap;
      }
  }

  FailureOr<IntegerFormat> getFormat() const {
    return getIntegerFormat(getElementTypeOrSelf(elements.getType()),
                            fractionBits);
  }

  Value elements, scale;
  AffineMap map, scaleMap;
  std::optional<uint64_t> fractionBits;
};
} // namespace

FailureOr<IntegerFormat>
mlir::mx::getIntegerFormat(Type type, std::optional<int64_t> fractionBits) {
  int64_t bits = fractionBits.value_or(0);
  if (isa<Float4E2M1FNType>(type))
    return IntegerFormat{bits + 1, 12};
  if (isa<Float6E2M3FNType>(type))
    return IntegerFormat{bits + 3, 60};
  if (type.isInteger(8))
    return IntegerFormat{bits, 128};
  return failure();
}

/// A tile adds a row's compensation for each of its rows, a column's once.
static constexpr int64_t kFewRows = 64;

IntegerGroup IntegerGroup::get(ContractOp op, const MatmulDims &dims,
                               TargetAttr target, int64_t block, int64_t rows) {
  IntegerGroup pairs, bytes{/*bits=*/8};
  bytes.columnsAreCodes = !ShapedType::isDynamic(rows) && rows <= kFewRows;
  if (block % bytes.getLength())
    return pairs;
  if (DotAttr dot = target.getIntegerDot()) {
    if (dot.getLhs().isUnsignedInteger())
      bytes.zeroPoint = 1 << (bytes.bits - 1);
    return bytes;
  }
  bool codesAreLhs = bytes.columnsAreCodes == dims.columnsAreLhs;
  int64_t codes = Side(op, codesAreLhs).getFormat()->largest;
  int64_t others = Side(op, !codesAreLhs).getFormat()->largest;
  bytes.zeroPoint = llvm::PowerOf2Ceil(codes);
  // A lane of i16 has every other pair of products; and what the zero point
  // adds to a block's sum has to fit, too.
  constexpr int64_t kMost = std::numeric_limits<int16_t>::max();
  auto fits = [&](int64_t products) {
    return (bytes.zeroPoint + codes) * others * products / 2 <= kMost;
  };
  if (!target.getShortDot())
    return pairs;
  if (fits(block) && bytes.zeroPoint * others * block <= kMost) {
    bytes.sumBits = 16;
    return bytes;
  }
  int64_t twoGroups = 2 * bytes.getLength();
  bytes.hasShortSums = block % twoGroups == 0 && fits(twoGroups);
  return bytes.hasShortSums ? bytes : pairs;
}

int64_t mlir::mx::getFewIntegerRows(ContractOp op, const MatmulDims &dims,
                                    TargetAttr target, int64_t block) {
  Value columns = dims.columnsAreLhs ? op.getLhs() : op.getRhs();
  IntegerGroup group = IntegerGroup::get(op, dims, target, block, kFewRows);
  return group.zeroPoint && isSubByteFloat(getElementTypeOrSelf(columns))
             ? kFewRows
             : 0;
}

int64_t IntegerGroup::getTileRows(TargetAttr target) const {
  if (!usesDot())
    return target.getTileRows(TargetAttr::Beside::Factors);
  int64_t rows = target.getTileRows(TargetAttr::Beside::Totals);
  if (!hasShortSums)
    return rows;
  // Beside sums: two groups of the columns and of a row, their sum, another
  // vector's products, and ones.
  int64_t vectors = target.getRegisterTile().second / target.getLanes();
  return std::min(rows,
                  (target.getVectorRegisters() - 2 * vectors - 5) / vectors);
}

FailureOr<int64_t> mlir::mx::getIntegerBlock(ContractOp op,
                                             const MatmulDims &dims) {
  int64_t block = 0, largest = 1;
  for (bool isLhs : {true, false}) {
    Side side(op, isLhs);
    FailureOr<IntegerFormat> format = side.getFormat();
    if (failed(format) || !side.scale)
      return failure();
    largest *= format->largest;
    for (const MapResult &result : parseMap(side.scaleMap))
      if (!result.isUnit() && result.terms[0].dim == dims.sum)
        block = block ? std::min(block, result.block) : result.block;
  }
  // A block that is longer than the sum ends with it, and whole groups.
  if (int64_t extent = op.getStaticLoopRanges()[dims.sum];
      !ShapedType::isDynamic(extent))
    block = std::min<int64_t>(block, llvm::alignTo(extent, 4));
  if (block < 2 || block % 2 || block * largest > 1 << 22)
    return failure();
  return block;
}

/// A tensor of `sizes`: minus `zeroPoint` times the sums of `elements` over one
/// more dimension, the last of `map`.
static Value compensate(OpBuilder &b, Location loc, Value elements,
                        AffineMap map, ArrayRef<OpFoldResult> sizes,
                        const IntegerGroup &group) {
  Type type = b.getIntegerType(group.sumBits);
  AffineMap outer = b.getMultiDimIdentityMap(sizes.size());
  // Not a linalg.fill, so that it is made panel by panel like all the rest.
  Value zeros = buildGeneric(
      b, loc, sizes, type, /*inputs=*/{}, /*inputMaps=*/{},
      [&](OpBuilder &b, Location loc, ValueRange) -> Value {
        return arith::ConstantOp::create(b, loc, b.getIntegerAttr(type, 0));
      });
  SmallVector<utils::IteratorType> iterators(sizes.size(),
                                             utils::IteratorType::parallel);
  iterators.push_back(utils::IteratorType::reduction);
  auto body = [&](OpBuilder &b, Location loc, ValueRange args) {
    Value value = decodeInteger(b, loc, args[0]);
    if (value.getType() != type)
      value = arith::ExtSIOp::create(b, loc, type, value);
    Value factor = arith::ConstantOp::create(
        b, loc, b.getIntegerAttr(type, -group.zeroPoint));
    value = arith::MulIOp::create(b, loc, value, factor);
    linalg::YieldOp::create(
        b, loc, arith::AddIOp::create(b, loc, args[1], value).getResult());
  };
  SmallVector<AffineMap> maps = {
      map,
      AffineMap::get(sizes.size() + 1, 0, outer.getResults(), b.getContext())};
  return linalg::GenericOp::create(b, loc, zeros.getType(), elements, zeros,
                                   maps, iterators, body)
      .getResult(0);
}

Factor mlir::mx::decodeIntegers(OpBuilder &b, ContractOp op, bool isLhs,
                                const MatmulDims &dims, int64_t block,
                                const IntegerGroup &group) {
  Location loc = op.getLoc();
  Side side(op, isLhs);
  IntegerFormat format = *side.getFormat();
  unsigned count = side.map.getNumDims(), groups = count, inGroup = count + 1;
  // Rows are decoded with one dimension for a block, whose loop is vector code.
  unsigned inBlock = count + 2;
  int64_t position = *side.map.getResultPosition(b.getAffineDimExpr(dims.sum));
  Value elements = padDim(b, loc, side.elements, position, block);

  // The dimensions of the result, of which the scales have the first ones.
  bool isColumns = isLhs == dims.columnsAreLhs;
  SmallVector<unsigned> order;
  for (AffineExpr expr : side.map.getResults())
    if (unsigned dim = cast<AffineDimExpr>(expr).getPosition();
        dim != dims.sum && !(isColumns && dim == dims.columns))
      order.push_back(dim);
  SmallVector<unsigned> scaleOrder(order);
  if (isColumns) {
    order.append({dims.sum, groups, dims.columns, inGroup});
    scaleOrder.append({dims.sum, dims.columns});
  } else {
    order.append({dims.sum, inBlock});
    scaleOrder.push_back(dims.sum);
  }

  auto getSize = [&](unsigned dim) -> OpFoldResult {
    if (dim == groups)
      return b.getIndexAttr(block / group.getLength());
    if (dim == inGroup)
      return b.getIndexAttr(group.getLength());
    if (dim == inBlock)
      return b.getIndexAttr(block);
    OpFoldResult size = tensor::getMixedSize(
        b, loc, elements, *side.map.getResultPosition(b.getAffineDimExpr(dim)));
    if (dim != dims.sum)
      return size;
    return affine::makeComposedFoldedAffineApply(
        b, loc, b.getAffineDimExpr(0).floorDiv(block), {size});
  };
  // Where `from`, a map of the contraction, leads for an index of a result with
  // the given order of dimensions.
  auto project = [&](AffineMap from, ArrayRef<unsigned> order) {
    SmallVector<AffineExpr> positions(count + 3, b.getAffineConstantExpr(0));
    for (auto [index, dim] : llvm::enumerate(order))
      positions[dim] = b.getAffineDimExpr(index);
    positions[dims.sum] = positions[dims.sum] * block +
                          positions[groups] * group.getLength() +
                          positions[inGroup] + positions[inBlock];
    return from.replaceDimsAndSymbols(ArrayRef(positions).take_front(count), {},
                                      order.size(), 0);
  };
  auto getMap = [&](ArrayRef<unsigned> order) {
    SmallVector<AffineExpr> results;
    for (unsigned dim : order)
      results.push_back(b.getAffineDimExpr(dim));
    return AffineMap::get(count + 2, 0, results, b.getContext());
  };

  Factor factor;
  factor.decoded = true;
  SmallVector<OpFoldResult> sizes = llvm::map_to_vector(order, getSize);
  bool hasCodes = isColumns == group.columnsAreCodes;
  if (hasCodes && group.zeroPoint)
    factor.zeroPoint = group.zeroPoint;
  Type element = b.getIntegerType(group.bits);
  Value empty =
      isColumns
          ? Value(tensor::EmptyOp::create(b, loc, sizes, element))
          : createRows(b, loc, sizes, element,
                       group.getTileRows(TargetAttr::get(op)), /*rowDims=*/2);
  factor.value =
      buildGeneric(b, loc, empty, elements, project(side.map, order),
                   [&](OpBuilder &b, Location loc, ValueRange args) -> Value {
                     Value value = decodeInteger(b, loc, args[0]);
                     if (factor.zeroPoint) {
                       Value zero = arith::ConstantOp::create(
                           b, loc, b.getI16IntegerAttr(*factor.zeroPoint));
                       value = arith::AddIOp::create(b, loc, value, zero);
                     }
                     if (value.getType() == element)
                       return value;
                     return arith::TruncIOp::create(b, loc, element, value);
                   });
  if (!isColumns) {
    order.back() = groups;
    order.push_back(inGroup);
    factor.value =
        splitDim(b, loc, factor.value, order.size() - 2, group.getLength());
  }
  factor.map = getMap(order);
  factor.scaleMap = getMap(scaleOrder);
  factor.scale = buildGeneric(
      b, loc, llvm::map_to_vector(scaleOrder, getSize), b.getF32Type(),
      side.scale, project(side.scaleMap, scaleOrder),
      [&](OpBuilder &b, Location loc, ValueRange args) {
        Value value = arith::ExtFOp::create(b, loc, b.getF32Type(), args[0]);
        return divideByPower(b, loc, value, format.fractionBits);
      });
  if (!hasCodes && group.zeroPoint) {
    // With a dimension of its own for what is in a block.
    SmallVector<AffineExpr> results;
    for (AffineExpr expr : side.map.getResults()) {
      unsigned dim = cast<AffineDimExpr>(expr).getPosition();
      results.push_back(
          b.getAffineDimExpr(llvm::find(scaleOrder, dim) - scaleOrder.begin()));
      if (dim == dims.sum)
        results.push_back(b.getAffineDimExpr(scaleOrder.size()));
    }
    factor.compensationMap = factor.scaleMap;
    factor.compensation = compensate(
        b, loc, splitDim(b, loc, elements, position, block),
        AffineMap::get(scaleOrder.size() + 1, 0, results, b.getContext()),
        llvm::map_to_vector(scaleOrder, getSize), group);
  }
  return factor;
}
