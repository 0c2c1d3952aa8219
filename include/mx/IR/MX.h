// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// The mx dialect: block-scaled tensors and the ops on them.
#ifndef MX_IR_MX_H
#define MX_IR_MX_H

#include "mlir/IR/Dialect.h"

#include "mx/IR/MXDialect.h.inc"

#endif // MX_IR_MX_H
