// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// How the dimensions of a contraction serve as those of a matrix product.
#ifndef MX_TRANSFORMS_MATMULDIMS_H
#define MX_TRANSFORMS_MATMULDIMS_H

#include "mx/IR/MX.h"

#include <optional>

namespace mlir::mx {

/// `columns` is the result's innermost dimension, which one factor has, the
/// columns' factor; `rows` the innermost of those that only the other factor
/// and the result have, if any; `sum` the innermost contracted one of the
/// columns' factor. All others are batch dimensions, rows, columns or sums
/// further out.
struct MatmulDims {
  unsigned columns;
  std::optional<unsigned> rows;
  unsigned sum;
  bool columnsAreLhs;
  /// Dimensions other than these three, by what they are.
  SmallVector<unsigned> outerParallel, outerRows, outerSums;
};

/// The dimensions of `op`, or why it is no matrix product: a map that is no
/// projected permutation, no innermost dimension that just one factor has, or
/// nothing to sum over.
FailureOr<MatmulDims> getMatmulDims(ContractOp op);
/// The same of an op with these maps of lhs, rhs and init.
FailureOr<MatmulDims> getMatmulDims(AffineMap lhs, AffineMap rhs,
                                    AffineMap init);

/// Whether a result of `map` is a window, `stride * d + dilation * e + ...`.
bool hasWindow(AffineMap map);

/// Whether a contraction with these maps has windows in one factor, all of
/// whose dimensions the result or the other factor has, and is a matrix product
/// once the windows' dimensions are that factor's own: a convolution, but no
/// depthwise one.
bool isMatmulOfWindows(AffineMap lhs, AffineMap rhs, AffineMap init);

} // namespace mlir::mx

#endif // MX_TRANSFORMS_MATMULDIMS_H
