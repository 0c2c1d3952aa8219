// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Where allocated buffers are in use.
#ifndef MX_LIB_TRANSFORMS_BUFFERLIFETIME_H
#define MX_LIB_TRANSFORMS_BUFFERLIFETIME_H

#include "mlir/Dialect/Bufferization/Transforms/BufferViewFlowAnalysis.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

namespace mlir::mx {

/// The ops of one block between which a buffer is in use: the first is the
/// allocation or holds it, the last is or holds the last use of the buffer or
/// of a view of it.
struct BufferLifetime {
  Operation *first, *last;
};

/// The lifetime of what `alloc` gives, in the innermost block that holds all
/// uses. Emits an error where it is longer than a function's call or than an
/// iteration of a loop around `alloc`.
FailureOr<BufferLifetime> getLifetime(memref::AllocOp alloc,
                                      const BufferViewFlowAnalysis &views);

} // namespace mlir::mx

#endif // MX_LIB_TRANSFORMS_BUFFERLIFETIME_H
