// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Transforms/ConstantView.h"
#include "ReshapeConstantView.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::mx;

using View = std::optional<ConstantView>;

static View viewAttribute(Attribute attribute) {
  auto elements = dyn_cast<ElementsAttr>(attribute);
  if (!elements || !isa<RankedTensorType>(elements.getType()))
    return std::nullopt;
  ConstantView view;
  view.storedType = elements.getElementType();
  if (!view.storedType.isF32() && !view.storedType.isF16() &&
      !view.storedType.isBF16())
    return std::nullopt;
  view.shape = llvm::to_vector(elements.getShapedType().getShape());
  view.strides = getRowMajorStrides(view.shape);
  if (auto dense = dyn_cast<DenseIntOrFPElementsAttr>(attribute)) {
    view.data = dense.getRawData();
    if (dense.isSplat())
      view.strides.assign(view.shape.size(), 0);
    return view;
  }
  auto resource = dyn_cast<DenseResourceElementsAttr>(attribute);
  const AsmResourceBlob *blob =
      resource ? resource.getRawHandle().getBlob() : nullptr;
  int64_t bytes =
      view.getNumElements() * view.storedType.getIntOrFloatBitWidth() / 8;
  if (!blob || static_cast<int64_t>(blob->getData().size()) != bytes)
    return std::nullopt;
  view.data = blob->getData();
  return view;
}

/// out[i] = in[map(i)], for a map of dimensions and zeros.
static View viewThroughMap(const ConstantView &in, AffineMap map,
                           ArrayRef<int64_t> shape) {
  ConstantView view = in;
  view.shape = llvm::to_vector(shape);
  view.strides.assign(shape.size(), 0);
  for (auto [expr, stride] : llvm::zip_equal(map.getResults(), in.strides)) {
    if (auto dim = dyn_cast<AffineDimExpr>(expr))
      view.strides[dim.getPosition()] += stride;
    else if (auto zero = dyn_cast<AffineConstantExpr>(expr);
             !zero || zero.getValue() != 0)
      return std::nullopt;
  }
  return view;
}

/// Follows casts of one scalar back to `source`, noting what rounds.
static bool traceCasts(Value value, Value source,
                       SmallVectorImpl<Type> &roundings) {
  if (value == source)
    return true;
  Operation *op = value.getDefiningOp();
  if (!isa_and_nonnull<arith::ExtFOp, arith::TruncFOp>(op) ||
      !traceCasts(op->getOperand(0), source, roundings))
    return false;
  Type type = value.getType();
  if (isa<arith::TruncFOp>(op))
    roundings.push_back(type);
  return type.isF32() || type.isF16() || type.isBF16();
}

static View viewGeneric(linalg::GenericOp op) {
  if (op.getNumDpsInputs() != 1 || op.getNumDpsInits() != 1 ||
      op.getNumParallelLoops() != op.getNumLoops() ||
      !op.getMatchingIndexingMap(op.getDpsInitOperand(0)).isIdentity())
    return std::nullopt;
  SmallVector<Type> roundings;
  if (!traceCasts(op.getBody()->getTerminator()->getOperand(0),
                  op.getBody()->getArgument(0), roundings))
    return std::nullopt;
  View in = getConstantView(op.getDpsInputs()[0]);
  SmallVector<int64_t> ranges = op.getStaticLoopRanges();
  if (!in || ShapedType::isDynamicShape(ranges))
    return std::nullopt;
  in->roundings.append(roundings);
  return viewThroughMap(
      *in, op.getMatchingIndexingMap(op.getDpsInputOperand(0)), ranges);
}

static View viewSlice(tensor::ExtractSliceOp op) {
  if (!op.getType().hasStaticShape() ||
      ShapedType::isDynamicShape(op.getStaticOffsets()) ||
      ShapedType::isDynamicShape(op.getStaticStrides()))
    return std::nullopt;
  View in = getConstantView(op.getSource());
  if (!in)
    return std::nullopt;
  ConstantView view = *in;
  view.shape.clear();
  view.strides.clear();
  llvm::SmallBitVector dropped = op.getDroppedDims();
  for (auto [dim, stride] : llvm::enumerate(in->strides)) {
    view.offset += op.getStaticOffset(dim) * stride;
    if (dropped.test(dim))
      continue;
    view.shape.push_back(op.getStaticSize(dim));
    view.strides.push_back(op.getStaticStride(dim) * stride);
  }
  return view;
}

static View viewExpand(tensor::ExpandShapeOp op) {
  View in = getConstantView(op.getSrc());
  if (!in || !op.getResultType().hasStaticShape())
    return std::nullopt;
  return reshape(*in, op.getResultType().getShape());
}

static View viewCollapse(tensor::CollapseShapeOp op) {
  View in = getConstantView(op.getSrc());
  if (!in)
    return std::nullopt;
  SmallVector<int64_t> shape;
  for (const ReassociationIndices &group : op.getReassociationIndices()) {
    int64_t extent = 1;
    for (int64_t dim : group)
      extent *= in->shape[dim];
    shape.push_back(extent);
  }
  return reshape(*in, shape);
}

static View viewReshape(tensor::ReshapeOp op) {
  View in = getConstantView(op.getSource());
  DenseIntElementsAttr extents;
  if (!in || !matchPattern(op.getShape(), m_Constant(&extents)))
    return std::nullopt;
  SmallVector<int64_t> shape;
  for (const APInt &extent : extents)
    shape.push_back(extent.getSExtValue());
  if (llvm::any_of(shape, [](int64_t extent) { return extent < 0; }) ||
      ShapedType::getNumElements(shape) != in->getNumElements())
    return std::nullopt;
  return reshape(*in, shape);
}

std::optional<ConstantView> mlir::mx::getConstantView(Value value) {
  Attribute constant;
  if (matchPattern(value, m_Constant(&constant)))
    return viewAttribute(constant);
  Operation *op = value.getDefiningOp();
  if (!op)
    return std::nullopt;
  return llvm::TypeSwitch<Operation *, View>(op)
      .Case([](linalg::GenericOp op) { return viewGeneric(op); })
      .Case([](tensor::ExtractSliceOp op) { return viewSlice(op); })
      .Case([](tensor::ExpandShapeOp op) { return viewExpand(op); })
      .Case([](tensor::CollapseShapeOp op) { return viewCollapse(op); })
      .Case([](tensor::ReshapeOp op) { return viewReshape(op); })
      .Case([](tensor::CastOp op) { return getConstantView(op.getSource()); })
      .Case<linalg::TransposeOp, linalg::BroadcastOp>([](auto op) -> View {
        View in = getConstantView(op.getInput());
        auto type = cast<ShapedType>(op.getInit().getType());
        if (!in || !type.hasStaticShape())
          return std::nullopt;
        AffineMap map = cast<AffineMapAttr>(op.getIndexingMaps()[0]).getValue();
        return viewThroughMap(*in, map, type.getShape());
      })
      .Case([](arith::ExtFOp op) { return getConstantView(op.getIn()); })
      .Case([](arith::TruncFOp op) -> View {
        View view = getConstantView(op.getIn());
        if (view)
          view->roundings.push_back(getElementTypeOrSelf(op.getType()));
        return view;
      })
      .Default([](Operation *) { return std::nullopt; });
}
