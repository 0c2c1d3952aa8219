// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Factors of a contraction as f32 tensors, scales multiplied in.
#ifndef MX_TRANSFORMS_DECODEFACTOR_H
#define MX_TRANSFORMS_DECODEFACTOR_H

#include "mx/Transforms/MatmulDims.h"

namespace mlir::mx {

/// A tensor and its map in a contraction, its scale, if any, and whether one of
/// them was made for it.
struct Factor {
  Value value;
  AffineMap map;
  Value scale;
  AffineMap scaleMap;
  bool decoded = false;
  /// Of elements that are still to be decoded.
  std::optional<int64_t> fractionBits;
  /// The floats of less than 8 bits whose codes the elements are, which are i8.
  Type codes;
  /// Of elements that are unsigned integers.
  std::optional<int64_t> zeroPoint;
  /// What the other factor's zero point adds to sums, negated, if it has one.
  Value compensation;
  AffineMap compensationMap;
};

/// The lhs or rhs of `op` with its scales but those of f32 multiplied in, by a
/// linalg.generic whose innermost dimensions are `last`; the operand itself if
/// it is f32 without such scales and has the last of these innermost. Exact if
/// the scales are ordinary (see FoldedScales.h).
Factor decodeFactor(OpBuilder &b, ContractOp op, bool isLhs,
                    ArrayRef<unsigned> last, TargetAttr target);

/// The lhs or rhs of `op`, for which fitsBF16 (FoldedScales.h) holds, for
/// `dot`: as decodeFactor makes it, but as bf16. The dimension of the sum
/// counts groups of the dot's length then, and a new one after all others, the
/// last one, their elements. A short last group ends in zeros.
Factor decodeGroups(OpBuilder &b, ContractOp op, bool isLhs,
                    const MatmulDims &dims, DotAttr dot, TargetAttr target);

/// The lhs or rhs of `op` as codes of at most 8 bits with `last` innermost, for
/// tiles that decode them, and its scale that is not f32, if any, as f32.
/// Those of less than 8 bits that have another order are bytes then. Failure
/// for other elements and if there are more such scales. Elements are divided
/// by the power of two that `target` divides by in decoding, and their scale
/// multiplied by it.
FailureOr<Factor> takeCodes(OpBuilder &b, ContractOp op, bool isLhs,
                            ArrayRef<unsigned> last, TargetAttr target);

} // namespace mlir::mx

#endif // MX_TRANSFORMS_DECODEFACTOR_H
