// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Factors of a contraction as f32 tensors, scales multiplied in.
#ifndef MX_TRANSFORMS_DECODEFACTOR_H
#define MX_TRANSFORMS_DECODEFACTOR_H

#include "mx/IR/MX.h"

namespace mlir::mx {

/// A tensor and its map in a contraction, its scale, if any, and whether they
/// were made for it.
struct Factor {
  Value value;
  AffineMap map;
  Value scale;
  AffineMap scaleMap;
  bool decoded = false;
};

/// The lhs or rhs of `op` with its scales but those of f32 multiplied in, by a
/// linalg.generic whose innermost dimensions are `last`; the operand itself if
/// it is f32 without such scales and has the last of these innermost. Exact if
/// the scales are ordinary (see FoldedScales.h).
Factor decodeFactor(OpBuilder &b, ContractOp op, bool isLhs,
                    ArrayRef<unsigned> last);

} // namespace mlir::mx

#endif // MX_TRANSFORMS_DECODEFACTOR_H
