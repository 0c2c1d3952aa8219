// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Memrefs: pointers to the first element.
#include "EmitCTypes.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace mlir::mx;

/// The strides of `type`, if all are known.
static FailureOr<SmallVector<int64_t>> getStrides(MemRefType type) {
  SmallVector<int64_t> strides;
  int64_t offset;
  if (failed(type.getStridesAndOffset(strides, offset)) ||
      llvm::any_of(strides, ShapedType::isDynamic))
    return failure();
  return strides;
}

/// The distance in elements of the place `indices` from the first one, for
/// which `converted` has those that are values; null if it is zero.
static Value getDistance(CBuilder &c, ArrayRef<int64_t> strides,
                         ArrayRef<OpFoldResult> indices, ValueRange converted) {
  Type type = getIndexType(c.b.getContext());
  Value sum;
  for (auto [stride, index] : llvm::zip_equal(strides, indices)) {
    Value term;
    if (std::optional<int64_t> known = getConstantIntValue(index)) {
      if (isa<Value>(index))
        converted = converted.drop_front();
      if (*known * stride == 0)
        continue;
      term = c.index(*known * stride);
    } else {
      term = converted.front();
      converted = converted.drop_front();
      if (stride != 1)
        term = emitc::MulOp::create(c.b, c.loc, type, term, c.index(stride));
    }
    sum = sum ? emitc::AddOp::create(c.b, c.loc, type, sum, term).getResult()
              : term;
  }
  return sum;
}

/// `pointer` moved by `distance`, which may be null.
static Value move(CBuilder &c, Value pointer, Value distance) {
  if (!distance)
    return pointer;
  return emitc::AddOp::create(c.b, c.loc, pointer.getType(), pointer, distance);
}

/// The element of `buffer` at `indices`, as C's a[i]; null if the strides are
/// not known.
static TypedValue<emitc::LValueType> getElement(CBuilder &c, Value buffer,
                                                ValueRange indices,
                                                Value pointer,
                                                ValueRange converted) {
  auto strides = getStrides(cast<MemRefType>(buffer.getType()));
  if (failed(strides))
    return {};
  // All as values, as `converted` has them.
  SmallVector<OpFoldResult> all(indices.begin(), indices.end());
  Value distance = getDistance(c, *strides, all, converted);
  return emitc::SubscriptOp::create(
      c.b, c.loc, cast<TypedValue<emitc::PointerType>>(pointer),
      distance ? distance : c.index(0));
}

static Value subview(CBuilder &c, memref::SubViewOp op,
                     memref::SubViewOp::Adaptor adaptor, Type) {
  auto strides = getStrides(op.getSourceType());
  if (failed(strides) || failed(getStrides(op.getType())))
    return {};
  Value distance =
      getDistance(c, *strides, op.getMixedOffsets(), adaptor.getOffsets());
  return move(c, adaptor.getSource(), distance);
}

/// The same place with another offset: only what is known can be compared.
static Value reinterpret(CBuilder &c, memref::ReinterpretCastOp op,
                         memref::ReinterpretCastOp::Adaptor adaptor, Type) {
  auto source = dyn_cast<MemRefType>(op.getSource().getType());
  SmallVector<int64_t> strides;
  int64_t offset;
  if (!source || failed(source.getStridesAndOffset(strides, offset)) ||
      ShapedType::isDynamic(offset) || failed(getStrides(op.getType())))
    return {};
  Value distance =
      getDistance(c, {1}, op.getMixedOffsets(), adaptor.getOffsets());
  if (offset)
    distance =
        emitc::SubOp::create(c.b, c.loc, getIndexType(c.b.getContext()),
                             distance ? distance : c.index(0), c.index(offset));
  return move(c, adaptor.getSource(), distance);
}

namespace {
struct StorePattern : OpConversionPattern<memref::StoreOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult
  matchAndRewrite(memref::StoreOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    CBuilder c(rewriter, op.getLoc());
    auto element = getElement(c, op.getMemRef(), op.getIndices(),
                              adaptor.getMemref(), adaptor.getIndices());
    if (!element)
      return rewriter.notifyMatchFailure(op, "strides are not known");
    rewriter.replaceOpWithNewOp<emitc::AssignOp>(op, element,
                                                 adaptor.getValue());
    return success();
  }
};

/// A loop over all elements, for contiguous buffers.
struct CopyPattern : OpConversionPattern<memref::CopyOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult
  matchAndRewrite(memref::CopyOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto type = dyn_cast<MemRefType>(op.getSource().getType());
    auto target = dyn_cast<MemRefType>(op.getTarget().getType());
    if (!type || !target || !type.hasStaticShape() ||
        !type.getLayout().isIdentity() || !target.getLayout().isIdentity())
      return rewriter.notifyMatchFailure(op, "not two contiguous buffers");
    CBuilder c(rewriter, op.getLoc());
    using Pointer = TypedValue<emitc::PointerType>;
    emitc::ForOp::create(
        rewriter, op.getLoc(), c.index(0), c.index(type.getNumElements()),
        c.index(1), [&](OpBuilder &b, Location loc, Value index) {
          auto from = emitc::SubscriptOp::create(
              b, loc, cast<Pointer>(adaptor.getSource()), index);
          auto to = emitc::SubscriptOp::create(
              b, loc, cast<Pointer>(adaptor.getTarget()), index);
          Type element = cast<emitc::LValueType>(from.getType()).getValueType();
          Value value = emitc::LoadOp::create(b, loc, element, from);
          emitc::AssignOp::create(
              b, loc, cast<TypedValue<emitc::LValueType>>(to.getResult()),
              value);
          emitc::YieldOp::create(b, loc);
        });
    rewriter.eraseOp(op);
    return success();
  }
};

/// The same memory, seen in another way.
template <typename OpType> struct SamePattern : OpConversionPattern<OpType> {
  using OpConversionPattern<OpType>::OpConversionPattern;
  LogicalResult
  matchAndRewrite(OpType op,
                  typename OpConversionPattern<OpType>::OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    for (Value result : op->getResults())
      if (auto type = dyn_cast<MemRefType>(result.getType());
          !type || failed(getStrides(type)))
        return rewriter.notifyMatchFailure(op, "strides are not known");
    rewriter.replaceOp(op,
                       adaptor.getOperands().take_front(op->getNumResults()));
    return success();
  }
};
} // namespace

static Value makeArray(CBuilder &c, memref::AllocaOp op,
                       memref::AllocaOp::Adaptor, Type type) {
  if (!op.getType().hasStaticShape() || !op.getType().getLayout().isIdentity())
    return {};
  // C has no array of no element.
  int64_t size = std::max<int64_t>(op.getType().getNumElements(), 1);
  auto array = emitc::ArrayType::get(
      {size}, cast<emitc::PointerType>(type).getPointee());
  Value variable = emitc::VariableOp::create(
      c.b, c.loc, array, emitc::OpaqueAttr::get(c.b.getContext(), ""));
  auto first = emitc::SubscriptOp::create(
      c.b, c.loc, cast<TypedValue<emitc::ArrayType>>(variable), c.index(0));
  return emitc::AddressOfOp::create(c.b, c.loc, type, first);
}

void mlir::mx::populateMemRefToEmitC(RewritePatternSet &patterns,
                                     const CTypeConverter &types) {
  patterns.add<StorePattern, CopyPattern, SamePattern<memref::CastOp>,
               SamePattern<memref::CollapseShapeOp>,
               SamePattern<memref::ExpandShapeOp>,
               SamePattern<memref::DistinctObjectsOp>,
               SamePattern<memref::AssumeAlignmentOp>>(types,
                                                       patterns.getContext());
  addRule<memref::AllocaOp>(patterns, types, makeArray);
  addRule<memref::ReinterpretCastOp>(patterns, types, reinterpret);
  addRule<memref::SubViewOp>(patterns, types, subview);
  addRule<memref::LoadOp>(
      patterns, types,
      [](CBuilder &c, memref::LoadOp op, auto adaptor, Type type) -> Value {
        auto element = getElement(c, op.getMemRef(), op.getIndices(),
                                  adaptor.getMemref(), adaptor.getIndices());
        return element ? emitc::LoadOp::create(c.b, c.loc, type, element)
                       : Value();
      });
  addRule<memref::ViewOp>(
      patterns, types,
      [](CBuilder &c, memref::ViewOp op, auto adaptor, Type type) -> Value {
        if (!op.getType().hasStaticShape())
          return {};
        return c.cast(type,
                      move(c, adaptor.getSource(), adaptor.getByteShift()));
      });
}
