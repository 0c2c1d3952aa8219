// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Makes the contractions of a program visible from outside.
#ifndef MX_RUN_TAPS_H
#define MX_RUN_TAPS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <string>
#include <vector>

namespace mlir::mx {

/// Appends the result of every contraction in the body of `entry`, of f32,
/// f16 or bf16, to the results of `entry`; gives their locations.
std::vector<std::string> tapContractions(func::FuncOp entry);

} // namespace mlir::mx

#endif // MX_RUN_TAPS_H
