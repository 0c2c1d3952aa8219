// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// The size of numbers outside the program.
#ifndef MX_TRANSFORMS_ELEMENTBYTES_H
#define MX_TRANSFORMS_ELEMENTBYTES_H

#include "mlir/IR/Types.h"

#include <optional>

namespace mlir::mx {

/// Bytes that an element of `type`, a number, index or complex number, takes in
/// an attribute, in memory and in a file alike. Nothing for other types, and
/// for those that memory pads, such as i24.
std::optional<int64_t> getElementBytes(Type type);

} // namespace mlir::mx

#endif // MX_TRANSFORMS_ELEMENTBYTES_H
