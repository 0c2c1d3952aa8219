// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Verifiers and folders of mx.pack_scales and mx.unpack_scales. The numbers
/// are those of the rules in the ops' descriptions.
#include "mx/IR/ScaleLayout.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::mx;

/// Rules 1 to 3, which both ops share.
static LogicalResult verifyLayout(Operation *op, ScaleLayoutAttr layout,
                                  RankedTensorType scales,
                                  RankedTensorType packed) {
  // 1.
  if (layout.getMap().getNumDims() != scales.getRank())
    return op->emitOpError("expected a layout of ")
           << scales.getRank() << " dimensions as " << scales << " has, found "
           << layout.getMap().getNumDims();
  // 2.
  if (packed.getElementType() != layout.getContainer())
    return op->emitOpError("expected packed elements of type ")
           << layout.getContainer() << ", found " << packed.getElementType();
  // 3.
  RankedTensorType expected = getPackedScalesType(layout, scales.getShape());
  if (failed(verifyCompatibleShape(expected.getShape(), packed.getShape())))
    return op->emitOpError("expected packed scales of type ")
           << expected << ", found " << packed;
  return success();
}

LogicalResult PackScalesOp::verify() {
  return verifyLayout(getOperation(), getLayout(), getScales().getType(),
                      getPacked().getType());
}

LogicalResult UnpackScalesOp::verify() {
  RankedTensorType type = getScales().getType();
  if (failed(verifyLayout(getOperation(), getLayout(), type,
                          getPacked().getType())))
    return failure();
  // 4.
  if (static_cast<size_t>(type.getNumDynamicDims()) != getSizes().size())
    return emitOpError("expected ") << type.getNumDynamicDims() << " sizes for "
                                    << type << ", found " << getSizes().size();
  return success();
}

/// The bytes of a constant, one for each byte of its elements.
static std::optional<SmallVector<char>> getConstantBytes(Attribute attribute) {
  auto constant = dyn_cast_if_present<DenseElementsAttr>(attribute);
  if (!constant)
    return std::nullopt;
  ArrayRef<char> data = constant.getRawData();
  if (!constant.isSplat())
    return SmallVector<char>(data);
  SmallVector<char> bytes;
  for (int64_t element = 0; element < constant.getNumElements(); ++element)
    llvm::append_range(bytes, data);
  return bytes;
}

OpFoldResult PackScalesOp::fold(FoldAdaptor adaptor) {
  ArrayRef<int64_t> shape = getScales().getType().getShape();
  // What stands in the padding of packed scales is not known.
  if (auto unpack = getScales().getDefiningOp<UnpackScalesOp>()) {
    bool padded = ShapedType::isDynamicShape(shape);
    for (auto [extent, multiple] :
         llvm::zip_equal(shape, getLayoutMultiples(getLayout())))
      padded |= extent % multiple != 0;
    if (!padded && unpack.getLayout() == getLayout() &&
        unpack.getPacked().getType() == getPacked().getType())
      return unpack.getPacked();
  }
  RankedTensorType type = getPacked().getType();
  std::optional<SmallVector<char>> scales =
      getConstantBytes(adaptor.getScales());
  if (!scales || !type.hasStaticShape())
    return {};
  SmallVector<char> packed(type.getNumElements() *
                               getContainerBytes(getLayout()),
                           static_cast<char>(getLayout().getPad()));
  forEachScale(getLayout(), shape, [&](int64_t position, int64_t offset) {
    packed[offset] = (*scales)[position];
  });
  return DenseElementsAttr::getFromRawBuffer(type, packed);
}

OpFoldResult UnpackScalesOp::fold(FoldAdaptor adaptor) {
  RankedTensorType type = getScales().getType();
  if (!type.hasStaticShape())
    return {};
  if (auto pack = getPacked().getDefiningOp<PackScalesOp>())
    if (pack.getLayout() == getLayout() && pack.getScales().getType() == type)
      return pack.getScales();
  std::optional<SmallVector<char>> packed =
      getConstantBytes(adaptor.getPacked());
  if (!packed)
    return {};
  SmallVector<char> scales(type.getNumElements());
  forEachScale(getLayout(), type.getShape(),
               [&](int64_t position, int64_t offset) {
                 scales[position] = (*packed)[offset];
               });
  return DenseElementsAttr::getFromRawBuffer(type, scales);
}

LogicalResult
PackScalesOp::reifyResultShapes(OpBuilder &b,
                                ReifiedRankedShapedTypeDims &shapes) {
  shapes.push_back(getPackedSizes(
      b, getLoc(), tensor::getMixedSizes(b, getLoc(), getScales()),
      getLayout()));
  return success();
}

LogicalResult
UnpackScalesOp::reifyResultShapes(OpBuilder &b,
                                  ReifiedRankedShapedTypeDims &shapes) {
  shapes.push_back(
      getMixedValues(getScales().getType().getShape(), getSizes(), b));
  return success();
}
