// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// How element types travel in .npy files.
#ifndef MX_RUN_ELEMENTTYPES_H
#define MX_RUN_ELEMENTTYPES_H

#include "mlir/IR/BuiltinTypes.h"

#include <string>

namespace mlir::mx {

/// NumPy's type string for arrays of `type`, or an empty string where the type
/// cannot travel. Floats of 4 to 8 bits and i8 are "|u1", one code per element;
/// bf16 is "<u2", its bits.
std::string getNpyType(Type type);

/// Whether a file of type `dtype` can stand for `type`: its own type string, or
/// for integers that of the other signedness.
bool acceptsNpyType(Type type, StringRef dtype);

} // namespace mlir::mx

#endif // MX_RUN_ELEMENTTYPES_H
