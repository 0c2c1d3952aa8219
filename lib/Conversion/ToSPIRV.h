// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// The parts of convert-mx-to-spirv.
#ifndef MX_LIB_CONVERSION_TOSPIRV_H
#define MX_LIB_CONVERSION_TOSPIRV_H

#include "mlir/IR/Operation.h"

namespace mlir::mx {

/// Expands arithmetic that has no conversion to SPIR-V.
LogicalResult expandForSPIRV(Operation *kernels);

} // namespace mlir::mx

#endif // MX_LIB_CONVERSION_TOSPIRV_H
