// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "StoredElement.h"
#include "mx/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Transforms/RegionUtils.h"

namespace mlir::mx {
#define GEN_PASS_DEF_MXFLATTENKERNELS
#include "mx/Transforms/Passes.h.inc"
} // namespace mlir::mx

using namespace mlir;
using namespace mlir::mx;

namespace {
/// What one launch uses from outside.
struct Launch {
  explicit Launch(gpu::LaunchOp op) : op(op), outside(op), inside(op) {}

  /// The value inside of the number `value` outside.
  FailureOr<Value> passNumber(Value value) {
    // Not after an op that may be erased.
    inside.setInsertionPointToStart(&op.getBody().front());
    Location loc = value.getLoc();
    Type type = value.getType(), i32 = outside.getI32Type();
    APInt constant;
    if (type.isIndex() && matchPattern(value, m_ConstantInt(&constant)))
      return Value(
          arith::ConstantIndexOp::create(inside, loc, constant.getSExtValue()));
    if (type.isInteger(32) || type.isIndex())
      return value;
    if (!type.isIntOrFloat() || type.getIntOrFloatBitWidth() > 64) {
      op.emitError("expected numbers of at most 64 bits in a kernel, found ")
          << type;
      return failure();
    }
    unsigned width = type.getIntOrFloatBitWidth();
    Value number = value;
    if (!type.isInteger())
      number = arith::BitcastOp::create(outside, loc,
                                        outside.getIntegerType(width), number);
    if (width == 64)
      return passHalves(number, type);
    if (width < 32)
      number = arith::ExtUIOp::create(outside, loc, i32, number);
    return fromStored(inside, loc, number, type);
  }

  /// The value of `type` inside of the i64 `number` outside, by way of two i32.
  Value passHalves(Value number, Type type) {
    Location loc = number.getLoc();
    Type i32 = outside.getI32Type(), i64 = outside.getI64Type();
    auto shift = [&](OpBuilder &b) -> Value {
      return arith::ConstantOp::create(b, loc, b.getI64IntegerAttr(32));
    };
    Value low = arith::TruncIOp::create(outside, loc, i32, number);
    Value high = arith::TruncIOp::create(
        outside, loc, i32,
        arith::ShRUIOp::create(outside, loc, number, shift(outside)));
    low = arith::ExtUIOp::create(inside, loc, i64, low);
    high = arith::ShLIOp::create(inside, loc,
                                 arith::ExtUIOp::create(inside, loc, i64, high),
                                 shift(inside));
    Value both = arith::OrIOp::create(inside, loc, low, high);
    if (type == i64)
      return both;
    return arith::BitcastOp::create(inside, loc, type, both);
  }

  /// The elements from a buffer's first one on up to its last one.
  Value getExtent(memref::ExtractStridedMetadataOp parts) {
    Location loc = parts.getLoc();
    Value one = arith::ConstantIndexOp::create(outside, loc, 1);
    Value extent = arith::AddIOp::create(outside, loc, parts.getOffset(), one);
    for (auto [size, stride] :
         llvm::zip_equal(parts.getSizes(), parts.getStrides())) {
      Value steps = arith::SubIOp::create(outside, loc, size, one);
      extent = arith::AddIOp::create(
          outside, loc, extent,
          arith::MulIOp::create(outside, loc, steps, stride));
    }
    return extent;
  }

  /// Makes the accesses of `buffer` those of one of one dimension.
  LogicalResult passBuffer(Value buffer) {
    Location loc = buffer.getLoc();
    auto type = cast<MemRefType>(buffer.getType());
    SmallVector<int64_t> strides;
    int64_t offset;
    if (failed(type.getStridesAndOffset(strides, offset)))
      return op.emitError("expected buffers with strides in a kernel, found ")
             << type;
    auto parts = memref::ExtractStridedMetadataOp::create(outside, loc, buffer);
    auto flat = MemRefType::get({ShapedType::kDynamic}, type.getElementType());
    OpFoldResult zero = outside.getIndexAttr(0), one = outside.getIndexAttr(1);
    Value base = memref::ReinterpretCastOp::create(
        outside, loc, flat, parts.getBaseBuffer(), zero,
        OpFoldResult(getExtent(parts)), one);
    Type stored = getStoredType(type.getElementType());
    if (stored != type.getElementType())
      base = UnrealizedConversionCastOp::create(
                 outside, loc, MemRefType::get({ShapedType::kDynamic}, stored),
                 base)
                 .getResult(0);
    auto pass = [&](int64_t known, Value value) -> FailureOr<Value> {
      inside.setInsertionPointToStart(&op.getBody().front());
      if (!ShapedType::isDynamic(known))
        return Value(arith::ConstantIndexOp::create(inside, loc, known));
      return passNumber(value);
    };
    FailureOr<Value> first = pass(offset, parts.getOffset());
    if (failed(first))
      return failure();
    SmallVector<Value> steps;
    for (auto [known, value] : llvm::zip_equal(strides, parts.getStrides())) {
      FailureOr<Value> step = pass(known, value);
      if (failed(step))
        return failure();
      steps.push_back(*step);
    }
    for (OpOperand &use : llvm::make_early_inc_range(buffer.getUses())) {
      Operation *user = use.getOwner();
      if (!op->isProperAncestor(user))
        continue;
      OpBuilder b(user);
      auto locate = [&](ValueRange indices) {
        Value position = *first;
        for (auto [index, step] : llvm::zip_equal(indices, steps)) {
          Value distance = b.createOrFold<arith::MulIOp>(loc, index, step);
          position = b.createOrFold<arith::AddIOp>(loc, position, distance);
        }
        return position;
      };
      if (auto load = dyn_cast<memref::LoadOp>(user)) {
        Value value = memref::LoadOp::create(b, user->getLoc(), base,
                                             locate(load.getIndices()));
        load.replaceAllUsesWith(
            fromStored(b, user->getLoc(), value, type.getElementType()));
        load.erase();
      } else if (auto store = dyn_cast<memref::StoreOp>(user)) {
        Value value = toStored(b, user->getLoc(), store.getValue());
        memref::StoreOp::create(b, user->getLoc(), value, base,
                                locate(store.getIndices()));
        store.erase();
      } else {
        return user->emitError("'")
               << user->getName() << "' on a buffer cannot be in a kernel";
      }
    }
    return success();
  }

  LogicalResult flatten() {
    // Extents of buffers are numbers from outside.
    op.getBody().walk([&](memref::DimOp dim) {
      std::optional<int64_t> index = dim.getConstantIndex();
      if (!index || op.getBody().isAncestor(dim.getSource().getParentRegion()))
        return;
      Location loc = dim.getLoc();
      Value number = arith::ConstantIndexOp::create(outside, loc, *index);
      Value size = memref::DimOp::create(outside, loc, dim.getSource(), number);
      dim.replaceAllUsesWith(size);
      dim.erase();
    });
    llvm::SetVector<Value> used;
    getUsedValuesDefinedAbove(op.getBody(), used);
    for (Value value : used) {
      if (isa<MemRefType>(value.getType())) {
        if (failed(passBuffer(value)))
          return failure();
        continue;
      }
      Operation *definition = value.getDefiningOp();
      Value replacement;
      if (definition && matchPattern(definition, m_Constant())) {
        inside.setInsertionPointToStart(&op.getBody().front());
        replacement = inside.clone(*definition)->getResult(0);
      } else {
        FailureOr<Value> number = passNumber(value);
        if (failed(number))
          return failure();
        replacement = *number;
      }
      replaceAllUsesInRegionWith(value, replacement, op.getBody());
    }
    return success();
  }

  gpu::LaunchOp op;
  OpBuilder outside, inside;
};

struct FlattenKernels : mlir::mx::impl::MXFlattenKernelsBase<FlattenKernels> {
  void runOnOperation() override {
    SmallVector<gpu::LaunchOp> ops;
    getOperation()->walk([&](gpu::LaunchOp op) { ops.push_back(op); });
    for (gpu::LaunchOp op : ops)
      if (failed(Launch(op).flatten()))
        return signalPassFailure();
  }
};
} // namespace
