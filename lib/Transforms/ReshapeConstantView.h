// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Constants in another shape.
#ifndef MX_LIB_TRANSFORMS_RESHAPECONSTANTVIEW_H
#define MX_LIB_TRANSFORMS_RESHAPECONSTANTVIEW_H

#include "mx/Transforms/ConstantView.h"

namespace mlir::mx {

/// The strides of a row-major tensor.
SmallVector<int64_t> getRowMajorStrides(ArrayRef<int64_t> shape);

/// The elements of `in`, in their row-major order, in a shape of as many. They
/// are copied where no strides over `in` give that.
ConstantView reshape(const ConstantView &in, ArrayRef<int64_t> shape);

} // namespace mlir::mx

#endif // MX_LIB_TRANSFORMS_RESHAPECONSTANTVIEW_H
