// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// From the dialect's types and enums to those of the numerics library.
#ifndef MX_IR_NUMERICSFORMATS_H
#define MX_IR_NUMERICSFORMATS_H

#include "mx/IR/MX.h"
#include "mx/Numerics/ScaleRules.h"

#include <optional>

namespace mlir::mx {

/// The element format of `type`, i8 being INT8; nothing for other types.
std::optional<::mx::numerics::ElementFormat> getElementFormat(Type type);

::mx::numerics::ScaleRule getNumericsRule(ScaleRule rule);
::mx::numerics::SpecialPolicy getNumericsPolicy(SpecialPolicy policy);

} // namespace mlir::mx

#endif // MX_IR_NUMERICSFORMATS_H
