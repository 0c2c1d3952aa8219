// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// A program as C99 source.
#ifndef MX_LIB_RUN_CSOURCE_H
#define MX_LIB_RUN_CSOURCE_H

#include "Build.h"

namespace mlir::mx {

/// Writes NAME.c and NAME.h to the folder that the options name, which is made
/// if its parent is there, and the large constants, if there are any, as
/// NAME.safetensors or as an array in NAME_weights.c; NAME is the model's. The
/// build's program must have come through the stages of mx-to-c. All files are
/// written or none.
llvm::Error writeC(Build &build, const RunOptions &options, Progress &progress);

} // namespace mlir::mx

#endif // MX_LIB_RUN_CSOURCE_H
