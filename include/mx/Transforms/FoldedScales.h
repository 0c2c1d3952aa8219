// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Which scales of a contraction may be multiplied into its elements, and when.
#ifndef MX_TRANSFORMS_FOLDEDSCALES_H
#define MX_TRANSFORMS_FOLDEDSCALES_H

#include "mx/IR/MX.h"
#include "mx/IR/ScaledSum.h"
#include "mx/Transforms/MatmulDims.h"

namespace mlir::mx {

/// The f32 scales of each operand, which are applied to sums: multiplied into
/// elements, they would round every one of them. All others can be multiplied
/// into elements if they are ordinary. Failure if that is not so: an f32 scale
/// varies along a sum or stands beside an f8E8M0FNU scale, whose underflow it
/// could lift, or elements are wide or have several other scales.
FailureOr<SmallVector<ScaleGroup>> getSumScales(ContractOp op);

/// Whether both products of every even index of the sum and the next one have
/// the same scale, whose map is `map`.
bool holdsProductPairs(AffineMap map, const MatmulDims &dims);

/// Whether the byte of an f8E8M0FNU scale is ordinary, from 2^-40 to 2^40.
bool isOrdinaryScale(uint8_t byte);

/// Builds an i1: whether all f8E8M0FNU scales of `op` are ordinary or the byte
/// 0, which blocks of zeros have. Elements are below 2^16:
/// times such scales they are exact in f32 and products of two of them stay
/// below 2^112, so a contraction may multiply scales into elements beforehand.
/// Gives a null value if there are none but what `op` says to be ordinary;
/// f8E4M3FN scales are so by their type. With `checkZeros`, blocks with the
/// byte 0 must be zeros: other numbers are subnormal, which not every
/// instruction multiplies.
Value buildOrdinaryScales(OpBuilder &b, ContractOp op, bool checkZeros);

/// Whether every element of `op` times its scales but those of f32 is a bf16,
/// if these are ordinary, and blocks of scales hold whole pairs along the sum.
/// Products of such numbers are multiples of 2^-112, so that sums of them have
/// the same bits where subnormals are flushed.
bool fitsBF16(ContractOp op, const MatmulDims &dims);

} // namespace mlir::mx

#endif // MX_TRANSFORMS_FOLDEDSCALES_H
