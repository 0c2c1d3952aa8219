// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/IR/NumericsFormats.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using ::mx::numerics::ElementFormat;
namespace numerics = ::mx::numerics;

std::optional<ElementFormat> mlir::mx::getElementFormat(Type type) {
  using Result = std::optional<ElementFormat>;
  return TypeSwitch<Type, Result>(type)
      .Case<Float8E4M3FNType>([](Type) { return ElementFormat::E4M3; })
      .Case<Float8E5M2Type>([](Type) { return ElementFormat::E5M2; })
      .Case<Float6E3M2FNType>([](Type) { return ElementFormat::E3M2; })
      .Case<Float6E2M3FNType>([](Type) { return ElementFormat::E2M3; })
      .Case<Float4E2M1FNType>([](Type) { return ElementFormat::E2M1; })
      .Case<IntegerType>([](IntegerType type) {
        return type.getWidth() == 8 ? Result(ElementFormat::INT8) : Result();
      })
      .Default([](Type) { return Result(); });
}

// The enumerators stand in the same order on both sides.
static_assert(static_cast<int>(mlir::mx::ScaleRule::TOSA) ==
                  static_cast<int>(numerics::ScaleRule::TOSA) &&
              static_cast<int>(mlir::mx::ScaleRule::Even) ==
                  static_cast<int>(numerics::ScaleRule::Even));
static_assert(static_cast<int>(mlir::mx::SpecialPolicy::TOSA) ==
                  static_cast<int>(numerics::SpecialPolicy::TOSA) &&
              static_cast<int>(mlir::mx::SpecialPolicy::TE) ==
                  static_cast<int>(numerics::SpecialPolicy::TE));

numerics::ScaleRule mlir::mx::getNumericsRule(ScaleRule rule) {
  return static_cast<numerics::ScaleRule>(rule);
}

numerics::SpecialPolicy mlir::mx::getNumericsPolicy(SpecialPolicy policy) {
  return static_cast<numerics::SpecialPolicy>(policy);
}
