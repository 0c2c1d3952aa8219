// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "NarrowFloat.h"
#include "RegisterTile.h"
#include "mx/IR/ScaleMap.h"
#include "mx/Transforms/FoldedScales.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::mx;

/// With so many rows of the result there is room to decode two of the columns'
/// factor at a time.
static constexpr int64_t kPairRows = 4;

namespace {
class DecodingTile : public RegisterTile {
public:
  DecodingTile(OpBuilder &b, ContractOp op, const MatmulDims &dims,
               TargetAttr target)
      : RegisterTile(b, op, dims, target.getLanes()),
        prefetch(target.getPrefetch()) {
    bool isLhs = dims.columnsAreLhs;
    Type codes = getElementTypeOrSelf(columns.getType());
    byF16 = NarrowFloat::is(codes) &&
            target.extendsToF32(Float16Type::get(op.getContext()));
    if (byF16)
      exponent = NarrowFloat::get(codes).getF16Exponent();
    if (auto bits = isLhs ? op.getLhsFractionBits() : op.getRhsFractionBits())
      exponent = -static_cast<int64_t>(*bits);
    ValueRange scales = isLhs ? op.getLhsScales() : op.getRhsScales();
    if (scales.empty())
      return;
    scale = scales.front();
    scaleMap = (isLhs ? op.getLhsScaleMaps() : op.getRhsScaleMaps()).front();
    block = getBlockAlong(scaleMap, dims.sum);
  }

  int64_t getMaxRows(TargetAttr target) const override {
    return target.getTileRows(TargetAttr::Beside::Decoding);
  }

  void build(int64_t numRows, int64_t vectors, ArrayRef<Value> masks) override {
    // Parts of a panel are read as a whole, which needs no masks.
    int64_t width = vectors * vector.getDimSize(0);
    AffineExpr column = b.getAffineDimExpr(dims.columns);
    wholeCodes =
        getWhole(columns, *columnsMap.getResultPosition(column), width);
    buildPieces(dims.sum, /*length=*/1, numRows, vectors, masks,
                [&](Value begin, Value end, ValueRange sums) {
                  if (!scale)
                    return addRange(begin, end, sums, {}, numRows, vectors,
                                    masks);
                  return addBlocks(begin, end, sums, numRows, vectors, masks);
                });
  }

private:
  /// `sums` and the products from `begin` to `end` of the sum, by blocks of the
  /// scale.
  SmallVector<Value> addBlocks(Value begin, Value end, ValueRange sums,
                               int64_t numRows, int64_t vectors,
                               ArrayRef<Value> masks) {
    Value size = block ? index(block) : getExtent(dims.sum);
    auto loop = scf::ForOp::create(
        b, loc, b.createOrFold<arith::DivUIOp>(loc, begin, size),
        b.createOrFold<arith::CeilDivUIOp>(loc, end, size), index(1), sums);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    Value at = loop.getInductionVar();
    Value first = arith::MulIOp::create(b, loc, at, size);
    Value last = arith::AddIOp::create(b, loc, first, size);
    first = arith::MaxUIOp::create(b, loc, first, begin);
    last = arith::MinUIOp::create(b, loc, last, end);
    scf::YieldOp::create(b, loc,
                         addRange(first, last, loop.getRegionIterArgs(),
                                  loadScales(at, vectors, masks), numRows,
                                  vectors, masks));
    return loop.getResults();
  }

  /// The scales of the columns in block `at`, times 2^exponent: exact, for
  /// ordinary scales are far from overflow.
  SmallVector<Value> loadScales(Value at, int64_t vectors,
                                ArrayRef<Value> masks) {
    SmallVector<Value> scales;
    for (int64_t i = 0; i < vectors; ++i) {
      SmallVector<Value> indices;
      bool hasColumns = false;
      for (const MapResult &result : parseMap(scaleMap)) {
        unsigned dim = result.isUnit() ? UINT_MAX : result.terms[0].dim;
        bool isColumn = dim == dims.columns && !result.isBlocked();
        hasColumns |= isColumn;
        indices.push_back(dim == dims.sum ? at
                          : isColumn      ? getPosition(0, i)[dim]
                                          : index(0));
      }
      if (hasColumns) {
        scales.push_back(multiplyByPower(
            load(vector, scale, indices, masks.empty() ? Value() : masks[i])));
        continue;
      }
      // All columns of the tile lie in one block.
      Value single = memref::LoadOp::create(b, loc, scale, indices);
      scales.push_back(
          multiplyByPower(vector::BroadcastOp::create(b, loc, vector, single)));
    }
    return scales;
  }

  /// f32 that are the values of codes divided by 2^exponent, in vectors.
  void decode(Value codes, SmallVectorImpl<Value> &elements) {
    ScalarBuilder s(b, loc, codes.getType());
    if (byF16)
      codes = toF16Fields(s, codes);
    auto type = cast<VectorType>(codes.getType());
    int64_t lanes = vector.getDimSize(0);
    for (int64_t first = 0; first < type.getDimSize(0); first += lanes) {
      Value part = codes;
      if (type.getDimSize(0) != lanes)
        part = vector::ExtractStridedSliceOp::create(b, loc, codes, first,
                                                     lanes, /*stride=*/1);
      if (type.getElementType().isInteger())
        part = arith::SIToFPOp::create(b, loc, vector, part);
      else
        part = arith::ExtFOp::create(b, loc, vector, part);
      elements.push_back(part);
    }
  }

  /// `value` times 2^exponent.
  Value multiplyByPower(Value value) {
    if (exponent == 0)
      return value;
    auto power = DenseElementsAttr::get(vector, getPowerOfTwo(exponent));
    return arith::MulFOp::create(b, loc, value,
                                 arith::ConstantOp::create(b, loc, power));
  }

  /// `sums` and the products from `begin` to `end` of the sum.
  SmallVector<Value> addRange(Value begin, Value end, ValueRange sums,
                              ArrayRef<Value> scales, int64_t numRows,
                              int64_t vectors, ArrayRef<Value> masks) {
    bool isFew = numRows <= kPairRows && (masks.empty() || wholeCodes);
    Steps steps = isFew ? Steps::Pairs : Steps::Singles;
    // Once in a step.
    bool isFirst = prefetch != 0;
    return buildPairs(begin, end, steps, sums, [&](Value at, ValueRange sums) {
      if (isFirst)
        prefetchCodes(at, vectors);
      isFirst &= steps == Steps::Singles;
      return addProduct(at, sums, scales, numRows, vectors, masks);
    });
  }

  /// Asks for the codes `prefetch` bytes behind those at index `at` of the sum,
  /// if they are a panel: its rows lie beside each other.
  void prefetchCodes(Value at, int64_t vectors) {
    int64_t width = vectors * vector.getDimSize(0);
    unsigned dim = *columnsMap.getResultPosition(b.getAffineDimExpr(dims.sum));
    Value panel = wholeCodes ? wholeCodes : columns;
    SmallVector<int64_t> strides;
    int64_t offset;
    if (failed(cast<MemRefType>(panel.getType())
                   .getStridesAndOffset(strides, offset)) ||
        strides[dim] != width)
      return;
    Position position = getPosition();
    position[dims.sum] = arith::AddIOp::create(
        b, loc, at, index(llvm::divideCeil(prefetch, width)));
    memref::PrefetchOp::create(b, loc, panel, getIndices(columnsMap, position),
                               /*isWrite=*/false, /*localityHint=*/3,
                               /*isDataCache=*/true);
  }

  /// `sums` and the outer product at index `at` of the sum.
  SmallVector<Value> addProduct(Value at, ValueRange sums,
                                ArrayRef<Value> scales, int64_t numRows,
                                int64_t vectors, ArrayRef<Value> masks) {
    auto getIndicesAt = [&](AffineMap map, int64_t row, int64_t i) {
      Position position = getPosition(row, i);
      position[dims.sum] = at;
      return getIndices(map, position);
    };
    Type code = getElementTypeOrSelf(columns.getType());
    int64_t lanes = vector.getDimSize(0);
    SmallVector<Value> elements, results;
    if (wholeCodes || masks.empty()) {
      // All at once: the integers on the way to f16 have half the width.
      decode(load(VectorType::get({vectors * lanes}, code),
                  wholeCodes ? wholeCodes : columns,
                  getIndicesAt(columnsMap, 0, 0), Value()),
             elements);
    } else {
      for (int64_t i = 0; i < vectors; ++i)
        decode(load(VectorType::get({lanes}, code), columns,
                    getIndicesAt(columnsMap, 0, i), masks[i]),
               elements);
    }
    for (auto [i, element] : llvm::enumerate(elements))
      element = scales.empty()
                    ? multiplyByPower(element)
                    : arith::MulFOp::create(b, loc, element, scales[i]);
    for (int64_t row = 0; row < numRows; ++row) {
      Value element =
          memref::LoadOp::create(b, loc, rows, getIndicesAt(rowsMap, row, 0));
      Value broadcast = vector::BroadcastOp::create(b, loc, vector, element);
      for (int64_t i = 0; i < vectors; ++i)
        results.push_back(math::FmaOp::create(b, loc, broadcast, elements[i],
                                              sums[row * vectors + i]));
    }
    return results;
  }

  /// Whether codes become f32 by way of f16.
  bool byF16 = false;
  int64_t exponent = 0;
  Value scale;
  AffineMap scaleMap;
  /// Of the scale along the sum; 0 if it has none.
  int64_t block = 0;
  Value wholeCodes;
  int64_t prefetch;
};
} // namespace

std::unique_ptr<RegisterTile>
mlir::mx::createDecodingTile(OpBuilder &b, ContractOp op,
                             const MatmulDims &dims, TargetAttr target) {
  auto isF32 = [](Value value) {
    return getElementTypeOrSelf(value.getType()).isF32();
  };
  Value columns = op.getRhs(), rows = op.getLhs();
  ValueRange scales = op.getRhsScales(), rowsScales = op.getLhsScales();
  if (dims.columnsAreLhs) {
    std::swap(columns, rows);
    std::swap(scales, rowsScales);
  }
  Type codes = getElementTypeOrSelf(columns.getType());
  if (codes.getIntOrFloatBitWidth() != 8 || !isF32(rows) ||
      !rowsScales.empty() || scales.size() > 1 || !llvm::all_of(scales, isF32))
    return nullptr;
  for (AffineMap map :
       dims.columnsAreLhs ? op.getLhsScaleMaps() : op.getRhsScaleMaps())
    if (!holdsPairs(map, dims))
      return nullptr;
  return std::make_unique<DecodingTile>(b, op, dims, target);
}
