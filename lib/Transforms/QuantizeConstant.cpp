// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Transforms/QuantizeConstant.h"
#include "mx/IR/NumericsFormats.h"
#include "mx/IR/PackElements.h"
#include "mx/IR/ScaleMap.h"
#include "mx/Numerics/Quantize.h"
#include "mx/Transforms/ConstantResources.h"

#include "mlir/IR/Threading.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::mx;
using ::mx::numerics::BlockedDim;

/// Elements that one task takes: enough to outweigh its start, few enough that
/// their f32 copies stay small.
constexpr int64_t kTaskElements = 1 << 16;

SmallVector<int64_t> mlir::mx::getScaleShape(AffineMap scaleMap,
                                             ArrayRef<int64_t> shape) {
  return llvm::map_to_vector(parseMap(scaleMap), [&](const MapResult &result) {
    return getExtent(result, shape);
  });
}

static std::vector<BlockedDim> getBlockedDims(AffineMap scaleMap,
                                              ArrayRef<int64_t> shape) {
  std::vector<BlockedDim> dims;
  for (int64_t extent : shape)
    dims.push_back({extent, extent, 0});
  int64_t stride = 1;
  SmallVector<MapResult> results = parseMap(scaleMap);
  for (const MapResult &result : llvm::reverse(results)) {
    if (result.isUnit())
      continue;
    BlockedDim &dim = dims[result.terms[0].dim];
    dim.block = result.block;
    dim.scaleStride = stride;
    stride *= getExtent(result, shape);
  }
  return dims;
}

/// Calls `fn(first, count)` in parallel for parts of `extent`, each a multiple
/// of `unit` but for the last.
static void forEachPart(MLIRContext *context, int64_t extent, int64_t unit,
                        int64_t elementsPerIndex,
                        function_ref<void(int64_t, int64_t)> fn) {
  int64_t elementsPerUnit = unit * elementsPerIndex;
  int64_t part = unit * std::max<int64_t>(kTaskElements / elementsPerUnit, 1);
  parallelFor(context, 0, llvm::divideCeilSigned(extent, part),
              [&](size_t task) {
                int64_t first = static_cast<int64_t>(task) * part;
                fn(first, std::min(part, extent - first));
              });
}

AsmResourceBlob mlir::mx::packRows(MLIRContext *context, ArrayRef<char> codes,
                                   int64_t extent, Type element) {
  int64_t rows = codes.size() / extent;
  int64_t bytes = getPackedExtent(extent, element, Container::Dense);
  AsmResourceBlob blob =
      HeapAsmResourceBlob::allocate(rows * bytes, kConstantAlignment);
  MutableArrayRef<char> packed = blob.getMutableData();
  forEachPart(context, rows, 1, extent, [&](int64_t first, int64_t count) {
    packCodes(codes.slice(first * extent, count * extent), extent, element,
              Container::Dense, packed.slice(first * bytes, count * bytes));
  });
  return blob;
}

QuantizedConstant mlir::mx::quantizeConstant(QuantizeOp op,
                                             const ConstantView &input,
                                             std::optional<float> global) {
  MLIRContext *context = op.getContext();
  Type element = cast<ShapedType>(op.getElements().getType()).getElementType();
  ::mx::numerics::QuantizeSpec spec;
  if (op.getRule())
    spec = {*getElementFormat(element), getNumericsRule(*op.getRule()),
            getNumericsPolicy(op.getSpecial())};
  std::vector<BlockedDim> dims = getBlockedDims(op.getScaleMap(), input.shape);
  int64_t elements = input.getNumElements();
  int64_t scaleCount =
      ShapedType::getNumElements(getScaleShape(op.getScaleMap(), input.shape));

  QuantizedConstant result{
      HeapAsmResourceBlob::allocate(elements, kConstantAlignment),
      HeapAsmResourceBlob::allocate(scaleCount, kConstantAlignment)};
  auto *codes =
      reinterpret_cast<uint8_t *>(result.elements.getMutableData().data());
  auto *scales =
      reinterpret_cast<uint8_t *>(result.scales.getMutableData().data());
  // Parts along the first dimension share no block, unless one block spans it.
  int64_t extent = dims[0].extent;
  int64_t unit = dims[0].scaleStride ? dims[0].block : extent;
  int64_t inner = elements / extent;
  forEachPart(context, extent, unit, inner, [&](int64_t first, int64_t count) {
    SmallVector<int64_t> start(dims.size(), 0), extents(input.shape);
    std::vector<BlockedDim> part = dims;
    uint8_t *partScales = scales + first / part[0].block * part[0].scaleStride;
    start[0] = first;
    extents[0] = part[0].extent = count;
    std::vector<float> values(count * inner);
    input.read(start, extents, values);
    uint8_t *partCodes = codes + first * inner;
    if (global)
      quantizeTensorNVFP4(*global, part, values.data(), partCodes, partScales);
    else
      quantizeTensor(spec, part, values.data(), partCodes, partScales);
  });
  if (isSubByteFloat(element))
    result.elements = packRows(context, result.elements.getData(),
                               input.shape.back(), element);
  return result;
}
