// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Factors of a contraction as integers, for dot products of pairs.
#ifndef MX_TRANSFORMS_INTEGERFACTOR_H
#define MX_TRANSFORMS_INTEGERFACTOR_H

#include "mx/Transforms/DecodeFactor.h"
#include "mx/Transforms/MatmulDims.h"

namespace mlir::mx {

/// The number of elements along `dims.sum` whose products can be added up as
/// integers before scales apply: all elements are small integers over a power
/// of two, each side has a narrow scale that is constant over so many, and a
/// block's sum is at most 2^24 and so exact in f32. Failure if there is none.
FailureOr<int64_t> getIntegerBlock(ContractOp op, const MatmulDims &dims);

/// The lhs or rhs of `op`, for which getIntegerBlock gave `block`, as i16 and
/// f32 scales. The dimension of the sum counts blocks then, and two new ones
/// after all others count the pairs of a block and the elements of a pair. Rows
/// have these three last; the columns' factor has pairs of a column beside each
/// other: blocks, pairs, columns, elements. A short last block ends in zeros.
Factor decodeIntegers(OpBuilder &b, ContractOp op, bool isLhs,
                      const MatmulDims &dims, int64_t block);

} // namespace mlir::mx

#endif // MX_TRANSFORMS_INTEGERFACTOR_H
