// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Verifiers and folders of mx.pack_elements and mx.unpack_elements. The
/// numbers are those of the rules in the ops' descriptions.
#include "mx/IR/PackElements.h"
#include "mx/Numerics/Packing.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::mx;

bool mlir::mx::isSubByteFloat(Type type) {
  return isa<Float4E2M1FNType, Float6E2M3FNType, Float6E3M2FNType>(type);
}

PackedGroup mlir::mx::getPackedGroup(Type element, Container container) {
  if (container == Container::Byte)
    return {1, 1};
  return element.getIntOrFloatBitWidth() == 4 ? PackedGroup{2, 1}
                                              : PackedGroup{4, 3};
}

int64_t mlir::mx::getPackedExtent(int64_t extent, Type element,
                                  Container container) {
  if (ShapedType::isDynamic(extent))
    return ShapedType::kDynamic;
  PackedGroup group = getPackedGroup(element, container);
  return llvm::divideCeilSigned(extent, group.codes) * group.bytes;
}

SmallVector<OpFoldResult> mlir::mx::getPackedSizes(OpBuilder &b, Location loc,
                                                   ArrayRef<OpFoldResult> sizes,
                                                   Type element,
                                                   Container container) {
  PackedGroup group = getPackedGroup(element, container);
  SmallVector<OpFoldResult> packed(sizes);
  packed.back() = affine::makeComposedFoldedAffineApply(
      b, loc, b.getAffineDimExpr(0).ceilDiv(group.codes) * group.bytes,
      {sizes.back()});
  return packed;
}

RankedTensorType mlir::mx::getPackedType(RankedTensorType type,
                                         Container container) {
  SmallVector<int64_t> shape(type.getShape());
  shape.back() =
      getPackedExtent(shape.back(), type.getElementType(), container);
  return RankedTensorType::get(shape, IntegerType::get(type.getContext(), 8));
}

void mlir::mx::packCodes(ArrayRef<char> codes, int64_t extent, Type element,
                         Container container, MutableArrayRef<char> packed) {
  int64_t bytes = getPackedExtent(extent, element, container);
  auto *to = reinterpret_cast<uint8_t *>(packed.data());
  for (; !codes.empty(); codes = codes.drop_front(extent), to += bytes) {
    auto *from = reinterpret_cast<const uint8_t *>(codes.data());
    if (container == Container::Byte)
      std::copy_n(from, extent, to);
    else if (element.getIntOrFloatBitWidth() == 4)
      ::mx::numerics::packFp4(from, extent, to);
    else
      ::mx::numerics::packFp6(from, extent, to);
  }
}

/// Rules 1 to 3, which both ops share.
static LogicalResult verifyShapes(Operation *op, RankedTensorType elements,
                                  RankedTensorType packed,
                                  Container container) {
  // 1.
  int64_t rank = elements.getRank();
  if (rank == 0 || packed.getRank() != rank)
    return op->emitOpError("expected elements and bytes of one rank, at least "
                           "1, found ranks ")
           << rank << " and " << packed.getRank();
  // 2.
  if (failed(verifyCompatibleShape(elements.getShape().drop_back(),
                                   packed.getShape().drop_back())))
    return op->emitOpError("expected equal extents but for the innermost, "
                           "found ")
           << elements << " and " << packed;
  // 3.
  int64_t expected = getPackedExtent(elements.getShape().back(),
                                     elements.getElementType(), container);
  int64_t found = packed.getShape().back();
  if (!ShapedType::isDynamic(expected) && !ShapedType::isDynamic(found) &&
      expected != found)
    return op->emitOpError("expected ")
           << expected << " bytes for a row of " << elements.getShape().back()
           << " elements, found " << found;
  return success();
}

LogicalResult PackElementsOp::verify() {
  return verifyShapes(getOperation(), getElements().getType(),
                      getPacked().getType(), getContainer());
}

LogicalResult UnpackElementsOp::verify() {
  RankedTensorType type = getElements().getType();
  if (failed(verifyShapes(getOperation(), type, getPacked().getType(),
                          getContainer())))
    return failure();
  // 4.
  bool dynamic = ShapedType::isDynamic(type.getShape().back());
  if (dynamic != static_cast<bool>(getExtent()))
    return emitOpError("expected ")
           << (dynamic ? "an" : "no") << " operand extent with elements of "
           << type;
  return success();
}

OpFoldResult PackElementsOp::fold(FoldAdaptor adaptor) {
  RankedTensorType type = getElements().getType();
  // The bits that fill the last group are known to be zero only where there
  // are none, and so are the upper bits of whole bytes never.
  if (auto unpack = getElements().getDefiningOp<UnpackElementsOp>()) {
    int64_t extent = type.getShape().back();
    if (unpack.getContainer() == getContainer() &&
        getContainer() == Container::Dense &&
        unpack.getPacked().getType() == getPacked().getType() &&
        !ShapedType::isDynamic(extent) &&
        extent % getPackedGroup(type.getElementType(), getContainer()).codes ==
            0)
      return unpack.getPacked();
  }
  auto constant =
      dyn_cast_if_present<DenseIntOrFPElementsAttr>(adaptor.getElements());
  RankedTensorType packedType = getPacked().getType();
  if (!constant || constant.empty())
    return {};
  SmallVector<char> codes(constant.getRawData());
  if (constant.isSplat())
    codes.assign(constant.getNumElements(), constant.getRawData().front());
  SmallVector<char> bytes(packedType.getNumElements());
  packCodes(codes, type.getShape().back(), type.getElementType(),
            getContainer(), bytes);
  return DenseElementsAttr::getFromRawBuffer(packedType, bytes);
}

OpFoldResult UnpackElementsOp::fold(FoldAdaptor adaptor) {
  RankedTensorType type = getElements().getType();
  if (auto pack = getPacked().getDefiningOp<PackElementsOp>())
    if (pack.getContainer() == getContainer() &&
        pack.getElements().getType() == type && !getExtent())
      return pack.getElements();
  auto constant =
      dyn_cast_if_present<DenseIntOrFPElementsAttr>(adaptor.getPacked());
  if (!constant || !constant.isSplat() || !type.hasStaticShape() ||
      type.getNumElements() == 0)
    return {};
  // A byte that repeats gives one code if the code does not depend on where
  // in the byte it starts.
  unsigned bits = type.getElementTypeBitWidth();
  uint32_t byte = static_cast<uint8_t>(constant.getRawData().front());
  uint32_t mask = (1u << bits) - 1, word = byte | byte << 8 | byte << 16;
  PackedGroup group = getPackedGroup(type.getElementType(), getContainer());
  for (int64_t position = 1; position < group.codes; ++position)
    if (((word >> (position * bits)) & mask) != (word & mask))
      return {};
  char code = static_cast<char>(word & mask);
  return DenseElementsAttr::getFromRawBuffer(type, ArrayRef<char>(code));
}

LogicalResult
PackElementsOp::reifyResultShapes(OpBuilder &b,
                                  ReifiedRankedShapedTypeDims &shapes) {
  shapes.push_back(getPackedSizes(
      b, getLoc(), tensor::getMixedSizes(b, getLoc(), getElements()),
      getElements().getType().getElementType(), getContainer()));
  return success();
}

LogicalResult
UnpackElementsOp::reifyResultShapes(OpBuilder &b,
                                    ReifiedRankedShapedTypeDims &shapes) {
  SmallVector<OpFoldResult> sizes =
      tensor::getMixedSizes(b, getLoc(), getPacked());
  if (getExtent())
    sizes.back() = getExtent();
  else
    sizes.back() = b.getIndexAttr(getElements().getType().getShape().back());
  shapes.push_back(std::move(sizes));
  return success();
}
