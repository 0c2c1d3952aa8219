// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/IR/Recipe.h"

using namespace mlir;
using namespace mlir::mx;

Recipe mlir::mx::getRecipe(MLIRContext *context, Format format) {
  Recipe recipe;
  recipe.format = format;
  recipe.scale = Float8E8M0FNUType::get(context);
  recipe.block = 32;
  recipe.weightRows = 1;
  recipe.rule = ScaleRule::Floor;
  recipe.special = SpecialPolicy::Default;
  switch (format) {
  case Format::MXFP8:
    recipe.element = Float8E4M3FNType::get(context);
    break;
  case Format::MXFP8E5M2:
    recipe.element = Float8E5M2Type::get(context);
    break;
  case Format::MXFP6E2M3:
    recipe.element = Float6E2M3FNType::get(context);
    break;
  case Format::MXFP6E3M2:
    recipe.element = Float6E3M2FNType::get(context);
    break;
  case Format::MXFP4:
    recipe.element = Float4E2M1FNType::get(context);
    break;
  case Format::MXINT8:
    recipe.element = IntegerType::get(context, 8);
    recipe.fractionBits = kInt8FractionBits;
    break;
  case Format::NVFP4:
    recipe.element = Float4E2M1FNType::get(context);
    recipe.scale = Float8E4M3FNType::get(context);
    recipe.block = 16;
    recipe.rule = std::nullopt;
    break;
  case Format::DeepSeekFP8:
    recipe.element = Float8E4M3FNType::get(context);
    recipe.block = 128;
    recipe.weightRows = 128;
    recipe.rule = ScaleRule::DeepSeek;
    recipe.special = SpecialPolicy::DeepSeek;
    break;
  }
  return recipe;
}
