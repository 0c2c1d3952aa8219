// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Small constants: static arrays.
#include "EmitCTypes.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace mlir::mx;

/// The name in C of a converted type of elements.
static std::string getName(Type type) {
  if (type.isF32())
    return "float";
  if (type.isF64())
    return "double";
  if (type.isInteger(1))
    return "bool";
  if (auto integer = dyn_cast<IntegerType>(type))
    return ("uint" + Twine(integer.getWidth()) + "_t").str();
  return "ptrdiff_t";
}

/// A number as a constant of C.
static std::string getNumber(const APFloat &value) {
  if (value.isNaN())
    return value.isNegative() ? "-NAN" : "NAN";
  if (value.isInfinity())
    return value.isNegative() ? "-INFINITY" : "INFINITY";
  return getDecimal(value);
}

static std::string getNumber(Type type, const APInt &value) {
  if (isa<emitc::OpaqueType>(type))
    return std::to_string(value.getSExtValue());
  return std::to_string(value.getZExtValue()) + "u";
}

/// All values of `values`, in braces; lines are short.
static std::string getInitializer(Type type, DenseElementsAttr values) {
  std::string text = "{";
  size_t line = 0;
  auto add = [&](const std::string &number) {
    if (text.size() > 1) {
      bool isFull = text.size() - line >= 90;
      text += isFull ? ",\n  " : ", ";
      if (isFull)
        line = text.size();
    }
    text += number;
  };
  if (isa<FloatType>(type))
    for (const APFloat &value : values.getValues<APFloat>())
      add(getNumber(value));
  else if (isa<FloatType>(values.getElementType()))
    for (const APFloat &value : values.getValues<APFloat>())
      add(getNumber(type, value.bitcastToAPInt()));
  else
    for (const APInt &value : values.getValues<APInt>())
      add(getNumber(type, value));
  return text + "}";
}

namespace {
struct GlobalPattern : OpConversionPattern<memref::GlobalOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult
  matchAndRewrite(memref::GlobalOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Type element =
        getTypeConverter()->convertType(op.getType().getElementType());
    auto values =
        dyn_cast_or_null<DenseElementsAttr>(op.getConstantInitValue());
    if (!element || !values || values.empty())
      return rewriter.notifyMatchFailure(op, "not a constant of known value");
    auto type = emitc::ArrayType::get({values.getNumElements()}, element);
    rewriter.replaceOpWithNewOp<emitc::GlobalOp>(
        op, op.getSymName(), type,
        emitc::OpaqueAttr::get(op.getContext(),
                               getInitializer(element, values)),
        /*extern_specifier=*/false, /*static_specifier=*/true,
        /*const_specifier=*/true);
    return success();
  }
};
} // namespace

void mlir::mx::populateGlobalToEmitC(RewritePatternSet &patterns,
                                     const CTypeConverter &types) {
  patterns.add<GlobalPattern>(types, patterns.getContext());
  addRule<memref::GetGlobalOp>(
      patterns, types,
      [](CBuilder &c, memref::GetGlobalOp op, auto, Type type) -> Value {
        // Nothing writes to a constant; C's types would have to know.
        Type element = cast<emitc::PointerType>(type).getPointee();
        return c.literal(type,
                         "((" + getName(element) + " *)" + op.getName() + ")");
      });
}
