// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// What contractions compute: their bodies, in one op or two.
#ifndef MX_LIB_TRANSFORMS_CONTRACTIONBODY_H
#define MX_LIB_TRANSFORMS_CONTRACTIONBODY_H

#include "mx/Transforms/Contraction.h"

namespace mlir::mx {

/// Whether the elements of `type` are f32, f16 or bf16.
bool isWideFloat(Type type);

/// What `value`, a scalar or a tensor, is before it was extended.
Value skipExtensions(Value value);

/// Whether `op` is a product of scalars or tensors of any type, or holds one in
/// its body.
bool hasProduct(Operation *op);
/// Whether `op` holds a sum of any type in its body.
bool hasSum(linalg::LinalgOp op);

/// Whether `value` is the product of the first two of `arguments`, possibly
/// extended.
bool isProductOf(Value value, ValueRange arguments);
/// Whether the body adds its first argument to its second, with nothing but
/// arith.extf on the way in and arith.truncf of the sum.
bool isSumBody(Block &body);
/// Whether the body adds the product of its first two arguments to the third,
/// likewise.
bool isContractionBody(Block &body);

/// A product and its sum as two ops, as torch's mv and dot come. Otherwise
/// nothing, and if there are both `reason` says why it is no contraction.
std::optional<Contraction> getSplitContraction(linalg::LinalgOp sum,
                                               std::string &reason);

} // namespace mlir::mx

#endif // MX_LIB_TRANSFORMS_CONTRACTIONBODY_H
