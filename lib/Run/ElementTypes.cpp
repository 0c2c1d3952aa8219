// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Run/ElementTypes.h"

#include "llvm/ADT/StringExtras.h"

using namespace mlir;

std::string mlir::mx::getNpyType(Type type) {
  if (type.isF16() || type.isF32() || type.isF64())
    return "<f" + llvm::utostr(type.getIntOrFloatBitWidth() / 8);
  if (type.isBF16())
    return "<u2";
  if (type.isInteger(1))
    return "|b1";
  if (isa<FloatType>(type) && type.getIntOrFloatBitWidth() <= 8)
    return "|u1";
  if (type.isInteger(8))
    return "|u1";
  if (type.isIndex())
    return "<i8";
  if (type.isInteger(16) || type.isInteger(32) || type.isInteger(64))
    return (type.isUnsignedInteger() ? "<u" : "<i") +
           llvm::utostr(type.getIntOrFloatBitWidth() / 8);
  return "";
}

bool mlir::mx::acceptsNpyType(Type type, StringRef dtype) {
  std::string own = getNpyType(type);
  if (own == dtype)
    return true;
  bool integer = type.isIntOrIndex() && !type.isInteger(1);
  return integer && own.size() == 3 && dtype.size() == 3 &&
         own[0] == dtype[0] && own[2] == dtype[2] &&
         (dtype[1] == 'i' || dtype[1] == 'u');
}
