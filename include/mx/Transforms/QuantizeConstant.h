// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// mx.quantize of a constant, computed by the numerics library.
#ifndef MX_TRANSFORMS_QUANTIZECONSTANT_H
#define MX_TRANSFORMS_QUANTIZECONSTANT_H

#include "mx/IR/MX.h"
#include "mx/Transforms/ConstantView.h"

#include "mlir/IR/AsmState.h"

namespace mlir::mx {

/// What mx.quantize returns, as bytes.
struct QuantizedConstant {
  /// One code per element in row-major order; f4 and f6 codes packed in rows,
  /// as mx.pack_elements with the container `dense` does.
  AsmResourceBlob elements;
  /// One byte per scale in row-major order.
  AsmResourceBlob scales;
};

/// `codes` of f4 or f6, a byte each in rows of `extent`, packed as
/// mx.pack_elements with the container `dense` does.
AsmResourceBlob packRows(MLIRContext *context, ArrayRef<char> codes,
                         int64_t extent, Type element);

/// The shape of the scales of a tensor of `shape`.
SmallVector<int64_t> getScaleShape(AffineMap scaleMap, ArrayRef<int64_t> shape);

/// Quantizes `input` as `op` does its operand, in parallel on the context's
/// threads. It has at least one dimension and one element. `global` is the value
/// of the operand global_scale, where there is one.
QuantizedConstant quantizeConstant(QuantizeOp op, const ConstantView &input,
                                   std::optional<float> global);

} // namespace mlir::mx

#endif // MX_TRANSFORMS_QUANTIZECONSTANT_H
