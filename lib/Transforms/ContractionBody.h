// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// What contractions compute: their bodies, in one op or two.
#ifndef MX_LIB_TRANSFORMS_CONTRACTIONBODY_H
#define MX_LIB_TRANSFORMS_CONTRACTIONBODY_H

#include "mx/Transforms/Contraction.h"

namespace mlir::mx {

/// Whether the body adds the product of its first two arguments to the third,
/// with nothing but arith.extf on the way in and arith.truncf of the sum.
bool isContractionBody(Block &body);

/// A product and its sum as two ops, as torch's mv and dot come.
std::optional<Contraction> getSplitContraction(linalg::LinalgOp sum);

} // namespace mlir::mx

#endif // MX_LIB_TRANSFORMS_CONTRACTIONBODY_H
