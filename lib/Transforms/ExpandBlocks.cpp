// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/IR/MX.h"
#include "mx/IR/ScaleMap.h"
#include "mx/Transforms/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/PatternMatch.h"

namespace mlir::mx {
#define GEN_PASS_DEF_MXEXPANDBLOCKS
#include "mx/Transforms/Passes.h.inc"
} // namespace mlir::mx

using namespace mlir;
using namespace mlir::mx;

namespace {
/// What an mx.quantize reads and writes.
struct Operands {
  Value input, elements, scales;
};

class BlockExpander {
public:
  BlockExpander(OpBuilder &b, QuantizeOp op)
      : b(b), op(op), loc(op.getLoc()), results(parseMap(op.getScaleMap())),
        blocks(op.getScaleMap().getNumDims(), 1) {
    ArrayRef<int64_t> shape =
        cast<ShapedType>(op.getInput().getType()).getShape();
    for (const MapResult &result : results)
      if (result.isBlocked()) {
        unsigned dim = result.terms[0].dim;
        // A block that is longer than the dimension ends with it.
        blocks[dim] = ShapedType::isDynamic(shape[dim])
                          ? result.block
                          : std::min(result.block, shape[dim]);
      }
  }

  /// The elements and scales of `operands`, split along the dimensions from
  /// `dim` on where the last block is short, or may be.
  Operands split(Operands operands, unsigned dim) {
    while (dim < blocks.size() && isWhole(operands.input, dim))
      ++dim;
    if (dim == blocks.size())
      return expand(operands);
    AffineExpr size = b.getAffineDimExpr(0);
    int64_t block = blocks[dim];
    auto compute = [&](AffineExpr expr) {
      return affine::makeComposedFoldedAffineApply(
          b, loc, expr, {tensor::getMixedSize(b, loc, operands.input, dim)});
    };
    OpFoldResult count = compute(size.floorDiv(block));
    OpFoldResult whole = compute(size.floorDiv(block) * block);
    Operands main = split(slice(operands, dim, b.getIndexAttr(0), whole,
                                b.getIndexAttr(0), count),
                          dim + 1);
    operands =
        insert(main, operands, dim, b.getIndexAttr(0), b.getIndexAttr(0));
    Operands rest =
        quantize(slice(operands, dim, whole, compute(size % block), count,
                       compute(size.ceilDiv(block) - size.floorDiv(block))),
                 op.getScaleMap());
    return insert(rest, operands, dim, whole, count);
  }

private:
  bool isWhole(Value input, unsigned dim) {
    int64_t extent = cast<ShapedType>(input.getType()).getDimSize(dim);
    return blocks[dim] == 1 ||
           (!ShapedType::isDynamic(extent) && extent % blocks[dim] == 0);
  }

  /// The dimension of the scales that counts blocks along `dim`.
  unsigned getScaleDim(unsigned dim) {
    for (auto [position, result] : llvm::enumerate(results))
      if (result.isDim() && result.terms[0].dim == dim)
        return position;
    llvm_unreachable("a blocked dimension stands in the scale map");
  }

  /// A part of `source` along one of its dimensions.
  struct Part {
    SmallVector<OpFoldResult> offsets, sizes, strides;
  };
  Part getPart(Value source, unsigned dim, OpFoldResult offset,
               OpFoldResult size) {
    Part part;
    part.sizes = tensor::getMixedSizes(b, loc, source);
    part.offsets.assign(part.sizes.size(), b.getIndexAttr(0));
    part.strides.assign(part.sizes.size(), b.getIndexAttr(1));
    part.offsets[dim] = offset;
    part.sizes[dim] = size;
    return part;
  }

  Operands slice(const Operands &from, unsigned dim, OpFoldResult offset,
                 OpFoldResult size, OpFoldResult block, OpFoldResult count) {
    auto extract = [&](Value source, unsigned at, OpFoldResult offset,
                       OpFoldResult size) -> Value {
      Part part = getPart(source, at, offset, size);
      return tensor::ExtractSliceOp::create(b, loc, source, part.offsets,
                                            part.sizes, part.strides);
    };
    return {extract(from.input, dim, offset, size),
            extract(from.elements, dim, offset, size),
            extract(from.scales, getScaleDim(dim), block, count)};
  }

  Operands insert(const Operands &parts, const Operands &into, unsigned dim,
                  OpFoldResult offset, OpFoldResult block) {
    auto insertAt = [&](Value value, Value destination, unsigned at,
                        OpFoldResult offset) -> Value {
      Part part = getPart(destination, at, offset,
                          tensor::getMixedSize(b, loc, value, at));
      return tensor::InsertSliceOp::create(
          b, loc, value, destination, part.offsets, part.sizes, part.strides);
    };
    return {into.input, insertAt(parts.elements, into.elements, dim, offset),
            insertAt(parts.scales, into.scales, getScaleDim(dim), block)};
  }

  Operands quantize(const Operands &operands, AffineMap scaleMap) {
    IRMapping mapping;
    mapping.map(op.getInput(), operands.input);
    mapping.map(op.getElements(), operands.elements);
    mapping.map(op.getScales(), operands.scales);
    auto result = cast<QuantizeOp>(b.clone(*op, mapping));
    result.setScaleMap(scaleMap);
    result->getResult(0).setType(operands.elements.getType());
    result->getResult(1).setType(operands.scales.getType());
    return {operands.input, result->getResult(0), result->getResult(1)};
  }

  /// `value` with each blocked dimension as two of its `groups`.
  Value expandValue(Value value, ArrayRef<ReassociationIndices> groups) {
    SmallVector<OpFoldResult> sizes;
    for (auto [dim, block] : llvm::enumerate(blocks)) {
      OpFoldResult size = tensor::getMixedSize(b, loc, value, dim);
      if (block == 1) {
        sizes.push_back(size);
        continue;
      }
      sizes.push_back(affine::makeComposedFoldedAffineApply(
          b, loc, b.getAffineDimExpr(0).floorDiv(block), {size}));
      sizes.push_back(b.getIndexAttr(block));
    }
    SmallVector<int64_t> shape;
    SmallVector<Value> dynamic;
    dispatchIndexOpFoldResults(sizes, dynamic, shape);
    auto type = cast<RankedTensorType>(value.getType()).clone(shape);
    return tensor::ExpandShapeOp::create(b, loc, type, value, groups, sizes);
  }

  /// Each blocked dimension becomes two: its blocks, and the elements in one.
  Operands expand(const Operands &operands) {
    SmallVector<ReassociationIndices> groups;
    SmallVector<AffineExpr> first;
    int64_t rank = 0;
    for (int64_t block : blocks) {
      first.push_back(b.getAffineDimExpr(rank));
      groups.push_back({rank++});
      if (block > 1)
        groups.back().push_back(rank++);
    }
    SmallVector<AffineExpr> exprs;
    for (const MapResult &result : results)
      exprs.push_back(result.isUnit() ? b.getAffineConstantExpr(0)
                                      : first[result.terms[0].dim]);
    Operands expanded =
        quantize({expandValue(operands.input, groups),
                  expandValue(operands.elements, groups), operands.scales},
                 AffineMap::get(rank, 0, exprs, b.getContext()));
    Value elements = tensor::CollapseShapeOp::create(
        b, loc, operands.elements.getType(), expanded.elements, groups);
    return {operands.input, elements, expanded.scales};
  }

  OpBuilder &b;
  QuantizeOp op;
  Location loc;
  SmallVector<MapResult> results;
  /// The extent of a block along each dimension of the input, 1 where the scale
  /// map does not divide.
  SmallVector<int64_t> blocks;
};

struct ExpandBlocks : mlir::mx::impl::MXExpandBlocksBase<ExpandBlocks> {
  void runOnOperation() override {
    SmallVector<QuantizeOp> ops;
    getOperation()->walk([&](QuantizeOp op) {
      bool isBlocked =
          llvm::any_of(parseMap(op.getScaleMap()), [](const MapResult &result) {
            return result.isBlocked();
          });
      // Slices of nothing do not verify.
      ArrayRef<int64_t> shape =
          cast<ShapedType>(op.getInput().getType()).getShape();
      if (op->getNumResults() && isBlocked && !llvm::is_contained(shape, 0))
        ops.push_back(op);
    });
    IRRewriter rewriter(&getContext());
    for (QuantizeOp op : ops) {
      rewriter.setInsertionPoint(op);
      Operands result =
          BlockExpander(rewriter, op)
              .split({op.getInput(), op.getElements(), op.getScales()}, 0);
      rewriter.replaceOp(op, {result.elements, result.scales});
    }
  }
};
} // namespace
