// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Checks of ops that give a tensor another shape, or several one.
#include "ExtentChecks.h"
#include "mx/IR/ExtentAssertion.h"

#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace mlir::mx;

static Value toValue(OpBuilder &b, Location loc, OpFoldResult value) {
  return getValueOrCreateConstantIndexOp(b, loc, value);
}

static Value multiply(OpBuilder &b, Location loc,
                      ArrayRef<OpFoldResult> factors) {
  Value product = arith::ConstantIndexOp::create(b, loc, 1);
  for (OpFoldResult factor : factors)
    product =
        b.createOrFold<arith::MulIOp>(loc, product, toValue(b, loc, factor));
  return product;
}

void mlir::mx::assertThat(OpBuilder &b, Location loc, Value holds,
                          const Twine &message) {
  if (!matchPattern(holds, m_One()))
    cf::AssertOp::create(b, loc, holds, b.getStringAttr(message));
}

Value mlir::mx::createFits(OpBuilder &b, Location loc, ValueRange sizes,
                           int64_t factor) {
  Value one = arith::ConstantIndexOp::create(b, loc, 1);
  Value room = arith::ConstantIndexOp::create(
      b, loc, kLargestSize / std::max<int64_t>(factor, 1));
  Value fits;
  for (auto [index, size] : llvm::enumerate(sizes)) {
    // Without a sign, what is negative is too large.
    Value here = b.createOrFold<arith::CmpIOp>(loc, arith::CmpIPredicate::ule,
                                               size, room);
    fits = fits ? b.createOrFold<arith::AndIOp>(loc, fits, here) : here;
    if (index + 1 < sizes.size())
      room = b.createOrFold<arith::DivUIOp>(
          loc, room, b.createOrFold<arith::MaxUIOp>(loc, size, one));
  }
  return fits;
}

/// Asserts that `sizes` are those of `count` elements.
static void checkCount(OpBuilder &b, Operation *op, Value count,
                       ArrayRef<OpFoldResult> sizes, const Twine &message) {
  Location loc = op->getLoc();
  Value holds = b.createOrFold<arith::CmpIOp>(loc, arith::CmpIPredicate::eq,
                                              multiply(b, loc, sizes), count);
  // Several sizes may have the product by overflow alone, or as two negative
  // ones.
  int64_t known = 1;
  SmallVector<Value> unknown;
  for (OpFoldResult size : sizes)
    if (std::optional<int64_t> number = getConstantIntValue(size))
      known *= *number;
    else
      unknown.push_back(cast<Value>(size));
  if (sizes.size() > 1 && !unknown.empty())
    holds = b.createOrFold<arith::AndIOp>(
        loc, createFits(b, loc, unknown, known), holds);
  assertThat(b, loc, holds, message);
}

void mlir::mx::checkExpandShape(OpBuilder &b, tensor::ExpandShapeOp op,
                                Describe describe) {
  Location loc = op.getLoc();
  SmallVector<OpFoldResult> sizes = op.getMixedOutputShape();
  for (auto [dim, group] : llvm::enumerate(op.getReassociationIndices())) {
    // The verifier compares what is static.
    if (!op.getSrcType().isDynamicDim(dim))
      continue;
    SmallVector<OpFoldResult> into = llvm::map_to_vector(
        group, [&](int64_t position) { return sizes[position]; });
    Value extent =
        toValue(b, loc, tensor::getMixedSize(b, loc, op.getSrc(), dim));
    std::string text = "the extents that dimension " + std::to_string(dim) +
                       " expands into do not have its product";
    checkCount(b, op, extent, into, describe(op, text));
  }
}

void mlir::mx::checkReshape(OpBuilder &b, tensor::ReshapeOp op,
                            Describe describe) {
  auto source = dyn_cast<RankedTensorType>(op.getSource().getType());
  auto result = dyn_cast<RankedTensorType>(op.getType());
  if (!source || !result)
    return;
  Location loc = op.getLoc();
  SmallVector<OpFoldResult> sizes;
  for (int64_t dim = 0; dim < result.getRank(); ++dim) {
    Value index = arith::ConstantIndexOp::create(b, loc, dim);
    Value size = tensor::ExtractOp::create(b, loc, op.getShape(), index);
    if (!size.getType().isIndex())
      size = arith::IndexCastOp::create(b, loc, b.getIndexType(), size);
    sizes.push_back(size);
    if (result.isDynamicDim(dim))
      continue;
    std::string text = "the shape's element " + std::to_string(dim) +
                       " is not the result's extent";
    assertExtent(b, loc, arith::CmpIPredicate::eq, size,
                 b.getIndexAttr(result.getDimSize(dim)), describe(op, text));
  }
  Value count = multiply(b, loc, tensor::getMixedSizes(b, loc, op.getSource()));
  checkCount(b, op, count, sizes,
             describe(op, "the shape has not as many elements as the source"));
}

void mlir::mx::checkConcat(OpBuilder &b, tensor::ConcatOp op,
                           Describe describe) {
  Location loc = op.getLoc();
  auto type = op.getResultType();
  for (int64_t dim = 0; dim < type.getRank(); ++dim) {
    OpFoldResult expected;
    if (!type.isDynamicDim(dim))
      expected = b.getIndexAttr(type.getDimSize(dim));
    std::string place = "the extent of dimension " + std::to_string(dim);
    Value sum;
    for (auto [index, input] : llvm::enumerate(op.getInputs())) {
      OpFoldResult found = tensor::getMixedSize(b, loc, input, dim);
      if (dim == static_cast<int64_t>(op.getDim())) {
        Value extent = toValue(b, loc, found);
        sum = sum ? b.createOrFold<arith::AddIOp>(loc, sum, extent) : extent;
        continue;
      }
      if (!expected)
        expected = found;
      assertExtent(b, loc, arith::CmpIPredicate::eq, found, expected,
                   describe(op, place + " of operand #" +
                                    std::to_string(index) +
                                    " does not agree with those of the other "
                                    "operands or of the result"));
    }
    if (sum && expected)
      assertExtent(b, loc, arith::CmpIPredicate::eq, getAsOpFoldResult(sum),
                   expected,
                   describe(op, place + " of the operands has another sum "
                                        "than that of the result"));
  }
}

void mlir::mx::checkPad(OpBuilder &b, tensor::PadOp op, Describe describe) {
  Location loc = op.getLoc();
  RankedTensorType type = op.getResultType();
  for (auto [dim, low, high] :
       llvm::enumerate(op.getMixedLowPad(), op.getMixedHighPad())) {
    std::string place = "dimension " + std::to_string(dim);
    for (OpFoldResult padding : {low, high})
      assertThat(b, loc, createFits(b, loc, toValue(b, loc, padding), 1),
                 describe(op, "the padding of " + place +
                                  " is negative or too large"));
    if (type.isDynamicDim(dim))
      continue;
    Value extent =
        toValue(b, loc, tensor::getMixedSize(b, loc, op.getSource(), dim));
    for (OpFoldResult padding : {low, high})
      extent =
          b.createOrFold<arith::AddIOp>(loc, extent, toValue(b, loc, padding));
    assertExtent(b, loc, arith::CmpIPredicate::eq, getAsOpFoldResult(extent),
                 b.getIndexAttr(type.getDimSize(dim)),
                 describe(op, "the padded extent of " + place +
                                  " is not that of the result"));
  }
}

void mlir::mx::checkSameExtents(OpBuilder &b, Operation *op, ValueRange values,
                                Describe describe) {
  SmallVector<OpFoldResult> extents;
  for (Value result : op->getResults()) {
    auto type = dyn_cast<RankedTensorType>(result.getType());
    if (!type)
      continue;
    extents.resize(type.getRank());
    for (int64_t dim = 0; dim < type.getRank(); ++dim)
      if (!type.isDynamicDim(dim))
        extents[dim] = b.getIndexAttr(type.getDimSize(dim));
  }
  for (auto [index, value] : llvm::enumerate(values)) {
    auto type = dyn_cast<RankedTensorType>(value.getType());
    if (!type)
      continue;
    for (int64_t dim = 0; dim < type.getRank(); ++dim) {
      OpFoldResult found = tensor::getMixedSize(b, op->getLoc(), value, dim);
      if (!extents[dim])
        extents[dim] = found;
      std::string text = "the extent of dimension " + std::to_string(dim) +
                         " of operand #" + std::to_string(index) +
                         " does not agree with those of the other operands";
      assertExtent(b, op->getLoc(), arith::CmpIPredicate::eq, found,
                   extents[dim], describe(op, text));
    }
  }
}
