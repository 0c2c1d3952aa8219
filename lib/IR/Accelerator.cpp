// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// #mx.accelerator and #mx.mma: verifiers, and what follows from their numbers.
#include "mx/IR/PackElements.h"
#include "mx/IR/ScaleLayout.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::mx;

/// Whether the digits of `layout` fit a box of these extents: the last digit of
/// a dimension then ends with it.
static bool fits(ScaleLayoutAttr layout, ArrayRef<int64_t> box) {
  for (const LayoutResult &result : parseLayout(layout))
    for (const LayoutDigit &digit : result)
      if (box[digit.dim] % digit.divisor ||
          (!digit.isUnbounded() &&
           box[digit.dim] % (digit.divisor * digit.extent)))
        return false;
  return true;
}

/// More than any machine has, and few enough for products of them.
constexpr int64_t kMost = 1 << 20;

static bool isElement(Type type) {
  return type.isSignlessInteger(8) || isSubByteFloat(type) ||
         isa<Float8E4M3FNType, Float8E5M2Type>(type);
}

LogicalResult MMAAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                              int64_t rows, int64_t columns, int64_t depth,
                              ArrayRef<Type> elements, Container container,
                              Type scale, int64_t block, ScaleLayoutAttr order,
                              int64_t cycles) {
  for (auto [name, value] :
       {std::pair("rows", rows), std::pair("columns", columns),
        std::pair("depth", depth), std::pair("block", block),
        std::pair("cycles", cycles)})
    if (value < 1 || value > kMost)
      return emitError() << "expected " << name << " of an mma to be from 1 to "
                         << kMost << ", found " << value;
  if (depth % block)
    return emitError() << "expected block to divide the depth " << depth
                       << " of an mma, found " << block;
  for (Type type : elements) {
    if (!isElement(type))
      return emitError() << "expected elements of an mma to be f8E4M3FN, "
                            "f8E5M2, f6E2M3FN, f6E3M2FN, f4E2M1FN or i8, found "
                         << type;
    int64_t codes =
        isSubByteFloat(type) ? getPackedGroup(type, container).codes : 1;
    if (depth % codes)
      return emitError() << "expected the depth of an mma to be a multiple of "
                         << codes << " for " << type << ", found " << depth;
  }
  if (!isa<Float8E8M0FNUType, Float8E4M3FNType>(scale))
    return emitError() << "expected the scale of an mma to be f8E8M0FNU or "
                          "f8E4M3FN, found "
                       << scale;
  if (order.getMap().getNumDims() != 2 || !order.getContainer().isInteger(8))
    return emitError() << "expected the order of an mma's scales to be one of "
                          "(row, block) in bytes, found "
                       << order;
  bool isNaN = order.getPad() == 255 ||
               (order.getPad() == 127 && !isa<Float8E8M0FNUType>(scale));
  if (isNaN)
    return emitError() << "expected a pad byte of an mma's scales that is no "
                          "NaN, found "
                       << order.getPad();
  for (int64_t count : {rows, columns})
    if (!fits(order, {count, depth / block}))
      return emitError() << "expected an order of a tile's " << count << " x "
                         << depth / block << " scales, found " << order;
  return success();
}

int64_t MMAAttr::getTileBytes(int64_t count, Type element) const {
  if (isSubByteFloat(element))
    return count * getPackedExtent(getDepth(), element, getContainer());
  return count * getDepth();
}

SmallVector<LayoutResult> mlir::mx::getTileOrder(MMAAttr mma, int64_t count) {
  int64_t box[] = {count, mma.getDepth() / mma.getBlock()};
  SmallVector<LayoutResult> results;
  for (const LayoutResult &result : parseLayout(mma.getOrder())) {
    LayoutResult &digits = results.emplace_back();
    for (LayoutDigit digit : result) {
      if (digit.isUnbounded())
        digit.extent = box[digit.dim] / digit.divisor;
      if (digit.extent > 1)
        digits.push_back(digit);
    }
  }
  return results;
}

ScaleLayoutAttr MMAAttr::getTensorOrder(int64_t count) const {
  MLIRContext *context = getContext();
  AffineExpr batch = getAffineDimExpr(0, context);
  int64_t box[] = {count, getDepth() / getBlock()};
  SmallVector<AffineExpr> results = {batch};
  for (unsigned dim : {0, 1})
    results.push_back(getAffineDimExpr(dim + 1, context).floorDiv(box[dim]));
  for (const LayoutResult &digits : getTileOrder(*this, count)) {
    AffineExpr sum;
    for (const LayoutDigit &digit : digits) {
      AffineExpr term =
          (getAffineDimExpr(digit.dim + 1, context).floorDiv(digit.divisor) %
           digit.extent) *
          digit.stride;
      sum = sum ? sum + term : term;
    }
    // Digits of one value are none, and neither is a dimension of these.
    if (sum)
      results.push_back(sum);
  }
  return ScaleLayoutAttr::get(context, AffineMap::get(3, 0, results, context),
                              getOrder().getPad(), getOrder().getContainer(),
                              {});
}

LogicalResult
AcceleratorAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                        int64_t memory, int64_t alignment, int64_t accumulators,
                        int64_t bandwidth, int64_t latency, int64_t storage,
                        ArrayRef<ScaleRule> quantize, int64_t host,
                        ArrayRef<MMAAttr> mmas) {
  if (alignment < 1 || alignment > kMost || !llvm::isPowerOf2_64(alignment))
    return emitError() << "expected alignment to be a power of two up to "
                       << kMost << ", found " << alignment;
  if (accumulators < 2 || accumulators > kMost)
    return emitError() << "expected at least 2 accumulators, of which one is "
                          "copied while the other is in use, found "
                       << accumulators;
  if (bandwidth < 1 || latency < 0 || latency > kMost)
    return emitError() << "expected a positive bandwidth and a latency, found "
                       << bandwidth << " and " << latency;
  if (storage < 0)
    return emitError() << "expected a storage of bytes, found " << storage;
  if (host < 1 || host > kMost)
    return emitError() << "expected host to be from 1 to " << kMost
                       << " f32 in a cycle, found " << host;
  if (!quantize.empty() && llvm::none_of(mmas, [](MMAAttr mma) {
        return isa<Float8E8M0FNUType>(mma.getScale());
      }))
    return emitError()
           << "expected an mma with scales of f8E8M0FNU beside rules "
              "to quantize by, found none";
  for (MMAAttr mma : mmas)
    for (Type element : mma.getElements()) {
      // At most 2^43, for tiles have at most 2^20 x 2^20 elements.
      int64_t bytes = 0;
      for (int64_t count : {mma.getRows(), mma.getColumns()})
        bytes += llvm::alignTo(mma.getTileBytes(count, element), alignment) +
                 llvm::alignTo(mma.getScaleBytes(count), alignment);
      // One pair of tiles is copied while another is in use.
      if (2 * bytes > memory)
        return emitError() << "expected a memory of at least " << 2 * bytes
                           << " bytes for two pairs of tiles of " << element
                           << ", found " << memory;
    }
  return success();
}
