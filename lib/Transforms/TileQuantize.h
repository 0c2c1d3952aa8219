// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef MX_TRANSFORMS_TILEQUANTIZE_H
#define MX_TRANSFORMS_TILEQUANTIZE_H

#include "mx/IR/MX.h"

#include "mlir/IR/PatternMatch.h"

namespace mlir::mx {

/// Tiles `op` so that a tile stays in the target's first cache; one whose scale
/// map divides is left alone.
LogicalResult tileQuantize(RewriterBase &rewriter, QuantizeOp op,
                           TargetAttr target);

} // namespace mlir::mx

#endif // MX_TRANSFORMS_TILEQUANTIZE_H
