// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// What kernels of several kinds of ops share.
#ifndef MX_LIB_TRANSFORMS_KERNELLAUNCH_H
#define MX_LIB_TRANSFORMS_KERNELLAUNCH_H

#include "mlir/Dialect/GPU/IR/GPUDialect.h"

namespace mlir::mx {

/// Invocations of a workgroup, along x. Two times the subgroup of most devices,
/// and few enough that small ops have several workgroups.
constexpr int64_t kWorkgroupSize = 64;

/// Workgroups along one axis that every device has (Vulkan 1.3 section 55,
/// maxComputeWorkGroupCount).
constexpr int64_t kMostGroups = 65535;

/// The product of `values`, 1 of none.
Value buildProduct(OpBuilder &b, Location loc, ValueRange values);

/// The indices of the element `number` of a shape, row by row.
SmallVector<Value> delinearize(OpBuilder &b, Location loc, Value number,
                               ValueRange sizes);

/// A launch of these workgroups; the builder goes to its body's end.
gpu::LaunchOp createLaunch(OpBuilder &b, Location loc, Value x, Value y,
                           Value z);

} // namespace mlir::mx

#endif // MX_LIB_TRANSFORMS_KERNELLAUNCH_H
