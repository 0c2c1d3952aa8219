// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Factors of a contraction as f32 tensors, scales multiplied in.
#ifndef MX_TRANSFORMS_DECODEFACTOR_H
#define MX_TRANSFORMS_DECODEFACTOR_H

#include "mx/IR/MX.h"

namespace mlir::mx {

/// An f32 tensor and its map in the contraction.
struct Factor {
  Value value;
  AffineMap map;
};

/// The lhs or rhs of `op` with its scales but those of f32 multiplied in, the
/// dimension `last` as its innermost one, by a linalg.generic; the operand
/// itself where that changes nothing. Exact if the scales are ordinary (see
/// OrdinaryScales.h).
Factor decodeFactor(OpBuilder &b, ContractOp op, bool isLhs, unsigned last);

} // namespace mlir::mx

#endif // MX_TRANSFORMS_DECODEFACTOR_H
