// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef MX_IR_MXOPS_TD
#define MX_IR_MXOPS_TD

include "mx/IR/MXDialect.td"

#endif // MX_IR_MXOPS_TD
