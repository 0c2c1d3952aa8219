// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Constant factors of contractions as tiles of an accelerator's, at compile
/// time.
#ifndef MX_LIB_TRANSFORMS_OFFLOADCONSTANTS_H
#define MX_LIB_TRANSFORMS_OFFLOADCONSTANTS_H

#include "OffloadForm.h"

namespace mlir::mx {

/// The tiles of a factor, filled up with zeros; null if it is no constant.
Value permuteElements(OpBuilder &b, const OffloadForm &form,
                      const OffloadSide &side);

/// The scales of its tiles in their order; null if they are no constant.
Value permuteScales(OpBuilder &b, const OffloadForm &form,
                    const OffloadSide &side);

/// Codes of f4 or f6 in bytes.
Value packElements(OpBuilder &b, Value elements, Container container);

} // namespace mlir::mx

#endif // MX_LIB_TRANSFORMS_OFFLOADCONSTANTS_H
