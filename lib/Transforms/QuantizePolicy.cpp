// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Transforms/QuantizePolicy.h"
#include "mx/IR/NumericsFormats.h"

#include "mlir/Support/DebugStringHelper.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace mlir::mx;
using llvm::createStringError;

/// The names of an enum's cases, for messages.
template <typename Enum, typename Stringify>
static std::string listNames(Enum last, Stringify stringify) {
  std::string names;
  for (uint32_t i = 0; i <= static_cast<uint32_t>(last); ++i)
    names += (i ? ", " : "") + stringify(static_cast<Enum>(i)).str();
  return names;
}

llvm::Expected<Format> mlir::mx::parseFormat(StringRef option, StringRef name,
                                             StringRef orNone) {
  if (std::optional<Format> format = symbolizeFormat(name))
    return *format;
  return createStringError("option " + option + ": expected one of " +
                           listNames(Format::DeepSeekFP8, stringifyFormat) +
                           orNone + ", found '" + name + "'");
}

static llvm::Expected<std::shared_ptr<llvm::Regex>> parseRegex(StringRef option,
                                                               StringRef text) {
  if (text.empty())
    return nullptr;
  auto regex = std::make_shared<llvm::Regex>(text);
  std::string error;
  if (!regex->isValid(error))
    return createStringError("option " + option +
                             ": expected a regular expression, found '" + text +
                             "': " + error);
  return regex;
}

/// With the rule of the options, where it is defined for the recipe.
llvm::Expected<Recipe> QuantizePolicy::applyRule(Recipe recipe) const {
  if (!rule)
    return recipe;
  if (!recipe.rule)
    return createStringError("option rule: expected none with NVFP4, whose "
                             "scales follow from its own formula, found " +
                             stringifyScaleRule(*rule));
  recipe.rule = rule;
  recipe.special = rule == ScaleRule::DeepSeek ? SpecialPolicy::DeepSeek
                   : rule == ScaleRule::TOSA   ? SpecialPolicy::TOSA
                                               : SpecialPolicy::Default;
  std::string reason = ::mx::numerics::explainUndefined(
      getNumericsRule(*rule), getNumericsPolicy(recipe.special),
      *getElementFormat(recipe.element));
  if (!reason.empty())
    return createStringError("option rule: " + reason);
  return recipe;
}

llvm::Expected<QuantizePolicy>
QuantizePolicy::create(MLIRContext *context,
                       const MXQuantizeMatmulOptions &options) {
  QuantizePolicy policy;
  if (!options.rule.empty()) {
    policy.rule = symbolizeScaleRule(options.rule);
    if (!policy.rule)
      return createStringError("option rule: expected one of " +
                               listNames(ScaleRule::TOSA, stringifyScaleRule) +
                               ", found '" + options.rule + "'");
  }
  auto weights = parseFormat("weights", options.weights);
  if (!weights)
    return weights.takeError();
  auto recipe = policy.applyRule(getRecipe(context, *weights));
  if (!recipe)
    return recipe.takeError();
  policy.choice.weights = policy.choice.activations = *recipe;
  if (options.activations == "none") {
    policy.choice.activations = std::nullopt;
  } else if (!options.activations.empty()) {
    auto activations =
        parseFormat("activations", options.activations, " or none");
    if (!activations)
      return activations.takeError();
    recipe = policy.applyRule(getRecipe(context, *activations));
    if (!recipe)
      return recipe.takeError();
    policy.choice.activations = *recipe;
  }
  if (options.which != "all" && options.which != "weights")
    return createStringError("option which: expected all or weights, found '" +
                             options.which + "'");
  policy.constantsOnly = options.which == "weights";
  policy.minSize = options.minSize;
  auto functions = parseRegex("functions", options.functions);
  if (!functions)
    return functions.takeError();
  auto locations = parseRegex("locations", options.locations);
  if (!locations)
    return locations.takeError();
  policy.functions = *functions;
  policy.locations = *locations;
  return policy;
}

bool QuantizePolicy::matchesFunction(StringRef name) const {
  return !functions || functions->match(name);
}

bool QuantizePolicy::matchesLocation(Location loc) const {
  return !locations || locations->match(debugString(loc));
}

llvm::Expected<QuantizeChoice> QuantizePolicy::choose(Operation *op) const {
  QuantizeChoice result = choice;
  for (auto [name, side] :
       {std::pair(StringRef("mx.weights"), &result.weights),
        std::pair(StringRef("mx.activations"), &result.activations)}) {
    Attribute attr = op->getAttr(name);
    if (!attr)
      continue;
    if (auto none = dyn_cast<StringAttr>(attr); none && none == "none") {
      side->reset();
      continue;
    }
    auto format = dyn_cast<FormatAttr>(attr);
    if (!format)
      return createStringError("attribute " + name +
                               ": expected a #mx.format or \"none\", found " +
                               debugString(attr));
    *side = getRecipe(op->getContext(), format.getValue());
    result.forced = true;
  }
  return result;
}
