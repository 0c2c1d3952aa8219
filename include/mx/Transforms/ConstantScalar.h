// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Scalars that follow from constants, such as the amax of a weight.
#ifndef MX_TRANSFORMS_CONSTANTSCALAR_H
#define MX_TRANSFORMS_CONSTANTSCALAR_H

#include "mlir/IR/Value.h"

#include <optional>

namespace mlir::mx {

/// The bits of `value`, an f32 or i32 or a tensor of rank 0 of one, if it is
/// computed from constants alone: by linalg.generic (on scalars, or reducing
/// what getConstantView sees to a scalar, in row-major order), linalg.fill,
/// tensor.extract, tensor.from_elements and those arith and math ops of f32, i32
/// and i1 that an amax is made of.
std::optional<uint32_t> getConstantScalar(Value value);

} // namespace mlir::mx

#endif // MX_TRANSFORMS_CONSTANTSCALAR_H
