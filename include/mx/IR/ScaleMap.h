// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Reads the results of the maps that mx ops allow: `0`, `d`, `d floordiv c`
/// and, in the maps of convolutions, a window `stride * d + dilation * e +
/// ...`.
#ifndef MX_IR_SCALEMAP_H
#define MX_IR_SCALEMAP_H

#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/AffineMap.h"
#include "mlir/IR/Builders.h"

#include <optional>

namespace mlir::mx {

/// One result of a map: offset(d) = sum(stride * d) floordiv block.
struct MapResult {
  struct Term {
    unsigned dim;
    int64_t stride;
  };
  /// Empty for the constant 0; one term of stride 1 for `d`, `d floordiv c`.
  SmallVector<Term, 2> terms;
  /// c of `d floordiv c`, else 1.
  int64_t block = 1;

  bool isUnit() const { return terms.empty(); }
  bool isDim() const { return terms.size() == 1 && terms[0].stride == 1; }
  bool isBlocked() const { return isDim() && block > 1; }
  bool isWindow() const { return !isUnit() && !isDim(); }
};

/// The forms above, or nothing. `d floordiv 1` is `d`.
std::optional<MapResult> parseMapResult(AffineExpr expr);

/// All results of `map`; the map must have been verified.
SmallVector<MapResult> parseMap(AffineMap map);

/// c of the blocks `d floordiv c` that the scale with `map` has along `dim`: 1
/// if it has a value for each index, 0 if it is the same for all.
int64_t getBlockAlong(AffineMap map, unsigned dim);

/// The extent along a result with the given extents of the dimensions, or
/// kDynamic. A window's extent is the least that the iteration needs.
int64_t getExtent(const MapResult &result, ArrayRef<int64_t> dims);

/// The offset and size of the slice that a tile of the dimensions touches.
std::pair<OpFoldResult, OpFoldResult> getSlice(OpBuilder &b, Location loc,
                                               const MapResult &result,
                                               ArrayRef<OpFoldResult> offsets,
                                               ArrayRef<OpFoldResult> sizes);

/// Whether a tile of one dimension has a rectangular slice of blocks: it holds
/// whole blocks, lies inside one, or reaches the end from a block's start.
/// `extent` is the dimension's; a dynamic `size` counts by its upper bound, and
/// a dynamic `offset` must be a known multiple (see isMultipleOf).
bool isBlockAligned(OpFoldResult offset, OpFoldResult size, int64_t extent,
                    int64_t block);

/// Whether `value` is known to be a multiple of `divisor`: constants, loop
/// induction variables and affine expressions of such.
bool isMultipleOf(OpFoldResult value, int64_t divisor);

/// Checks one scale map result by result: the forms `0`, `d`, `d floordiv c`
/// with every dimension at most once. Reports by `emitError`.
LogicalResult verifyScaleMap(AffineMap map,
                             function_ref<InFlightDiagnostic()> emitError);

/// Checks that `actual` is the shape that `map` gives for extents `dims`; a
/// dynamic extent on either side agrees with anything.
LogicalResult verifyShape(AffineMap map, ArrayRef<int64_t> dims,
                          ArrayRef<int64_t> actual, StringRef what,
                          function_ref<InFlightDiagnostic()> emitError);

} // namespace mlir::mx

#endif // MX_IR_SCALEMAP_H
