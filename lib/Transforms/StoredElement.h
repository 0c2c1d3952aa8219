// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// How kernels hold elements of types that devices lack.
#ifndef MX_LIB_TRANSFORMS_STOREDELEMENT_H
#define MX_LIB_TRANSFORMS_STOREDELEMENT_H

#include "mlir/IR/Builders.h"

namespace mlir::mx {

/// The type of `element` in a kernel's buffers, and between its loops.
Type getStoredType(Type element);

/// A value of type `element` from what holds it.
Value fromStored(OpBuilder &b, Location loc, Value stored, Type element);

/// What holds `value`.
Value toStored(OpBuilder &b, Location loc, Value value);

} // namespace mlir::mx

#endif // MX_LIB_TRANSFORMS_STOREDELEMENT_H
