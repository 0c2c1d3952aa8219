// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Checks of slices. Upstream's model of extract_slice lets negative sizes and
/// products that overflow pass, and there is none of insertions.
#include "ExtentChecks.h"
#include "mx/IR/ExtentAssertion.h"

#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::mx;

namespace {
/// One dimension of a slice, and the extent of the tensor it is of.
struct SlicedDim {
  Value offset, size, stride, extent;
};
} // namespace

static Value compare(OpBuilder &b, Location loc, arith::CmpIPredicate predicate,
                     Value lhs, Value rhs) {
  return b.createOrFold<arith::CmpIOp>(loc, predicate, lhs, rhs);
}

/// The condition that the offset is in bounds, and the most elements from there
/// on. Comparisons without a sign take what is negative for too large.
static std::pair<Value, Value> getRoom(OpBuilder &b, Location loc,
                                       const SlicedDim &dim) {
  using P = arith::CmpIPredicate;
  if (getConstantIntValue(dim.stride) == 1) {
    // Any extent is at least 0; no folder knows that.
    Value starts = getConstantIntValue(dim.offset) == 0
                       ? arith::ConstantIntOp::create(b, loc, 1, 1)
                       : compare(b, loc, P::ule, dim.offset, dim.extent);
    return {starts, b.createOrFold<arith::SubIOp>(loc, dim.extent, dim.offset)};
  }
  Value zero = arith::ConstantIndexOp::create(b, loc, 0);
  Value one = arith::ConstantIndexOp::create(b, loc, 1);
  Value starts = b.createOrFold<arith::OrIOp>(
      loc, compare(b, loc, P::ult, dim.offset, dim.extent),
      compare(b, loc, P::eq, dim.size, zero));
  // Forwards to the last element, or backwards to the first. A stride of 0 is
  // taken for 1.
  Value forwards = compare(b, loc, P::sge, dim.stride, zero);
  Value last = b.createOrFold<arith::SubIOp>(loc, dim.extent, one);
  Value behind = b.createOrFold<arith::SubIOp>(loc, last, dim.offset);
  Value way =
      b.createOrFold<arith::SelectOp>(loc, forwards, behind, dim.offset);
  Value back = b.createOrFold<arith::SubIOp>(loc, zero, dim.stride);
  Value step = b.createOrFold<arith::SelectOp>(loc, forwards, dim.stride, back);
  step = b.createOrFold<arith::MaxUIOp>(loc, step, one);
  Value steps = b.createOrFold<arith::DivUIOp>(loc, way, step);
  return {starts, b.createOrFold<arith::AddIOp>(loc, steps, one)};
}

static void checkDim(OpBuilder &b, Operation *op, unsigned position,
                     const SlicedDim &dim, Describe describe) {
  Location loc = op->getLoc();
  std::string number = std::to_string(position);
  auto [starts, room] = getRoom(b, loc, dim);
  assertThat(b, loc, starts,
             describe(op, "offset " + number + " is out-of-bounds"));
  std::string text = "the slice runs out-of-bounds along dimension " + number;
  assertThat(b, loc, compare(b, loc, arith::CmpIPredicate::ule, dim.size, room),
             describe(op, text));
}

template <typename OpType>
static void checkInserted(OpBuilder &b, OpType op, Describe describe) {
  llvm::SmallBitVector dropped = op.getDroppedDims();
  unsigned position = 0;
  for (auto [dim, size] : llvm::enumerate(op.getMixedSizes())) {
    if (dropped.test(dim))
      continue;
    std::string text = "the extent of dimension " + std::to_string(position) +
                       " of the source is not that of the slice";
    assertExtent(b, op.getLoc(), arith::CmpIPredicate::eq,
                 tensor::getMixedSize(b, op.getLoc(), op.getSource(), position),
                 size, describe(op, text));
    ++position;
  }
}

void mlir::mx::checkSlice(OpBuilder &b, OffsetSizeAndStrideOpInterface op,
                          Describe describe) {
  Location loc = op.getLoc();
  Value tensor = op->getOperand(0);
  TypeSwitch<Operation *>(op)
      .Case<tensor::InsertSliceOp, tensor::ParallelInsertSliceOp>(
          [&](auto insert) {
            tensor = insert.getDest();
            checkInserted(b, insert, describe);
          });
  auto get = [&](OpFoldResult value) {
    return getValueOrCreateConstantIndexOp(b, loc, value);
  };
  for (auto [position, offset, size, stride] : llvm::enumerate(
           op.getMixedOffsets(), op.getMixedSizes(), op.getMixedStrides()))
    checkDim(b, op, position,
             {get(offset), get(size), get(stride),
              get(tensor::getMixedSize(b, loc, tensor, position))},
             describe);
}
