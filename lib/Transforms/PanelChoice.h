// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Which panels a contraction is cut into, and which tiles decode.
#ifndef MX_TRANSFORMS_PANELCHOICE_H
#define MX_TRANSFORMS_PANELCHOICE_H

#include "PanelLoops.h"
#include "mx/Transforms/IntegerFactor.h"

namespace mlir::mx {

/// Whether tiles of `size` along `dim` hold whole blocks or lie in one, for
/// every scale.
bool cutsNoBlock(ContractOp op, unsigned dim, int64_t size);

/// The sum counts blocks of `block`: that of `integers`, the length of a dot
/// product of floats, or 1. There are at most `rows` rows, or any number.
Panel getPanel(ContractOp op, const MatmulDims &dims, TargetAttr target,
               int64_t block, const std::optional<IntegerGroup> &integers,
               int64_t rows);

/// Whether the rows of `op`, a contraction of integers whose columns are whole
/// panels, pass by several of these at a time if a dimension of its own counts
/// them, which is not there yet: a panel's columns then lie together.
bool readsSeveralPanels(ContractOp op, const MatmulDims &dims,
                        TargetAttr target, const IntegerGroup &integers);

/// Whether few rows are multiplied with the columns' codes in their own order
/// (see InnerProduct.h), on this target and all others: constants are laid out
/// in panels before, which have another order, where these are whole.
bool takesCodesInOrder(ContractOp op, const MatmulDims &dims);

/// Panels of such columns: as many as fit half of the first cache, which what
/// is unpacked for one may take, but at least 4.
Panel getOrderedPanel(ContractOp op, const MatmulDims &dims, TargetAttr target);

/// Whether tiles of all targets have one scale of `scaleMap`, or one of each
/// column, so that what decodes them does not depend on the target.
bool fitsAllTiles(AffineMap scaleMap, const MatmulDims &dims);

/// Whether the columns' factor is f32 with columns innermost of which a panel's
/// rows lie apart, in few sets of a cache and in many pages.
bool hasDistantRows(ContractOp op, const MatmulDims &dims, TargetAttr target);

/// The most rows for which tiles read the columns' factor as it lies: codes
/// that they decode themselves, or rows that lie apart; 0 if they cannot or
/// need not.
int64_t getFewRows(ContractOp op, const MatmulDims &dims, TargetAttr target);

} // namespace mlir::mx

#endif // MX_TRANSFORMS_PANELCHOICE_H
