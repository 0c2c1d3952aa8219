// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// What a value is a copy of.
#ifndef MX_LIB_TRANSFORMS_COPYSOURCE_H
#define MX_LIB_TRANSFORMS_COPYSOURCE_H

#include "mlir/IR/AffineMap.h"
#include "mlir/IR/Value.h"

#include <optional>

namespace mlir::mx {

/// `map` leads from the indices of the copy to those of `value`: dimensions, or
/// 0 for one of extent 1.
struct CopySource {
  Value value;
  AffineMap map;
};

/// What `value` copies, if it is a transpose or broadcast, possibly extended,
/// or a tensor.collapse_shape that merges only dimensions that a broadcast
/// made, behind any number of tensor.cast.
std::optional<CopySource> getCopySource(Value value);

} // namespace mlir::mx

#endif // MX_LIB_TRANSFORMS_COPYSOURCE_H
