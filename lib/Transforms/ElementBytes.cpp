// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Transforms/ElementBytes.h"

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/Interfaces/DataLayoutInterfaces.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;

std::optional<int64_t> mlir::mx::getElementBytes(Type type) {
  auto complex = dyn_cast<ComplexType>(type);
  if (!(complex ? complex.getElementType() : type).isIntOrIndexOrFloat())
    return std::nullopt;
  uint64_t bytes = DataLayout().getTypeSize(type);
  // Memory aligns elements to a power of two, attributes to a byte.
  if (!llvm::isPowerOf2_64(bytes))
    return std::nullopt;
  return bytes;
}
