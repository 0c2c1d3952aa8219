// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "EmitCTypes.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace mlir::mx;

unsigned mlir::mx::getCWidth(unsigned width) {
  return std::max<unsigned>(8, llvm::PowerOf2Ceil(width));
}

Type mlir::mx::getIndexType(MLIRContext *context) {
  return emitc::OpaqueType::get(context, "ptrdiff_t");
}

CTypeConverter::CTypeConverter() {
  // Of its own dialect, so that what is C already stays as it is.
  addConversion([](Type type) -> std::optional<Type> {
    if (isa<emitc::EmitCDialect>(type.getDialect()))
      return type;
    return std::nullopt;
  });
  addConversion(
      [](IndexType type) -> Type { return getIndexType(type.getContext()); });
  addConversion([](IntegerType type) -> Type {
    if (type.getWidth() == 1)
      return type;
    if (type.getWidth() == 0 || type.getWidth() > 64)
      return {};
    return IntegerType::get(type.getContext(), getCWidth(type.getWidth()),
                            IntegerType::Unsigned);
  });
  addConversion([](FloatType type) -> Type {
    if (type.isF32() || type.isF64())
      return type;
    if (type.getWidth() > 16)
      return {};
    return IntegerType::get(type.getContext(), getCWidth(type.getWidth()),
                            IntegerType::Unsigned);
  });
  addConversion([this](MemRefType type) -> Type {
    Type element = convertType(type.getElementType());
    return element ? emitc::PointerType::get(element) : Type();
  });
}

std::string mlir::mx::getDecimal(const llvm::APFloat &value) {
  SmallString<32> text;
  value.toString(text);
  if (StringRef(text).find_first_of(".E") == StringRef::npos)
    text += ".0";
  if (&value.getSemantics() == &llvm::APFloat::IEEEsingle())
    text += "f";
  return text.str().str();
}

Value CBuilder::literal(Type type, const Twine &text) {
  return emitc::LiteralOp::create(b, loc, type, text.str());
}

Value CBuilder::integer(Type type, const APInt &value) {
  auto integer = dyn_cast<IntegerType>(type);
  if (!integer)
    return index(value.getSExtValue());
  if (integer.getWidth() == 1)
    return literal(type, value.isZero() ? "false" : "true");
  std::string digits = std::to_string(value.getZExtValue());
  return literal(type, integer.getWidth() == 64 ? "UINT64_C(" + digits + ")"
                                                : digits + "u");
}

Value CBuilder::index(int64_t value) {
  return literal(getIndexType(b.getContext()), Twine(value));
}

Value CBuilder::cast(Type type, Value value) {
  if (value.getType() == type)
    return value;
  return emitc::CastOp::create(b, loc, type, value);
}

Value CBuilder::call(Type type, StringRef function, ValueRange arguments) {
  return emitc::CallOpaqueOp::create(b, loc, type, function, arguments)
      .getResult(0);
}

Value CBuilder::compare(emitc::CmpPredicate predicate, Value lhs, Value rhs) {
  return emitc::CmpOp::create(b, loc, b.getI1Type(), predicate, lhs, rhs);
}

Value CBuilder::choose(Value condition, Value yes, Value no) {
  return emitc::ConditionalOp::create(b, loc, yes.getType(), condition, yes,
                                      no);
}

Value CBuilder::logicalNot(Value value) {
  return emitc::LogicalNotOp::create(b, loc, b.getI1Type(), value);
}

Value CBuilder::asSigned(Value value) {
  auto type = dyn_cast<IntegerType>(value.getType());
  return type ? cast(b.getIntegerType(type.getWidth()), value) : value;
}

Value CBuilder::asUnsigned(Value value) {
  if (isa<IntegerType>(value.getType()))
    return value;
  return cast(emitc::OpaqueType::get(b.getContext(), "size_t"), value);
}
