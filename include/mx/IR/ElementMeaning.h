// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef MX_IR_ELEMENTMEANING_H
#define MX_IR_ELEMENTMEANING_H

#include "mlir/IR/Types.h"

#include <optional>

namespace mlir::mx {

/// What elements stand for: themselves, divided by 2^fractionBits where given;
/// an i8 with a zero point is an unsigned integer less that, and one with
/// `codes` holds a code of that float in its low bits.
struct ElementMeaning {
  std::optional<int64_t> fractionBits, zeroPoint;
  Type codes;
};

} // namespace mlir::mx

#endif // MX_IR_ELEMENTMEANING_H
