// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Products of few rows with codes that lie in the order of the sum: these are
/// read as they stand, vectors along the sum.
#ifndef MX_TRANSFORMS_INNERPRODUCT_H
#define MX_TRANSFORMS_INNERPRODUCT_H

#include "RegisterTile.h"

namespace mlir::mx {

/// Lanes of a vector of sums: the same on all targets, so that results have the
/// same bits.
inline constexpr int64_t kInnerProductLanes = 16;

/// The most rows for which codes are multiplied in their own order, in tiles of
/// fewer where a target has not the registers. More take longer than panels.
inline constexpr int64_t kInnerProductMaxRows = 8;

/// Whether tiles can multiply the columns' elements of `op`, codes, in their
/// own order: the sum is innermost, and vectors lie within one block. It does
/// not depend on the target.
bool fitsInnerProduct(ContractOp op, const MatmulDims &dims);

/// The codes that such tiles decode at once, within a block of every scale.
int64_t getInnerProductChunk(ContractOp op, const MatmulDims &dims,
                             TargetAttr target);

/// Whether they can read bytes of two codes each.
bool takesPairs(ContractOp op, const MatmulDims &dims, TargetAttr target);

/// How many columns are multiplied at once with `rows` rows, whose sums stay in
/// registers; and the most rows of which that are some, or 1.
int64_t getInnerProductColumns(int64_t rows, TargetAttr target);
int64_t getInnerProductRows(TargetAttr target);

/// For each row and column a vector of sums of every sixteenth product, whose
/// total is added to the result; or null if `op` has not this form. See
/// takeCodes in DecodeFactor.h.
std::unique_ptr<RegisterTile> createInnerProductTile(OpBuilder &b,
                                                     ContractOp op,
                                                     const MatmulDims &dims,
                                                     TargetAttr target);

} // namespace mlir::mx

#endif // MX_TRANSFORMS_INNERPRODUCT_H
