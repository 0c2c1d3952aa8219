// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// The scales with which a scaled element is a harmless f32.
#ifndef MX_TRANSFORMS_ORDINARYSCALES_H
#define MX_TRANSFORMS_ORDINARYSCALES_H

#include "mx/IR/MX.h"

namespace mlir::mx {

/// Builds an i1: whether all f8E8M0FNU scales of `op` are ordinary, from 2^-40
/// to 2^40, or the byte 0, which blocks of zeros have. Elements are below 2^16:
/// times such scales they are exact in f32 and products of two of them stay
/// below 2^112, so a contraction may multiply scales into elements beforehand.
/// Gives a null value if there are none; f8E4M3FN scales are ordinary by their
/// type.
Value buildOrdinaryScales(OpBuilder &b, ContractOp op);

} // namespace mlir::mx

#endif // MX_TRANSFORMS_ORDINARYSCALES_H
