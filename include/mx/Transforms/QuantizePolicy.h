// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// What mx-quantize-matmul is to do with a contraction.
#ifndef MX_TRANSFORMS_QUANTIZEPOLICY_H
#define MX_TRANSFORMS_QUANTIZEPOLICY_H

#include "mx/IR/Recipe.h"
#include "mx/Transforms/Contraction.h"
#include "mx/Transforms/Passes.h"

#include "llvm/Support/Error.h"
#include "llvm/Support/Regex.h"

namespace mlir::mx {

/// The format `name`; otherwise an error that names the pass's `option` and says
/// what was expected, the formats' names and `orNone`.
llvm::Expected<Format> parseFormat(StringRef option, StringRef name,
                                   StringRef orNone = "");

/// The recipe of each side; nothing where a side stays as it is.
struct QuantizeChoice {
  std::optional<Recipe> weights, activations;
  /// Whether an attribute asked for it, whatever the extents and filters.
  bool forced = false;
};

/// The pass's options, checked.
class QuantizePolicy {
public:
  /// An error names the option, what was expected and what was found.
  static llvm::Expected<QuantizePolicy>
  create(MLIRContext *context, const MXQuantizeMatmulOptions &options);

  bool matchesFunction(StringRef name) const;
  bool matchesLocation(Location loc) const;
  bool onlyConstants() const { return constantsOnly; }
  int64_t getMinSize() const { return minSize; }

  /// The choice for `op`, whose attributes override the options. An attribute
  /// that is no format is an error.
  llvm::Expected<QuantizeChoice> choose(Operation *op) const;

private:
  llvm::Expected<Recipe> applyRule(Recipe recipe) const;

  QuantizeChoice choice;
  std::optional<ScaleRule> rule;
  bool constantsOnly = false;
  int64_t minSize = 0;
  std::shared_ptr<llvm::Regex> functions, locations;
};

} // namespace mlir::mx

#endif // MX_TRANSFORMS_QUANTIZEPOLICY_H
