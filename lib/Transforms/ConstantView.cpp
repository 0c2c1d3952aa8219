// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Transforms/ConstantView.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::mx;

using View = std::optional<ConstantView>;

static SmallVector<int64_t> getRowMajorStrides(ArrayRef<int64_t> shape) {
  SmallVector<int64_t> strides(shape.size(), 1);
  for (int64_t dim = static_cast<int64_t>(shape.size()) - 2; dim >= 0; --dim)
    strides[dim] = strides[dim + 1] * shape[dim + 1];
  return strides;
}

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

/// A copy of the stored elements in row-major order.
static ConstantView compact(const ConstantView &in) {
  ConstantView view = in;
  size_t size = in.storedType.getIntOrFloatBitWidth() / 8;
  view.storage =
      std::make_shared<std::vector<char>>(in.getNumElements() * size);
  view.data = *view.storage;
  view.offset = 0;
  view.strides = getRowMajorStrides(in.shape);
  SmallVector<int64_t> index(in.shape.size(), 0);
  for (char *to = view.storage->data(), *end = to + view.storage->size();
       to != end; to += size) {
    int64_t from = in.offset;
    for (auto [position, stride] : llvm::zip(index, in.strides))
      from += position * stride;
    std::memcpy(to, in.data.data() + from * size, size);
    for (int64_t dim = index.size() - 1; dim >= 0; --dim) {
      if (++index[dim] < in.shape[dim])
        break;
      index[dim] = 0;
    }
  }
  return view;
}

static View viewExpand(tensor::ExpandShapeOp op) {
  View view = getConstantView(op.getSrc());
  if (!view || !op.getResultType().hasStaticShape())
    return std::nullopt;
  SmallVector<int64_t> strides(op.getResultType().getRank());
  view->shape = llvm::to_vector(op.getResultType().getShape());
  for (auto [group, inner] :
       llvm::zip_equal(op.getReassociationIndices(), view->strides)) {
    int64_t stride = inner;
    for (int64_t dim : llvm::reverse(group)) {
      strides[dim] = stride;
      stride *= view->shape[dim];
    }
  }
  view->strides = strides;
  return view;
}

static View viewCollapse(tensor::CollapseShapeOp op) {
  View in = getConstantView(op.getSrc());
  if (!in)
    return std::nullopt;
  ConstantView view = *in;
  view.shape.clear();
  view.strides.clear();
  for (const ReassociationIndices &group : op.getReassociationIndices()) {
    int64_t extent = 1, stride = 0;
    for (int64_t dim : llvm::reverse(group)) {
      if (in->shape[dim] == 1)
        continue;
      if (extent == 1)
        stride = in->strides[dim];
      else if (in->strides[dim] != stride * extent) {
        // No stride serves the whole group.
        view = compact(*in);
        view.shape.clear();
        for (const ReassociationIndices &all : op.getReassociationIndices()) {
          int64_t product = 1;
          for (int64_t member : all)
            product *= in->shape[member];
          view.shape.push_back(product);
        }
        view.strides = getRowMajorStrides(view.shape);
        return view;
      }
      extent *= in->shape[dim];
    }
    view.shape.push_back(extent);
    view.strides.push_back(stride);
  }
  return view;
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
