// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Functions, calls, and checks: a function that can fail returns a text.
#include "EmitCTypes.h"
#include "mx/Conversion/Passes.h"

#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace mlir::mx;

static Type getTextType(MLIRContext *context) {
  return emitc::PointerType::get(emitc::OpaqueType::get(context, "const char"));
}

/// Whether `function` returns a text in C; it may be C already.
static bool returnsText(Operation *function) {
  if (auto converted = dyn_cast<emitc::FuncOp>(function))
    return converted.getNumResults() == 1;
  return function->hasAttr(kFallibleAttr);
}

/// `text` as a string of C, in a format of emitc.verbatim.
static std::string quote(StringRef text) {
  std::string result = "\"";
  for (char letter : text) {
    // Two question marks may begin a trigraph.
    if (letter == '"' || letter == '\\' || letter == '?')
      result += '\\';
    if (letter == '{')
      result += '{';
    result += llvm::isPrint(letter) ? letter : ' ';
  }
  return result + "\"";
}

namespace {
struct FunctionPattern : OpConversionPattern<func::FuncOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult
  matchAndRewrite(func::FuncOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    if (op.isExternal() || op.getNumResults())
      return rewriter.notifyMatchFailure(op, "no body, or results");
    TypeConverter::SignatureConversion signature(op.getNumArguments());
    if (failed(getTypeConverter()->convertSignatureArgs(op.getArgumentTypes(),
                                                        signature)))
      return rewriter.notifyMatchFailure(op, "an argument has no type in C");
    SmallVector<Type> results;
    if (op->hasAttr(kFallibleAttr))
      results.push_back(getTextType(op.getContext()));
    auto type =
        rewriter.getFunctionType(signature.getConvertedTypes(), results);
    auto function =
        emitc::FuncOp::create(rewriter, op.getLoc(), op.getSymName(), type);
    if (op.isPrivate())
      function.setSpecifiersAttr(rewriter.getStrArrayAttr({"static"}));
    if (Attribute bytes = op->getAttr(kWorkspaceBytesAttr))
      function->setAttr(kWorkspaceBytesAttr, bytes);
    // A compiler need not warn of what a caller gives to all.
    SmallVector<unsigned> unused;
    for (BlockArgument argument : op.getArguments())
      if (argument.use_empty())
        unused.push_back(argument.getArgNumber());
    rewriter.inlineRegionBefore(op.getBody(), function.getBody(),
                                function.end());
    if (failed(rewriter.convertRegionTypes(&function.getBody(),
                                           *getTypeConverter(), &signature)))
      return failure();
    rewriter.setInsertionPointToStart(&function.getBody().front());
    for (unsigned index : unused)
      emitc::VerbatimOp::create(rewriter, op.getLoc(),
                                rewriter.getStringAttr("(void){};"),
                                function.getArgument(index));
    rewriter.eraseOp(op);
    return success();
  }
};

struct ReturnPattern : OpConversionPattern<func::ReturnOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult
  matchAndRewrite(func::ReturnOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    if (op.getNumOperands())
      return rewriter.notifyMatchFailure(op, "returns values");
    Value text;
    if (returnsText(op->getParentOp()))
      text = CBuilder(rewriter, op.getLoc())
                 .literal(getTextType(op.getContext()), "NULL");
    rewriter.replaceOpWithNewOp<emitc::ReturnOp>(op, text);
    return success();
  }
};

struct CallPattern : OpConversionPattern<func::CallOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult
  matchAndRewrite(func::CallOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Operation *callee =
        SymbolTable::lookupNearestSymbolFrom(op, op.getCalleeAttr());
    if (!callee || op.getNumResults())
      return rewriter.notifyMatchFailure(op, "results, or nothing to call");
    if (!returnsText(callee)) {
      rewriter.replaceOpWithNewOp<emitc::CallOp>(
          op, op.getCallee(), TypeRange(), adaptor.getOperands());
      return success();
    }
    // Without operands the text is no format.
    std::string format = op.getNumOperands() ? "{{" : "{";
    format += " const char *error = " + op.getCallee().str() + "(";
    for (unsigned index = 0; index < op.getNumOperands(); ++index)
      format += index ? ", {}" : "{}";
    format += "); if (error) return error; }";
    rewriter.replaceOpWithNewOp<emitc::VerbatimOp>(
        op, rewriter.getStringAttr(format), adaptor.getOperands());
    return success();
  }
};

struct AssertPattern : OpConversionPattern<cf::AssertOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult
  matchAndRewrite(cf::AssertOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOpWithNewOp<emitc::VerbatimOp>(
        op,
        rewriter.getStringAttr("if (!{}) return " + quote(op.getMsg()) + ";"),
        adaptor.getArg());
    return success();
  }
};
} // namespace

void mlir::mx::populateFuncToEmitC(RewritePatternSet &patterns,
                                   const CTypeConverter &types) {
  patterns.add<FunctionPattern, ReturnPattern, CallPattern, AssertPattern>(
      types, patterns.getContext());
}
