// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "ContractKernel.h"
#include "IntegerChunk.h"
#include "KernelLaunch.h"
#include "KernelScales.h"
#include "mx/IR/ScaleBuilder.h"
#include "mx/IR/ScaleMap.h"

#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/TypeUtilities.h"

#include <numeric>

using namespace mlir;
using namespace mlir::mx;

/// Rows whose sums an invocation keeps in registers: each element of a column
/// is decoded once for all of them.
static constexpr int64_t kRows = 16;
/// Columns of an invocation, for each of which it reads all rows once.
static constexpr int64_t kColumns = 2;
/// The longest step along the sum: a block of OCP MX.
static constexpr int64_t kLongestChunk = 32;
/// The shortest one that is worth its barriers.
static constexpr int64_t kShortestChunk = 8;

FailureOr<KernelShape> mlir::mx::getKernelShape(ContractOp op) {
  FailureOr<MatmulDims> dims = getMatmulDims(op);
  if (failed(dims) || op.getCompensation() ||
      !getElementTypeOrSelf(op.getInit().getType()).isF32())
    return failure();
  for (Value operand : op->getOperands())
    if (getElementTypeOrSelf(operand.getType()).getIntOrFloatBitWidth() > 32)
      return failure();
  int64_t chunk = kLongestChunk;
  SmallVector<AffineMap> maps = op.getLhsScaleMaps();
  llvm::append_range(maps, op.getRhsScaleMaps());
  for (AffineMap map : maps)
    if (int64_t block = getBlockAlong(map, dims->sum))
      chunk = std::gcd(chunk, block);
  if (chunk < kShortestChunk)
    return failure();
  int64_t rows = 1;
  if (dims->rows) {
    int64_t extent = op.getStaticLoopRanges()[*dims->rows];
    rows = ShapedType::isDynamic(extent) ? kRows : std::min(kRows, extent);
  }
  int64_t columns = kColumns;
  int64_t extent = op.getStaticLoopRanges()[dims->columns];
  if (!ShapedType::isDynamic(extent) && extent <= kWorkgroupSize)
    columns = 1;
  return KernelShape{*dims, std::max<int64_t>(rows, 1), columns, chunk,
                     sumsIntegers(op)};
}

namespace {
struct ContractKernel : KernelPosition {
  using KernelPosition::KernelPosition;

  /// The f32 of an element at `indices`.
  Value decode(bool isLhs) {
    return decodeElement(b, loc, loadElement(isLhs),
                         op.getElementMeaning(isLhs));
  }

  /// The scales of one factor at `indices`.
  KernelScales loadScales(bool isLhs) {
    KernelScales scales;
    for (auto [buffer, map] :
         llvm::zip_equal(isLhs ? op.getLhsScales() : op.getRhsScales(),
                         isLhs ? op.getLhsScaleMaps() : op.getRhsScaleMaps()))
      scales.add(b, loc, load(buffer, map));
    return scales;
  }

  /// Decodes a chunk of the rows from `k` on into workgroup memory.
  void decodeRows(Value k) {
    OpBuilder::InsertionGuard guard(b);
    auto loop =
        scf::ForOp::create(b, loc, thread, constant(shape.rows * shape.chunk),
                           constant(kWorkgroupSize));
    b.setInsertionPointToStart(loop.getBody());
    Value chunk = constant(shape.chunk);
    Value row = arith::DivUIOp::create(b, loc, loop.getInductionVar(), chunk);
    Value step = arith::RemUIOp::create(b, loc, loop.getInductionVar(), chunk);
    setRow(row);
    setInSum(add(k, step));
    Value place = add(mul(step, constant(shape.rows)), row);
    memref::StoreOp::create(b, loc, decode(!dims.columnsAreLhs), tile, place);
  }

  /// sums + the products of a chunk from `k` on.
  SmallVector<Value> sumChunk(Value k, ValueRange sums) {
    auto loop = scf::ForOp::create(b, loc, constant(0), getChunkSize(k),
                                   constant(1), sums);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    indices[dims.sum] = add(k, loop.getInductionVar());
    SmallVector<Value> elements;
    for (int64_t column = 0; column < shape.columns; ++column) {
      setColumn(column);
      elements.push_back(decode(dims.columnsAreLhs));
    }
    Value place = mul(loop.getInductionVar(), constant(shape.rows));
    SmallVector<Value> results;
    for (int64_t row = 0; row < shape.rows; ++row) {
      Value other = memref::LoadOp::create(
          b, loc, tile, ValueRange{add(place, constant(row))});
      for (Value element : elements)
        results.push_back(math::FmaOp::create(
            b, loc, other, element, loop.getRegionIterArg(results.size())));
    }
    scf::YieldOp::create(b, loc, results);
    return loop.getResults();
  }

  SmallVector<Value> addChunk(Value k, ValueRange sums) {
    gpu::BarrierOp::create(b, loc);
    if (shape.packed)
      packRows(*this, k);
    else
      decodeRows(k);
    gpu::BarrierOp::create(b, loc);
    if (op.getLhsScales().empty() && op.getRhsScales().empty())
      return sumChunk(k, sums);
    Value zero = arith::ConstantOp::create(b, loc, b.getF32FloatAttr(0));
    SmallVector<Value> chunk =
        shape.packed ? sumWords(*this, k)
                     : sumChunk(k, SmallVector<Value>(sums.size(), zero));
    indices[dims.sum] = k;
    SmallVector<KernelScales> columnScales;
    for (int64_t column = 0; column < shape.columns; ++column) {
      setColumn(column);
      columnScales.push_back(loadScales(dims.columnsAreLhs));
    }
    SmallVector<Value> results;
    for (int64_t row = 0; row < shape.rows; ++row) {
      setRow(constant(row));
      KernelScales rowScales = loadScales(!dims.columnsAreLhs);
      for (const KernelScales &scales : columnScales) {
        Value value = chunk[results.size()];
        Value scaled = dims.columnsAreLhs
                           ? applyScales(b, loc, value, scales, rowScales)
                           : applyScales(b, loc, value, rowScales, scales);
        results.push_back(
            arith::AddFOp::create(b, loc, sums[results.size()], scaled));
      }
    }
    return results;
  }

  /// Runs the loops over `outer`, and in them that over chunks.
  SmallVector<Value> sum(ArrayRef<unsigned> outer, ValueRange sums) {
    bool innermost = outer.empty();
    unsigned dim = innermost ? dims.sum : outer.front();
    auto loop = scf::ForOp::create(b, loc, constant(0), sizes[dim],
                                   constant(innermost ? shape.chunk : 1), sums);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    indices[dim] = loop.getInductionVar();
    SmallVector<Value> results =
        innermost ? addChunk(loop.getInductionVar(), loop.getRegionIterArgs())
                  : sum(outer.drop_front(), loop.getRegionIterArgs());
    scf::YieldOp::create(b, loc, results);
    return loop.getResults();
  }

  void run() {
    for (Range range : op.getIterationDomain(b))
      sizes.push_back(getValueOrCreateConstantIndexOp(b, loc, range.size));
    indices.resize(sizes.size());
    SmallVector<unsigned> outer = dims.outerParallel;
    llvm::append_range(outer, dims.outerRows);
    SmallVector<Value> extents;
    for (unsigned dim : outer)
      extents.push_back(sizes[dim]);
    Value rows = dims.rows ? sizes[*dims.rows] : constant(1);
    Value columns = sizes[dims.columns];
    auto groups = [&](Value extent, int64_t size) {
      return b.createOrFold<arith::CeilDivUIOp>(loc, extent, constant(size));
    };
    int64_t width = kWorkgroupSize * shape.columns;
    Value x = groups(columns, width), y = groups(rows, shape.rows);
    // No workgroups where there is nothing to add.
    SmallVector<Value> factors = extents;
    factors.push_back(min(sizes[dims.sum], constant(1)));
    for (unsigned dim : dims.outerSums)
      factors.push_back(min(sizes[dim], constant(1)));
    gpu::LaunchOp launch =
        createLaunch(b, loc, x, y, buildProduct(b, loc, factors));
    thread = launch.getThreadIds().x;
    for (auto [dim, index] : llvm::zip_equal(
             outer, delinearize(b, loc, launch.getBlockIds().z, extents)))
      indices[dim] = index;
    firstRow = mul(launch.getBlockIds().y, constant(shape.rows));
    lastRow = arith::SubIOp::create(b, loc, rows, constant(1));
    lastInSum = arith::SubIOp::create(b, loc, sizes[dims.sum], constant(1));
    firstColumn = add(mul(launch.getBlockIds().x, constant(width)), thread);
    lastColumn = arith::SubIOp::create(b, loc, columns, constant(1));
    auto space = gpu::AddressSpaceAttr::get(b.getContext(),
                                            gpu::AddressSpace::Workgroup);
    tile = memref::AllocOp::create(
        b, loc,
        MemRefType::get(
            {shape.rows * (shape.packed ? getNumWords(shape) : shape.chunk)},
            shape.packed ? Type(b.getI32Type()) : Type(b.getF32Type()),
            MemRefLayoutAttrInterface(), space));
    SmallVector<Value> sums;
    for (int64_t row = 0; row < shape.rows; ++row) {
      setRow(constant(row));
      for (int64_t column = 0; column < shape.columns; ++column) {
        setColumn(column);
        sums.push_back(load(op.getInit(), op.getInitMap()));
      }
    }
    sums = sum(dims.outerSums, sums);
    for (int64_t row = 0; row < shape.rows; ++row)
      for (int64_t column = 0; column < shape.columns; ++column)
        store(sums[row * shape.columns + column], add(firstRow, constant(row)),
              add(firstColumn, constant(column * kWorkgroupSize)));
    op.erase();
  }

  /// Stores `value` unless it is past the last row or column.
  void store(Value value, Value row, Value column) {
    Value inside = below(column, sizes[dims.columns]);
    if (dims.rows)
      inside =
          arith::AndIOp::create(b, loc, inside, below(row, sizes[*dims.rows]));
    auto guard = scf::IfOp::create(b, loc, inside, /*withElseRegion=*/false);
    OpBuilder::InsertionGuard insertion(b);
    b.setInsertionPointToStart(guard.thenBlock());
    indices[dims.columns] = column;
    if (dims.rows)
      indices[*dims.rows] = row;
    SmallVector<Value> position;
    for (const MapResult &result : parseMap(op.getInitMap()))
      position.push_back(indices[result.terms[0].dim]);
    memref::StoreOp::create(b, loc, value, op.getInit(), position);
  }
};
} // namespace

void mlir::mx::formContractKernel(ContractOp op, const KernelShape &shape) {
  ContractKernel(op, shape).run();
}
