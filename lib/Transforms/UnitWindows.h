// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef MX_LIB_TRANSFORMS_UNITWINDOWS_H
#define MX_LIB_TRANSFORMS_UNITWINDOWS_H

#include "mx/IR/MX.h"

namespace mlir::mx {

/// Takes contracted dimensions of extent 1 from the windows of `op`. What is no
/// window then gets the extent that it is read with.
void dropUnitWindows(ContractOp op);

} // namespace mlir::mx

#endif // MX_LIB_TRANSFORMS_UNITWINDOWS_H
