// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// What the options of mx-run mean together.
#ifndef MX_LIB_RUN_CHECKOPTIONS_H
#define MX_LIB_RUN_CHECKOPTIONS_H

#include "mx/Pipelines/Pipelines.h"
#include "mx/Run/Options.h"

#include "llvm/Support/Error.h"

namespace mlir::mx {

/// The stages that the options ask for, with those that quantize or without.
/// The target must be known.
std::vector<PipelineStage> getStages(const RunOptions &options, bool quantized);

/// An error that says what is wrong with the options, if anything is.
llvm::Error checkOptions(const RunOptions &options);

} // namespace mlir::mx

#endif // MX_LIB_RUN_CHECKOPTIONS_H
