// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// What mx-run does, as a library function.
#ifndef MX_RUN_DRIVER_H
#define MX_RUN_DRIVER_H

#include "mx/Run/Options.h"

#include "llvm/Support/Error.h"

namespace mlir::mx {

/// Loads, compiles and runs a model as `options` say; results go to files and a
/// report to standard output. On error nothing has been written.
llvm::Error runModel(const RunOptions &options);

} // namespace mlir::mx

#endif // MX_RUN_DRIVER_H
