// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Which panels a contraction is cut into, and which tiles decode.
#ifndef MX_TRANSFORMS_PANELCHOICE_H
#define MX_TRANSFORMS_PANELCHOICE_H

#include "PanelLoops.h"

namespace mlir::mx {

/// Whether tiles of `size` along `dim` hold whole blocks or lie in one, for
/// every scale.
bool cutsNoBlock(ContractOp op, unsigned dim, int64_t size);

/// The sum counts blocks of `block`: that of integers, the length of a dot
/// product of floats, or 1. There are at most `rows` rows, or any number.
Panel getPanel(ContractOp op, const MatmulDims &dims, TargetAttr target,
               int64_t block, bool isInteger, int64_t rows);

/// Panels of columns that are multiplied in their own order (see
/// InnerProduct.h): what is made for one fits half of the first cache.
Panel getOrderedPanel(ContractOp op, const MatmulDims &dims, TargetAttr target);

/// The most rows whose tiles decode codes themselves; 0 if they cannot.
int64_t getFewRows(ContractOp op, const MatmulDims &dims, TargetAttr target);

} // namespace mlir::mx

#endif // MX_TRANSFORMS_PANELCHOICE_H
