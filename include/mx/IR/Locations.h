// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Locations as people read them.
#ifndef MX_IR_LOCATIONS_H
#define MX_IR_LOCATIONS_H

#include "mlir/IR/Location.h"

#include <string>

namespace mlir::mx {

/// A layer's name; file, line and column; for what was inlined that of callee
/// and call; or what MLIR prints.
std::string describeLocation(Location loc);

} // namespace mlir::mx

#endif // MX_IR_LOCATIONS_H
