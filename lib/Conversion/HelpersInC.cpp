// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// What C lacks, as functions of a program's own: only those that it calls.
#include "EmitCTypes.h"

#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace mlir::mx;

namespace {
struct Helper {
  StringRef name, text;
};
} // namespace

/// Later ones call earlier ones.
static constexpr Helper kHelpers[] = {
    {"mx_bits_of_f32",
     R"(static inline uint32_t mx_bits_of_f32(float value) {
  union {
    float value;
    uint32_t bits;
  } both;
  both.value = value;
  return both.bits;
})"},
    {"mx_f32_of_bits",
     R"(static inline float mx_f32_of_bits(uint32_t bits) {
  union {
    float value;
    uint32_t bits;
  } both;
  both.bits = bits;
  return both.value;
})"},
    {"mx_bits_of_f64",
     R"(static inline uint64_t mx_bits_of_f64(double value) {
  union {
    double value;
    uint64_t bits;
  } both;
  both.value = value;
  return both.bits;
})"},
    {"mx_f64_of_bits",
     R"(static inline double mx_f64_of_bits(uint64_t bits) {
  union {
    double value;
    uint64_t bits;
  } both;
  both.bits = bits;
  return both.value;
})"},
    {"mx_f32_of_f16",
     R"(/* IEEE 754 binary16, which the number below 2^-14 has as multiples of 2^-24. */
static inline float mx_f32_of_f16(uint16_t code) {
  uint32_t sign = (code & 0x8000u) << 16, rest = code & 0x7fffu;
  if (rest >= 0x7c00u)
    return mx_f32_of_bits(sign | 0x7f800000u | (rest & 0x3ffu) << 13);
  if (rest < 0x400u) {
    float small = (float)rest * 0x1p-24f;
    return sign ? -small : small;
  }
  return mx_f32_of_bits(sign | ((rest << 13) + 0x38000000u));
})"},
    {"mx_f16_of_f32",
     R"(/* To the nearest, ties to even. A NaN becomes a quiet one. */
static inline uint16_t mx_f16_of_f32(float value) {
  uint32_t bits = mx_bits_of_f32(value);
  uint32_t sign = bits >> 16 & 0x8000u, rest = bits & 0x7fffffffu;
  uint32_t code;
  if (rest > 0x7f800000u)
    code = 0x7e00u | (rest >> 13 & 0x1ffu);
  else if (rest >= 0x47800000u)
    code = 0x7c00u;
  else if (rest < 0x38800000u)
    /* 0.5 ends with the bit of 2^-24. */
    code = mx_bits_of_f32(mx_f32_of_bits(rest) + 0.5f) - 0x3f000000u;
  else
    code = (rest - 0x38000000u + 0xfffu + (rest >> 13 & 1u)) >> 13;
  return (uint16_t)(sign | code);
})"},
    {"mx_maximumf",
     R"(/* IEEE 754-2019 maximum: NaN if one is, and 0 above -0. */
static inline float mx_maximumf(float x, float y) {
  if (x != x || y != y)
    return x + y;
  if (x == y)
    return mx_bits_of_f32(x) >> 31 ? y : x;
  return x > y ? x : y;
})"},
    {"mx_minimumf",
     R"(/* IEEE 754-2019 minimum: NaN if one is, and -0 below 0. */
static inline float mx_minimumf(float x, float y) {
  if (x != x || y != y)
    return x + y;
  if (x == y)
    return mx_bits_of_f32(x) >> 31 ? x : y;
  return x < y ? x : y;
})"},
    {"mx_maximum",
     R"(static inline double mx_maximum(double x, double y) {
  if (x != x || y != y)
    return x + y;
  if (x == y)
    return mx_bits_of_f64(x) >> 63 ? y : x;
  return x > y ? x : y;
})"},
    {"mx_minimum",
     R"(static inline double mx_minimum(double x, double y) {
  if (x != x || y != y)
    return x + y;
  if (x == y)
    return mx_bits_of_f64(x) >> 63 ? x : y;
  return x < y ? x : y;
})"}};

bool mlir::mx::isHelper(StringRef name) {
  return llvm::any_of(
      kHelpers, [&](const Helper &helper) { return helper.name == name; });
}

void mlir::mx::addHelpers(ModuleOp module) {
  llvm::StringSet<> called;
  bool callsMath = false;
  module.walk([&](emitc::CallOpaqueOp call) {
    called.insert(call.getCallee());
    callsMath |= !call.getCallee().starts_with("mx_");
  });
  for (auto global : module.getOps<emitc::GlobalOp>())
    if (auto text =
            dyn_cast_or_null<emitc::OpaqueAttr>(global.getInitialValueAttr()))
      callsMath |= text.getValue().contains('N'); // Of NAN or INFINITY.
  // In reverse, for the later ones call the earlier ones.
  SmallVector<StringRef> texts;
  for (const Helper &helper : llvm::reverse(kHelpers)) {
    if (!called.contains(helper.name))
      continue;
    texts.push_back(helper.text);
    for (const Helper &other : kHelpers)
      if (helper.text.contains((other.name + "(").str()))
        called.insert(other.name);
  }
  OpBuilder b = OpBuilder::atBlockBegin(module.getBody());
  Location loc = module.getLoc();
  for (StringRef header : {"stdbool.h", "stddef.h", "stdint.h"})
    emitc::IncludeOp::create(b, loc, header, /*is_standard_include=*/true);
  if (callsMath)
    emitc::IncludeOp::create(b, loc, "math.h", /*is_standard_include=*/true);
  for (StringRef text : llvm::reverse(texts))
    emitc::VerbatimOp::create(b, loc, text);
}
