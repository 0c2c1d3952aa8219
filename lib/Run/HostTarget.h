// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// The machine that programs are compiled for, as passes see it.
#ifndef MX_LIB_RUN_HOSTTARGET_H
#define MX_LIB_RUN_HOSTTARGET_H

#include "mx/IR/MX.h"

#include "llvm/Support/Error.h"

namespace mlir::mx {

/// The description of this machine: its vector registers by the features that
/// LLVM finds, the caches by what the operating system says.
llvm::Expected<TargetAttr> getHostTarget(MLIRContext *context);

} // namespace mlir::mx

#endif // MX_LIB_RUN_HOSTTARGET_H
