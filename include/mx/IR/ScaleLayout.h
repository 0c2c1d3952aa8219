// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Reads #mx.scale_layout: a map whose results are sums of digits of the index.
#ifndef MX_IR_SCALELAYOUT_H
#define MX_IR_SCALELAYOUT_H

#include "mx/IR/MX.h"

#include "mlir/IR/AffineMap.h"

#include <optional>

namespace mlir::mx {

/// (index[dim] floordiv divisor) mod extent, times stride.
struct LayoutDigit {
  unsigned dim;
  int64_t divisor = 1;
  /// kDynamic for a digit without mod, the last one of its dimension.
  int64_t extent = ShapedType::kDynamic;
  int64_t stride = 1;

  bool isUnbounded() const { return ShapedType::isDynamic(extent); }
};

/// The digits of one result of the map, by ascending strides.
using LayoutResult = SmallVector<LayoutDigit, 2>;

/// The digits of `expr`, or nothing if it is anything else than their sum.
std::optional<LayoutResult> parseLayoutResult(AffineExpr expr);

/// The digits of all results; the layout has been verified.
SmallVector<LayoutResult> parseLayout(ScaleLayoutAttr layout);

/// The digits of an mma's order on a tile of `count` rows or columns: all have
/// an extent, which is more than 1.
SmallVector<LayoutResult> getTileOrder(MMAAttr mma, int64_t count);

/// What each dimension of the scales is padded to a multiple of.
SmallVector<int64_t> getLayoutMultiples(ScaleLayoutAttr layout);

/// The bytes in a container: 1 or 4.
int64_t getContainerBytes(ScaleLayoutAttr layout);

/// The extents that scales of the extents `sizes` are packed to.
SmallVector<OpFoldResult> getPackedSizes(OpBuilder &b, Location loc,
                                         ArrayRef<OpFoldResult> sizes,
                                         ScaleLayoutAttr layout);

/// The index of the scales in the results of the layout's map.
SmallVector<AffineExpr> getLogicalIndices(ScaleLayoutAttr layout);

/// The type that scales of the given shape are packed to.
RankedTensorType getPackedScalesType(ScaleLayoutAttr layout,
                                     ArrayRef<int64_t> shape);

/// Calls `fn` with the position of each scale of the static `shape`, row by
/// row, and the offset of its byte in the packed tensor.
void forEachScale(ScaleLayoutAttr layout, ArrayRef<int64_t> shape,
                  llvm::function_ref<void(int64_t, int64_t)> fn);

} // namespace mlir::mx

#endif // MX_IR_SCALELAYOUT_H
