// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// A contraction as one kernel.
#ifndef MX_LIB_TRANSFORMS_CONTRACTKERNEL_H
#define MX_LIB_TRANSFORMS_CONTRACTKERNEL_H

#include "mx/IR/MX.h"
#include "mx/Transforms/MatmulDims.h"

namespace mlir::mx {

/// How a contraction is cut into workgroups: an invocation has `rows` rows and
/// every kWorkgroupSize-th of `columns` times as many columns, and goes in
/// steps of `chunk` along the sum, in which no scale changes. `packed` are the
/// rows where products are added up as integers, four to a word.
struct KernelShape {
  MatmulDims dims;
  int64_t rows, columns, chunk;
  bool packed;
};

/// Failure if no kernel computes `op`: see mx-keep-contractions.
FailureOr<KernelShape> getKernelShape(ContractOp op);

/// Replaces `op`, on buffers, by a gpu.launch.
void formContractKernel(ContractOp op, const KernelShape &shape);

} // namespace mlir::mx

#endif // MX_LIB_TRANSFORMS_CONTRACTKERNEL_H
