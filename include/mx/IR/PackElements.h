// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// How f4 and f6 codes lie in bytes.
#ifndef MX_IR_PACKELEMENTS_H
#define MX_IR_PACKELEMENTS_H

#include "mx/IR/MX.h"

namespace mlir::mx {

/// Whether `type` is f4 or f6: narrower than a byte.
bool isSubByteFloat(Type type);

/// A group of codes is the least number of them that fills whole bytes.
struct PackedGroup {
  int64_t codes;
  int64_t bytes;
};

/// The group of codes of the f4 or f6 type `element` in `container`.
PackedGroup getPackedGroup(Type element, Container container);

/// The bytes that a row of `extent` elements takes; dynamic for dynamic.
int64_t getPackedExtent(int64_t extent, Type element, Container container);

/// The extents that elements of the extents `sizes` are packed to.
SmallVector<OpFoldResult> getPackedSizes(OpBuilder &b, Location loc,
                                         ArrayRef<OpFoldResult> sizes,
                                         Type element, Container container);

/// The packed form of a tensor type of f4 or f6 elements.
RankedTensorType getPackedType(RankedTensorType type, Container container);

/// Packs rows of `extent` codes, one per byte of `codes`. `packed` must hold
/// getPackedExtent(extent) bytes for each row.
void packCodes(ArrayRef<char> codes, int64_t extent, Type element,
               Container container, MutableArrayRef<char> packed);

} // namespace mlir::mx

#endif // MX_IR_PACKELEMENTS_H
