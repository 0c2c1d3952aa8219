// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef MX_TRANSFORMS_GENERATESLICES_H
#define MX_TRANSFORMS_GENERATESLICES_H

#include "mlir/IR/PatternMatch.h"

namespace mlir::mx {

/// Under `root`, replaces every slice of a tensor of f4 or f6 that a
/// linalg.generic without inputs gives (decomposed mx.unpack_elements) by a
/// generic that gives the slice, where the tensor has no other users. A loop
/// over slices then never holds more than one.
void generateSlices(Operation *root, RewriterBase &rewriter);

/// Under `root`, replaces slices of what mx.unpack_elements gives, of whole rows
/// or whole groups of codes in them, by mx.unpack_elements of slices of its bytes. Other users of such an op get
/// one of their own, where they stand: no loop over slices then waits for all of
/// the tensor.
void sliceBytes(Operation *root, RewriterBase &rewriter);

} // namespace mlir::mx

#endif // MX_TRANSFORMS_GENERATESLICES_H
