// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/IR/MX.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/Transforms/InliningUtils.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::mx;

#include "mx/IR/MXDialect.cpp.inc"
#include "mx/IR/MXEnums.cpp.inc"

/// A list of numbers, which may be empty: the verifier says what is missing.
static ParseResult parseSizes(AsmParser &parser, SmallVector<int64_t> &sizes) {
  return parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, [&] {
    return parser.parseInteger(sizes.emplace_back());
  });
}

static void printSizes(AsmPrinter &printer, ArrayRef<int64_t> sizes) {
  printer << '[';
  llvm::interleaveComma(sizes, printer);
  printer << ']';
}

#define GET_ATTRDEF_CLASSES
#include "mx/IR/MXAttrs.cpp.inc"

#define GET_OP_CLASSES
#include "mx/IR/MXOps.cpp.inc"

namespace {
/// Ops of the dialect mean the same in any function.
struct MXInlinerInterface : DialectInlinerInterface {
  using DialectInlinerInterface::DialectInlinerInterface;
  bool isLegalToInline(Operation *, Region *, bool, IRMapping &) const final {
    return true;
  }
};
} // namespace

void MXDialect::initialize() {
  addInterfaces<MXInlinerInterface>();
  addAttributes<
#define GET_ATTRDEF_LIST
#include "mx/IR/MXAttrs.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "mx/IR/MXOps.cpp.inc"
      >();
}

Operation *MXDialect::materializeConstant(OpBuilder &b, Attribute value,
                                          Type type, Location loc) {
  return arith::ConstantOp::materialize(b, value, type, loc);
}
