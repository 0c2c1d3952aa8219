// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef MX_LIB_IR_CONTRACTELEMENTS_H
#define MX_LIB_IR_CONTRACTELEMENTS_H

#include "mx/IR/MX.h"

namespace mlir::mx {

/// Rules 7 to 9 of mx.contract.
LogicalResult verifyElementMeanings(ContractOp op);

} // namespace mlir::mx

#endif // MX_LIB_IR_CONTRACTELEMENTS_H
