// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// A chunk of a contraction's sum by integer dot products, in kernels.
#ifndef MX_LIB_TRANSFORMS_INTEGERCHUNK_H
#define MX_LIB_TRANSFORMS_INTEGERCHUNK_H

#include "KernelPosition.h"

namespace mlir::mx {

/// Whether the device has dot products of four i8, and `op` multiplies scaled
/// elements that an i8 holds. A chunk's sum is exact then, in i32 as in f32.
/// Without scales longer sums are rounded, and stay in f32 on all devices.
bool sumsIntegers(ContractOp op);

/// The words of a chunk of a row or column, of four elements each.
int64_t getNumWords(const KernelShape &shape);

/// Packs a chunk of the rows from `k` on into workgroup memory; zeros are past
/// the sum's end.
void packRows(KernelPosition &at, Value k);

/// The f32 sums of the products of a chunk from `k` on, row by row.
SmallVector<Value> sumWords(KernelPosition &at, Value k);

} // namespace mlir::mx

#endif // MX_LIB_TRANSFORMS_INTEGERCHUNK_H
