// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "PanelLoops.h"
#include "TileAndFuse.h"
#include "mx/IR/ScaleMap.h"

#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::mx;

namespace {
class PanelLoops {
public:
  PanelLoops(RewriterBase &rewriter, const Factor &columns,
             const MatmulDims &dims, const Panel &panel)
      : rewriter(rewriter), columns(columns), dims(dims), panel(panel) {}

  FailureOr<Value> build(ContractOp op, int64_t tileRows);

private:
  /// What is made for a panel: a value and its map over the dimensions of the
  /// contraction.
  using Made = SmallVector<std::pair<Value, AffineMap>, 3>;
  /// The columns' elements and scale among the operands of `op`, if they were
  /// decoded, and what they are made of.
  Made getMade(ContractOp op);

  /// Dimensions and the sizes that they are cut to, the outermost loop first.
  using Sizes = SmallVector<std::pair<unsigned, int64_t>>;
  /// Replaces `op` by loops over a smaller one, which `op` becomes, and makes
  /// `fused`, which it reads, in them. Returns the loops' result.
  FailureOr<Value> cut(ContractOp &op, const Sizes &sizes,
                       scf::SCFTilingOptions::LoopType loops,
                       ArrayRef<Value> fused);
  Value createBuffer(Location loc, Value part, AffineMap map,
                     ArrayRef<int64_t> extents);
  void compact(linalg::GenericOp op, AffineMap map, ArrayRef<int64_t> extents);
  void copyColumns(ContractOp op, ArrayRef<int64_t> extents);

  RewriterBase &rewriter;
  const Factor &columns;
  const MatmulDims &dims;
  const Panel &panel;
};
} // namespace

PanelLoops::Made PanelLoops::getMade(ContractOp op) {
  Made made;
  if (!columns.decoded)
    return made;
  // What the factor is made of follows it.
  auto add = [&](Value value, AffineMap map) {
    if (value.hasOneUse() && value.getDefiningOp<linalg::GenericOp>() &&
        llvm::all_of(map.getResults(), [](AffineExpr expr) {
          return parseMapResult(expr).has_value();
        }))
      made.push_back({value, map});
  };
  add(dims.columnsAreLhs ? op.getLhs() : op.getRhs(), columns.map);
  if (columns.scale)
    add((dims.columnsAreLhs ? op.getLhsScales() : op.getRhsScales()).front(),
        columns.scaleMap);
  if (columns.compensation)
    add(op.getCompensation(), columns.compensationMap);
  for (size_t i = 0; i < made.size(); ++i) {
    auto [value, map] = made[i];
    auto generic = value.getDefiningOp<linalg::GenericOp>();
    for (OpOperand *input : generic.getDpsInputOperands())
      add(input->get(), generic.getMatchingIndexingMap(input).compose(map));
    if (generic.getNumReductionLoops() != 0)
      add(generic.getDpsInits().front(), map);
  }
  return made;
}

FailureOr<Value> PanelLoops::cut(ContractOp &op, const Sizes &sizes,
                                 scf::SCFTilingOptions::LoopType loops,
                                 ArrayRef<Value> fused) {
  unsigned count = op.getInitMap().getNumDims();
  SmallVector<OpFoldResult> tileSizes(count, rewriter.getIndexAttr(0));
  SmallVector<int64_t> order;
  for (auto [dim, size] : sizes) {
    tileSizes[dim] = rewriter.getIndexAttr(size);
    order.push_back(dim);
  }
  for (unsigned dim = 0; dim < count; ++dim)
    if (!llvm::is_contained(order, dim))
      order.push_back(dim);
  scf::SCFTilingOptions options;
  options.setTileSizes(tileSizes).setInterchange(order).setLoopType(loops);
  return tileContract(rewriter, op, options, [&](OpResult producer) {
    return llvm::is_contained(fused, producer);
  });
}

/// Of the size of `part`, the part in use of a buffer of a panel's full size:
/// rows lie close together, and as the buffer is the same along the sum it can
/// be made before that loop. `map` leads to its indices from dimensions with
/// the panel's `extents`.
Value PanelLoops::createBuffer(Location loc, Value part, AffineMap map,
                               ArrayRef<int64_t> extents) {
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(rewriter, loc, part);
  SmallVector<OpFoldResult> whole(sizes);
  for (auto [size, result] : llvm::zip_equal(whole, parseMap(map)))
    if (int64_t extent = getExtent(result, extents);
        !result.isUnit() && !ShapedType::isDynamic(extent))
      size = rewriter.getIndexAttr(extent);
  SmallVector<OpFoldResult> offsets(sizes.size(), rewriter.getIndexAttr(0)),
      strides(sizes.size(), rewriter.getIndexAttr(1));
  Value buffer = tensor::EmptyOp::create(rewriter, loc, whole,
                                         getElementTypeOrSelf(part.getType()));
  return tensor::ExtractSliceOp::create(rewriter, loc,
                                        cast<RankedTensorType>(part.getType()),
                                        buffer, offsets, sizes, strides);
}

/// Lets the op that makes a part of a panel write to a buffer of its own in
/// place of a part of the whole factor.
void PanelLoops::compact(linalg::GenericOp op, AffineMap map,
                         ArrayRef<int64_t> extents) {
  OpBuilder::InsertionGuard guard(rewriter);
  rewriter.setInsertionPoint(op);
  Value buffer =
      createBuffer(op.getLoc(), op.getDpsInits().front(), map, extents);
  rewriter.modifyOpInPlace(op, [&] { op.getDpsInitsMutable()[0].set(buffer); });
}

/// Lets `op` read a copy of its part of the columns' factor. Not a linalg.copy,
/// which canonicalization takes for superfluous.
void PanelLoops::copyColumns(ContractOp op, ArrayRef<int64_t> extents) {
  OpBuilder::InsertionGuard guard(rewriter);
  rewriter.setInsertionPoint(op);
  bool isLhs = dims.columnsAreLhs;
  OpOperand &factor = isLhs ? op.getLhsMutable() : op.getRhsMutable();
  Value buffer = createBuffer(op.getLoc(), factor.get(),
                              isLhs ? op.getLhsMap() : op.getRhsMap(), extents);
  auto copy = bufferization::MaterializeInDestinationOp::create(
      rewriter, op.getLoc(), buffer.getType(), factor.get(), buffer);
  rewriter.modifyOpInPlace(op, [&] { factor.set(copy.getResult()); });
}

FailureOr<Value> PanelLoops::build(ContractOp op, int64_t tileRows) {
  using LoopType = scf::SCFTilingOptions::LoopType;
  Sizes independent, sums, rows;
  for (unsigned dim : dims.outerParallel)
    independent.push_back({dim, dim == panel.groupDim ? panel.group : 1});
  independent.push_back({dims.columns, panel.columns});
  for (unsigned dim : dims.outerSums)
    sums.push_back({dim, 1});
  if (panel.sums)
    sums.push_back({dims.sum, panel.sums});
  for (unsigned dim : dims.outerRows)
    rows.push_back({dim, 1});
  if (dims.rows)
    rows.push_back({*dims.rows, tileRows});

  auto getFused = [&] {
    return llvm::map_to_vector(getMade(op),
                               [](const auto &made) { return made.first; });
  };
  auto getZeros = [&]() -> SmallVector<Value> {
    if (op.getInit().getDefiningOp<linalg::FillOp>())
      return {op.getInit()};
    return {};
  };
  SmallVector<Value> fused(getFused());
  llvm::append_range(fused, getZeros());
  FailureOr<Value> result = cut(op, independent, LoopType::ForallOp, fused);
  if (failed(result) ||
      (!sums.empty() && failed(cut(op, sums, LoopType::ForOp, getFused()))))
    return failure();
  SmallVector<int64_t> extents = op.getStaticLoopRanges();
  extents[dims.columns] = panel.columns;
  if (panel.sums)
    extents[dims.sum] = panel.sums;
  for (auto [value, map] : getMade(op))
    if (auto generic = value.getDefiningOp<linalg::GenericOp>();
        generic.getNumReductionLoops() == 0)
      compact(generic, map, extents);
  if (panel.isCopied)
    copyColumns(op, extents);
  if (panel.group > 1)
    rows.push_back({panel.groupDim, 1});
  // Where nothing is added to a tile later, it may start from registers.
  if (!rows.empty() &&
      failed(cut(op, rows, LoopType::ForOp,
                 sums.empty() ? getZeros() : SmallVector<Value>())))
    return failure();
  op->setAttr(kRegisterTileAttr, rewriter.getUnitAttr());
  return result;
}

FailureOr<Value> mlir::mx::buildPanelLoops(RewriterBase &rewriter,
                                           ContractOp op, const Factor &columns,
                                           const MatmulDims &dims,
                                           const Panel &panel,
                                           int64_t tileRows) {
  return PanelLoops(rewriter, columns, dims, panel).build(op, tileRows);
}
