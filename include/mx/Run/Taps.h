// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Makes the contractions of a program visible from outside.
#ifndef MX_RUN_TAPS_H
#define MX_RUN_TAPS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <string>
#include <vector>

namespace mlir::mx {

/// How many contractions of a module are in block-scaled form, and how many
/// are not, those included that cannot be.
struct ContractionCounts {
  int64_t quantized = 0, leftAlone = 0;
};

ContractionCounts countContractions(ModuleOp module);

/// The contractions of a module that are results of its entry, by their
/// locations, and those that cannot be.
struct Taps {
  std::vector<std::string> locations;
  SmallVector<Location> missed;
};

/// Appends the results of contractions of f32, f16 or bf16 in `module` to the
/// results of `entry`, as far as they are there when it returns: in its own
/// body, outside of loops and branches.
Taps tapContractions(ModuleOp module, func::FuncOp entry);

} // namespace mlir::mx

#endif // MX_RUN_TAPS_H
