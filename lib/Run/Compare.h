// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// The error of a contraction in block-scaled form.
#ifndef MX_LIB_RUN_COMPARE_H
#define MX_LIB_RUN_COMPARE_H

#include "mx/Run/Executable.h"
#include "mx/Run/Report.h"

namespace mlir::mx {

/// The errors of `found` against `expected`, both of `type`, whose elements are
/// floats of at least 8 bits. A NaN in one of them makes every measure NaN.
ContractionError compareBuffers(StringRef location, RankedTensorType type,
                                const Buffer &expected, const Buffer &found);

} // namespace mlir::mx

#endif // MX_LIB_RUN_COMPARE_H
