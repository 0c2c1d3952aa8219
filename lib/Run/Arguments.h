// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// The arrays that a run takes from files and gives to files.
#ifndef MX_LIB_RUN_ARGUMENTS_H
#define MX_LIB_RUN_ARGUMENTS_H

#include "mx/Run/Options.h"
#include "mx/Run/Program.h"

namespace mlir::mx {

/// Reads the inputs and checks them, and the number of outputs, against the
/// signature; an error names the argument, what was expected and found.
llvm::Expected<SmallVector<Buffer>> readInputs(const RunOptions &options,
                                               const Signature &signature);

/// What goes into the file of a result.
void writeResult(llvm::raw_ostream &os, RankedTensorType type,
                 const Buffer &result);

} // namespace mlir::mx

#endif // MX_LIB_RUN_ARGUMENTS_H
