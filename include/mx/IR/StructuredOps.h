// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// What the structured ops of the dialect share.
#ifndef MX_IR_STRUCTUREDOPS_H
#define MX_IR_STRUCTUREDOPS_H

#include "mx/IR/MX.h"

namespace mlir::mx {

/// Checks that on tensors there is one result per destination, of its type,
/// and on memrefs none; operands are all tensors or all memrefs.
LogicalResult verifyStructuredResults(Operation *op);

/// Reads of memref operands, writes of memref destinations.
void getStructuredEffects(
    DestinationStyleOpInterface op,
    SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>>
        &effects);

/// One list of sizes per result: those of its destination.
LogicalResult reifyDestinationShapes(OpBuilder &b,
                                     DestinationStyleOpInterface op,
                                     ReifiedRankedShapedTypeDims &shapes);

/// A slice of `source` as a tensor.extract_slice or memref.subview; `source`
/// itself where it has rank 0.
Value createSlice(OpBuilder &b, Location loc, Value source,
                  ArrayRef<OpFoldResult> offsets, ArrayRef<OpFoldResult> sizes,
                  SmallVectorImpl<Operation *> &slices);

} // namespace mlir::mx

#endif // MX_IR_STRUCTUREDOPS_H
