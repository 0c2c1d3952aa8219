// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Scales in kernels, in 32 bits: devices may have no f64.
#ifndef MX_LIB_TRANSFORMS_KERNELSCALES_H
#define MX_LIB_TRANSFORMS_KERNELSCALES_H

#include "mlir/IR/Builders.h"

namespace mlir::mx {

/// The scales of one factor: the product of those that are numbers, the sum of
/// the biased exponents of those that are f8E8M0FNU, and the largest of these,
/// which is 255 for NaN. Null where there are none.
struct KernelScales {
  Value factor, exponent, largest;
  int64_t numExponents = 0;

  /// Takes one more.
  void add(OpBuilder &b, Location loc, Value scale);
};

/// The f32 `value` times both factors' scales, in the order that applyScales
/// (ScaleBuilder.h) has. 2^(sum of exponents) multiplies in two steps; both
/// round only where the result is subnormal.
Value applyScales(OpBuilder &b, Location loc, Value value,
                  const KernelScales &lhs, const KernelScales &rhs);

} // namespace mlir::mx

#endif // MX_LIB_TRANSFORMS_KERNELSCALES_H
