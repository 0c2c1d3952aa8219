// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef MX_IR_MXENUMS_TD
#define MX_IR_MXENUMS_TD

include "mlir/IR/EnumAttr.td"
include "mx/IR/MXDialect.td"

def MX_ScaleRule : I32EnumAttr<"ScaleRule",
    "How the scale byte of a block follows from its largest magnitude", [
      I32EnumAttrCase<"Floor", 0, "floor">,
      I32EnumAttrCase<"Ceil", 1, "ceil">,
      I32EnumAttrCase<"Even", 2, "even">,
      I32EnumAttrCase<"RCeil", 3, "rceil">,
      I32EnumAttrCase<"DeepSeek", 4, "deepseek">,
      I32EnumAttrCase<"TOSA", 5, "tosa">
    ]> {
  let cppNamespace = "::mlir::mx";
  let genSpecializedAttr = 0;
}
def MX_ScaleRuleAttr : EnumAttr<MX_Dialect, MX_ScaleRule, "scale_rule">;

def MX_SpecialPolicy : I32EnumAttr<"SpecialPolicy",
    "What quantizing does with zeros, NaN and Inf", [
      I32EnumAttrCase<"Default", 0, "default">,
      I32EnumAttrCase<"TE", 1, "te">,
      I32EnumAttrCase<"DeepSeek", 2, "deepseek">,
      I32EnumAttrCase<"TOSA", 3, "tosa">
    ]> {
  let cppNamespace = "::mlir::mx";
  let genSpecializedAttr = 0;
}
def MX_SpecialPolicyAttr
    : EnumAttr<MX_Dialect, MX_SpecialPolicy, "special_policy">;

def MX_Format : I32EnumAttr<"Format",
    "A recipe: element type, scale type, block shape and scale rule", [
      I32EnumAttrCase<"MXFP8", 0, "mxfp8">,
      I32EnumAttrCase<"MXFP8E5M2", 1, "mxfp8_e5m2">,
      I32EnumAttrCase<"MXFP6E2M3", 2, "mxfp6_e2m3">,
      I32EnumAttrCase<"MXFP6E3M2", 3, "mxfp6_e3m2">,
      I32EnumAttrCase<"MXFP4", 4, "mxfp4">,
      I32EnumAttrCase<"MXINT8", 5, "mxint8">,
      I32EnumAttrCase<"NVFP4", 6, "nvfp4">,
      I32EnumAttrCase<"DeepSeekFP8", 7, "deepseek_fp8">
    ]> {
  let cppNamespace = "::mlir::mx";
  let genSpecializedAttr = 0;
}
def MX_FormatAttr : EnumAttr<MX_Dialect, MX_Format, "format"> {
  let summary = "Names a recipe for passes to choose; never types a value";
  let assemblyFormat = "`<` $value `>`";
}

def MX_Container : I32EnumAttr<"Container",
    "How f4 and f6 codes lie in bytes", [
      I32EnumAttrCase<"Dense", 0, "dense">,
      I32EnumAttrCase<"Byte", 1, "byte">
    ]> {
  let cppNamespace = "::mlir::mx";
  let genSpecializedAttr = 0;
}
def MX_ContainerAttr : EnumAttr<MX_Dialect, MX_Container, "container">;

#endif // MX_IR_MXENUMS_TD
