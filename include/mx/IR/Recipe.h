// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// What the recipes of #mx.format name.
#ifndef MX_IR_RECIPE_H
#define MX_IR_RECIPE_H

#include "mx/IR/MX.h"

namespace mlir::mx {

/// Element and scale types, blocks and rule of a format. Blocks run along the
/// contracted dimension.
struct Recipe {
  Format format;
  Type element;
  Type scale;
  /// Elements that share a scale along the contracted dimension.
  int64_t block;
  /// Rows of a weight that share a scale; 1 but for DeepSeek's 128x128.
  int64_t weightRows;
  /// Nothing where the scale is f8E4M3FN (NVFP4), under a global f32 scale.
  std::optional<ScaleRule> rule;
  SpecialPolicy special;
  /// 6 for INT8.
  std::optional<int64_t> fractionBits;
};

/// OCP MX v1.0 section 5 (blocks of 32); NVFP4 has blocks of 16; DeepSeek-V3's
/// technical report section 3.3 has 1x128 activations and 128x128 weights, here
/// with f8E8M0FNU scales as DeepSeek-V3.1 ships them.
Recipe getRecipe(MLIRContext *context, Format format);

} // namespace mlir::mx

#endif // MX_IR_RECIPE_H
