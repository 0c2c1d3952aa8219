// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef MX_IR_EXTENTASSERTION_H
#define MX_IR_EXTENTASSERTION_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Builders.h"

namespace mlir::mx {

/// Builds a cf.assert that `found` relates to `expected` as `predicate` says,
/// with `message`; nothing if both are constants, which verifiers compare.
void assertExtent(OpBuilder &b, Location loc, arith::CmpIPredicate predicate,
                  OpFoldResult found, OpFoldResult expected,
                  const Twine &message);

} // namespace mlir::mx

#endif // MX_IR_EXTENTASSERTION_H
