// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// What the blocks of a contraction run along.
#ifndef MX_LIB_TRANSFORMS_BLOCKCHOICE_H
#define MX_LIB_TRANSFORMS_BLOCKCHOICE_H

#include "mx/Transforms/OperandQuantizer.h"
#include "mx/Transforms/QuantizePolicy.h"

namespace mlir::mx {

/// Blocks run along the tiled contracted dimension, where there is one. Else
/// along that of the contracted dimensions which stand alone in both operands
/// and have the largest static extent (a dynamic one if none is static), of
/// equal ones along the innermost in the weight. Where rows of the weight share
/// scales, they are those of its innermost dimension that the result has and
/// the other operand lacks. Otherwise nothing, and `reason` says why.
std::optional<BlockedDims> chooseBlocks(const Contraction &contraction,
                                        bool weightIsLhs,
                                        const QuantizeChoice &choice,
                                        std::string &reason);

} // namespace mlir::mx

#endif // MX_LIB_TRANSFORMS_BLOCKCHOICE_H
