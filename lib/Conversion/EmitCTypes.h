// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// How values look in C, and the patterns that share it.
#ifndef MX_LIB_CONVERSION_EMITCTYPES_H
#define MX_LIB_CONVERSION_EMITCTYPES_H

#include "mlir/Dialect/EmitC/IR/EmitC.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Transforms/DialectConversion.h"

namespace mlir::mx {

/// Types in C: see convert-mx-to-emitc. An integer of a width that C lacks has
/// zeros in the bits beyond its own.
struct CTypeConverter : TypeConverter {
  CTypeConverter();
};

/// That of an index: ptrdiff_t, as an opaque type, for EmitC adds no other of
/// its types to pointers.
Type getIndexType(MLIRContext *context);

/// The width of an integer in C that holds one of `width` bits.
unsigned getCWidth(unsigned width);

/// A finite `value` with as many digits as tell it from its neighbours, as a
/// constant of C: f32 if it has those 32 bits, else f64.
std::string getDecimal(const llvm::APFloat &value);

/// Builds EmitC at one place.
struct CBuilder {
  CBuilder(OpBuilder &b, Location loc) : b(b), loc(loc) {}

  Value literal(Type type, const Twine &text);
  /// An unsigned integer, or an index, of a converted `type`.
  Value integer(Type type, const APInt &value);
  Value index(int64_t value);
  Value cast(Type type, Value value);
  Value call(Type type, StringRef function, ValueRange arguments);
  Value compare(emitc::CmpPredicate predicate, Value lhs, Value rhs);
  /// `condition ? yes : no`
  Value choose(Value condition, Value yes, Value no);
  Value logicalNot(Value value);
  /// `value` with its bits as those of a signed or unsigned integer of C.
  Value asSigned(Value value);
  Value asUnsigned(Value value);

  OpBuilder &b;
  Location loc;
};

/// Converts an op with one result, or none, by a function: its value in C, of
/// the type `type`, or null where there is none.
template <typename OpType> struct CRule : OpConversionPattern<OpType> {
  using Adaptor = typename OpConversionPattern<OpType>::OpAdaptor;
  using Function = Value (*)(CBuilder &c, OpType op, Adaptor adaptor,
                             Type type);

  CRule(const TypeConverter &types, MLIRContext *context, Function function)
      : OpConversionPattern<OpType>(types, context), function(function) {}

  LogicalResult
  matchAndRewrite(OpType op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Type type = this->getTypeConverter()->convertType(op.getType());
    if (!type)
      return rewriter.notifyMatchFailure(op, "its type has no equal in C");
    CBuilder c(rewriter, op.getLoc());
    Value value = function(c, op, adaptor, type);
    if (!value)
      return rewriter.notifyMatchFailure(op, "no such operation in C");
    rewriter.replaceOp(op, value);
    return success();
  }

  Function function;
};

template <typename OpType>
void addRule(RewritePatternSet &patterns, const TypeConverter &types,
             typename CRule<OpType>::Function function) {
  patterns.add<CRule<OpType>>(types, patterns.getContext(), function);
}

void populateArithToEmitC(RewritePatternSet &patterns,
                          const CTypeConverter &types);
void populateFloatToEmitC(RewritePatternSet &patterns,
                          const CTypeConverter &types);
void populateMathToEmitC(RewritePatternSet &patterns,
                         const CTypeConverter &types);
void populateMemRefToEmitC(RewritePatternSet &patterns,
                           const CTypeConverter &types);
void populateGlobalToEmitC(RewritePatternSet &patterns,
                           const CTypeConverter &types);
/// Also cf.assert.
void populateFuncToEmitC(RewritePatternSet &patterns,
                         const CTypeConverter &types);

/// Marks functions that return the text of an error or a null pointer.
constexpr llvm::StringLiteral kFallibleAttr = "mx.fallible";
/// Before ops become C: orders and names functions, marks those that can fail,
/// and makes large constants views of a last argument.
LogicalResult prepareForC(ModuleOp module);

/// Adds what C has to include, and the functions of mx that are called.
void addHelpers(ModuleOp module);
/// Whether one of these functions has this name.
bool isHelper(StringRef name);

} // namespace mlir::mx

#endif // MX_LIB_CONVERSION_EMITCTYPES_H
