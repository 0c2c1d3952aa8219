// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "ExtentChecks.h"
#include "mx/IR/Locations.h"
#include "mx/Transforms/Passes.h"

#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/TypeSwitch.h"

namespace mlir::mx {
#define GEN_PASS_DEF_MXCHECKSIZES
#include "mx/Transforms/Passes.h.inc"
} // namespace mlir::mx

using namespace mlir;
using namespace mlir::mx;

/// The sizes that a padding by numbers from the program has. Others are not
/// much larger than those of the source.
static SmallVector<Value> getPaddedSizes(tensor::PadOp op) {
  SmallVector<Value> sizes;
  if (op.getLow().empty() && op.getHigh().empty())
    return sizes;
  OpBuilder b(op);
  Location loc = op.getLoc();
  for (auto [dim, low, high] :
       llvm::enumerate(op.getMixedLowPad(), op.getMixedHighPad())) {
    if (!op.getResultType().isDynamicDim(dim))
      continue;
    Value size = getValueOrCreateConstantIndexOp(
        b, loc, tensor::getMixedSize(b, loc, op.getSource(), dim));
    for (OpFoldResult padding : {low, high})
      size = b.createOrFold<arith::AddIOp>(
          loc, size, getValueOrCreateConstantIndexOp(b, loc, padding));
    sizes.push_back(size);
  }
  return sizes;
}

/// The dynamic sizes of a new tensor.
static SmallVector<Value> getSizes(Operation *op) {
  return TypeSwitch<Operation *, SmallVector<Value>>(op)
      .Case<tensor::EmptyOp, tensor::SplatOp, bufferization::AllocTensorOp>(
          [](auto made) { return made.getDynamicSizes(); })
      .Case([](tensor::GenerateOp made) { return made.getDynamicExtents(); })
      .Case([](tensor::PadOp pad) { return getPaddedSizes(pad); })
      .Default(SmallVector<Value>());
}

/// Bytes of a tensor whose dynamic extents are 1.
static int64_t getKnownBytes(RankedTensorType type) {
  int64_t bytes = 1;
  if (type.getElementType().isIntOrFloat())
    bytes = llvm::divideCeil(type.getElementTypeBitWidth(), 8);
  else
    bytes = 2 * sizeof(int64_t);
  for (int64_t extent : type.getShape())
    if (!ShapedType::isDynamic(extent) && extent != 0)
      bytes = extent > kLargestSize / bytes ? kLargestSize + 1 : bytes * extent;
  return bytes;
}

namespace {
/// New tensors in a block that have the same dynamic sizes.
struct Group {
  SmallVector<Value> sizes;
  Operation *first = nullptr, *largest = nullptr;
  int64_t bytes = 0;
};

struct CheckSizes : mlir::mx::impl::MXCheckSizesBase<CheckSizes> {
  void runOnOperation() override {
    llvm::MapVector<std::pair<Block *, SmallVector<Value>>, Group> groups;
    getOperation()->walk([&](Operation *op) {
      SmallVector<Value> sizes = getSizes(op);
      if (sizes.empty())
        return;
      SmallVector<Value> sorted = sizes;
      llvm::sort(sorted, [](Value lhs, Value rhs) {
        return lhs.getAsOpaquePointer() < rhs.getAsOpaquePointer();
      });
      Group &group = groups[{op->getBlock(), sorted}];
      int64_t bytes =
          getKnownBytes(cast<RankedTensorType>(op->getResult(0).getType()));
      if (!group.first)
        group.first = op, group.sizes = sizes;
      if (bytes > group.bytes)
        group.largest = op, group.bytes = bytes;
    });
    for (auto &[key, group] : groups)
      check(group);
  }

  void check(const Group &group) {
    OpBuilder b(group.first);
    Location loc = group.largest->getLoc();
    Value fits = createFits(b, loc, group.sizes, group.bytes);
    assertThat(b, loc, fits,
               describeLocation(loc) + ": error: '" +
                   group.largest->getName().getStringRef() +
                   "': a size is negative, or their product is more than "
                   "memory has addresses for");
  }
};
} // namespace
