// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "PermuteConstant.h"
#include "mx/IR/PackElements.h"
#include "mx/Numerics/Packing.h"
#include "mx/Transforms/ConstantResources.h"
#include "mx/Transforms/QuantizeConstant.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/Threading.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::mx;

/// The bytes of a constant with a value for every element; else none.
static std::optional<ArrayRef<char>> getBytes(Value value) {
  SplatElementsAttr splat;
  return matchPattern(value, m_Constant(&splat)) ? std::nullopt
                                                 : getConstantBytes(value);
}

static UnpackElementsOp getUnpack(Value value) {
  auto unpack = value.getDefiningOp<UnpackElementsOp>();
  return unpack && unpack.getContainer() == Container::Dense ? unpack : nullptr;
}

bool mlir::mx::canPermuteConstant(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!type || !type.hasStaticShape() || type.getNumElements() == 0)
    return false;
  if (UnpackElementsOp unpack = getUnpack(value))
    return getBytes(unpack.getPacked()).has_value();
  Type element = type.getElementType();
  return getBytes(value) &&
         (isSubByteFloat(element) ||
          (element.isIntOrFloat() && element.getIntOrFloatBitWidth() % 8 == 0));
}

/// A byte for each of the packed codes of f4 or f6.
static std::vector<char> unpackRows(ArrayRef<char> packed,
                                    RankedTensorType type) {
  Type element = type.getElementType();
  int64_t extent = type.getShape().back();
  int64_t bytes = getPackedExtent(extent, element, Container::Dense);
  std::vector<char> codes(type.getNumElements());
  for (int64_t row = 0, rows = codes.size() / extent; row < rows; ++row) {
    auto *from = reinterpret_cast<const uint8_t *>(packed.data() + row * bytes);
    auto *to = reinterpret_cast<uint8_t *>(codes.data() + row * extent);
    if (element.getIntOrFloatBitWidth() == 4)
      ::mx::numerics::unpackFp4(from, extent, to);
    else
      ::mx::numerics::unpackFp6(from, extent, to);
  }
  return codes;
}

namespace {
/// Copies elements of `size` bytes to row-major tensors of `shape`.
struct Permutation {
  ArrayRef<int64_t> shape, strides;
  ArrayRef<ConstantBound> bounds;
  size_t size;

  /// Copies to the part at `to` of which indices before `dim` are known; `left`
  /// is what they leave of each bound.
  void copy(unsigned dim, const char *from, char *to,
            SmallVector<int64_t> left) const {
    if (llvm::any_of(left, [](int64_t extent) { return extent <= 0; }))
      return;
    if (dim + 1 < shape.size()) {
      int64_t inner = ShapedType::getNumElements(shape.drop_front(dim + 1));
      for (int64_t i = 0; i < shape[dim]; ++i) {
        copy(dim + 1, from + i * strides[dim] * size, to + i * inner * size,
             left);
        for (auto [extent, bound] : llvm::zip_equal(left, bounds))
          extent -= bound.steps[dim];
      }
      return;
    }
    int64_t count = shape[dim];
    for (auto [extent, bound] : llvm::zip_equal(left, bounds))
      if (int64_t step = bound.steps[dim])
        count = std::min<int64_t>(count, llvm::divideCeil(extent, step));
    for (int64_t i = 0; i < count; ++i)
      std::memcpy(to + i * size, from + i * strides[dim] * size, size);
  }
};
} // namespace

/// The elements of `value` in the order of permuteConstant; a byte for each of
/// f4 and f6.
static AsmResourceBlob permuteBytes(MLIRContext *context, Value value,
                                    ArrayRef<int64_t> shape,
                                    ArrayRef<int64_t> strides,
                                    ArrayRef<ConstantBound> bounds,
                                    uint8_t fill = 0) {
  Type element = cast<RankedTensorType>(value.getType()).getElementType();
  UnpackElementsOp unpack = getUnpack(value);
  ArrayRef<char> bytes = *getBytes(unpack ? unpack.getPacked() : value);
  std::vector<char> codes;
  if (unpack) {
    codes = unpackRows(bytes, cast<RankedTensorType>(value.getType()));
    bytes = codes;
  }
  size_t size =
      isSubByteFloat(element) ? 1 : element.getIntOrFloatBitWidth() / 8;
  size_t part = ShapedType::getNumElements(shape.drop_front()) * size;
  AsmResourceBlob blob =
      HeapAsmResourceBlob::allocate(shape[0] * part, kConstantAlignment);
  char *to = blob.getMutableData().data();
  std::memset(to, fill, shape[0] * part);
  Permutation permutation = {shape, strides, bounds, size};
  parallelFor(context, 0, shape[0], [&](size_t i) {
    SmallVector<int64_t> left;
    for (const ConstantBound &bound : bounds)
      left.push_back(bound.extent - i * bound.steps[0]);
    permutation.copy(1, bytes.data() + i * strides[0] * size, to + i * part,
                     left);
  });
  return blob;
}

Value mlir::mx::permuteConstant(OpBuilder &b, Value value,
                                RankedTensorType type,
                                ArrayRef<int64_t> strides,
                                ArrayRef<ConstantBound> bounds) {
  Type element = type.getElementType();
  AsmResourceBlob blob =
      permuteBytes(b.getContext(), value, type.getShape(), strides, bounds);
  if (isSubByteFloat(element))
    blob = packRows(b.getContext(), blob.getData(), type.getShape().back(),
                    element);
  return createElements(b, value.getLoc(), type, std::move(blob));
}

Value mlir::mx::permuteCodes(OpBuilder &b, Value value, RankedTensorType type,
                             ArrayRef<int64_t> strides,
                             ArrayRef<ConstantBound> bounds, uint8_t fill) {
  return createConstant(b, value.getLoc(), type,
                        permuteBytes(b.getContext(), value, type.getShape(),
                                     strides, bounds, fill),
                        "mx_codes");
}
