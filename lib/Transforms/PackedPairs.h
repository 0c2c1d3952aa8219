// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Register tiles that read f4 codes where they are packed, two in a byte.
#ifndef MX_TRANSFORMS_PACKEDPAIRS_H
#define MX_TRANSFORMS_PACKEDPAIRS_H

#include "mx/IR/MX.h"

namespace mlir::mx {

/// Lets tiles (`mx.register_tile`) that read what mx.unpack_elements gives of
/// f4 read its bytes, where vectors of a tile hold whole bytes.
void readPackedPairs(Operation *root, RewriterBase &rewriter);

/// Whether `map` is that of elements of which a byte holds two: `d floordiv 2`
/// is its last result.
bool holdsPackedPairs(AffineMap map);

/// `map` with `d` for `d floordiv 2`.
AffineMap getMapOfPairs(AffineMap map);

} // namespace mlir::mx

#endif // MX_TRANSFORMS_PACKEDPAIRS_H
