// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/IR/PackElements.h"
#include "mx/Transforms/GenerateSlices.h"
#include "mx/Transforms/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/IR/TypeUtilities.h"

namespace mlir::mx {
#define GEN_PASS_DEF_MXPACKSUBBYTE
#include "mx/Transforms/Passes.h.inc"
} // namespace mlir::mx

using namespace mlir;
using namespace mlir::mx;

static bool isSubByteTensor(Type type) {
  auto tensor = dyn_cast<TensorType>(type);
  return tensor && isSubByteFloat(tensor.getElementType());
}

/// The tensor of codes, one per byte; other types as they are.
static Type convertType(Type type) {
  if (!isSubByteTensor(type))
    return type;
  return cast<TensorType>(type).clone(IntegerType::get(type.getContext(), 8));
}

/// Whether `type` holds an f4 or f6 tensor or memref.
static bool holdsSubByteShape(Type type) {
  return type
      .walk([](Type part) {
        auto shaped = dyn_cast<ShapedType>(part);
        bool found = shaped && !isa<VectorType>(part) &&
                     isSubByteFloat(shaped.getElementType());
        return found ? WalkResult::interrupt() : WalkResult::advance();
      })
      .wasInterrupted();
}

/// The types of the operands, results and block arguments of `op`.
static SmallVector<Type> getSignature(Operation *op) {
  SmallVector<Type> types(op->getOperandTypes());
  llvm::append_range(types, op->getResultTypes());
  for (Region &region : op->getRegions())
    for (Block &block : region)
      llvm::append_range(types, block.getArgumentTypes());
  if (auto function = dyn_cast<FunctionOpInterface>(op)) {
    llvm::append_range(types, function.getArgumentTypes());
    llvm::append_range(types, function.getResultTypes());
  }
  return types;
}

/// Ops whose scalars, too, are elements of their tensors.
static bool hasElementScalars(Operation *op) {
  if (isa<tensor::BitcastOp>(op))
    return false;
  return isa<tensor::TensorDialect>(op->getDialect()) ||
         isa<linalg::GenericOp, linalg::PackOp, linalg::UnPackOp>(op);
}

/// Ops that hand tensors on whatever their elements are.
static bool isTypeAgnostic(Operation *op) {
  return isa<scf::SCFDialect, cf::ControlFlowDialect>(op->getDialect()) ||
         isa<func::FuncOp, func::CallOp, func::ReturnOp, arith::SelectOp,
             bufferization::AllocTensorOp, bufferization::DeallocTensorOp,
             bufferization::MaterializeInDestinationOp>(op);
}

static bool isTile(Operation *op) {
  return isa<ContractOp>(op) && op->hasAttr(kRegisterTileAttr);
}

/// The constant's codes under the type `type`, or nothing if its attribute
/// does not hold one byte per element.
static TypedAttr convertConstant(TypedAttr value, ShapedType type) {
  if (auto dense = dyn_cast<DenseIntOrFPElementsAttr>(value))
    return DenseElementsAttr::getFromRawBuffer(type, dense.getRawData());
  auto resource = dyn_cast<DenseResourceElementsAttr>(value);
  if (!resource || !resource.getRawHandle().getBlob() ||
      resource.getRawHandle().getBlob()->getData().size() !=
          static_cast<size_t>(type.getNumElements()))
    return {};
  return DenseResourceElementsAttr::get(type, resource.getRawHandle());
}

/// An f4 or f6 scalar from its code in an i8.
static Value decode(OpBuilder &b, Location loc, Value code, Type element) {
  Type integer = b.getIntegerType(element.getIntOrFloatBitWidth());
  Value narrow = arith::TruncIOp::create(b, loc, integer, code);
  return arith::BitcastOp::create(b, loc, element, narrow);
}

/// The code of an f4 or f6 scalar in an i8.
static Value encode(OpBuilder &b, Location loc, Value element) {
  Type integer = b.getIntegerType(element.getType().getIntOrFloatBitWidth());
  Value code;
  auto cast = element.getDefiningOp<arith::BitcastOp>();
  if (cast && cast.getIn().getType() == integer)
    code = cast.getIn();
  else
    code = arith::BitcastOp::create(b, loc, integer, element);
  return arith::ExtUIOp::create(b, loc, b.getI8Type(), code);
}

/// Makes `value`, an f4 or f6 scalar, a code; its users read it decoded.
static void convertScalar(OpBuilder &b, Location loc, Value value) {
  Type element = value.getType();
  value.setType(b.getI8Type());
  if (value.use_empty())
    return;
  Value decoded = decode(b, loc, value, element);
  value.replaceAllUsesExcept(
      decoded, decoded.getDefiningOp()->getOperand(0).getDefiningOp());
}

/// Codes in place of the scalars that `op` reads.
static void encodeOperands(OpBuilder &b, Operation *op) {
  b.setInsertionPoint(op);
  for (OpOperand &operand : op->getOpOperands()) {
    Value element = operand.get();
    if (!isSubByteFloat(element.getType()))
      continue;
    operand.set(encode(b, op->getLoc(), element));
    if (auto cast = element.getDefiningOp<arith::BitcastOp>())
      if (cast->use_empty())
        cast->erase();
  }
}

/// Says which codes the bytes are that a tile will read.
static void nameCodes(ContractOp tile) {
  auto getCodes = [](Value elements) {
    Type type = getElementTypeOrSelf(elements.getType());
    return isSubByteFloat(type) ? TypeAttr::get(type) : TypeAttr();
  };
  if (TypeAttr codes = getCodes(tile.getLhs()))
    tile.setLhsCodesAttr(codes);
  if (TypeAttr codes = getCodes(tile.getRhs()))
    tile.setRhsCodesAttr(codes);
}

/// Converts what `op` defines, and where its scalars are elements these too.
static void convertOp(OpBuilder &b, Operation *op) {
  if (auto constant = dyn_cast<arith::ConstantOp>(op))
    constant.setValueAttr(
        convertConstant(constant.getValue(),
                        cast<ShapedType>(convertType(constant.getType()))));
  if (auto function = dyn_cast<func::FuncOp>(op)) {
    FunctionType type = function.getFunctionType();
    function.setFunctionType(
        b.getFunctionType(llvm::map_to_vector(type.getInputs(), convertType),
                          llvm::map_to_vector(type.getResults(), convertType)));
  }
  bool tied = hasElementScalars(op);
  if (tied)
    encodeOperands(b, op);
  b.setInsertionPointAfter(op);
  for (Value result : op->getResults()) {
    if (tied && isSubByteFloat(result.getType()))
      convertScalar(b, op->getLoc(), result);
    result.setType(convertType(result.getType()));
  }
  for (Region &region : op->getRegions())
    for (Block &block : region) {
      b.setInsertionPointToStart(&block);
      for (BlockArgument argument : block.getArguments()) {
        if (tied && isSubByteFloat(argument.getType()))
          convertScalar(b, op->getLoc(), argument);
        argument.setType(convertType(argument.getType()));
      }
      if (tied)
        encodeOperands(b, block.getTerminator());
    }
}

static LogicalResult decomposePacking(Operation *root, IRRewriter &rewriter,
                                      llvm::Statistic &count) {
  SmallVector<linalg::AggregatedOpInterface> ops;
  root->walk([&](linalg::AggregatedOpInterface op) {
    if (isa<PackElementsOp, UnpackElementsOp>(op))
      ops.push_back(op);
  });
  for (linalg::AggregatedOpInterface op : ops) {
    rewriter.setInsertionPoint(op);
    FailureOr<SmallVector<Value>> values = op.decomposeOperation(rewriter);
    if (failed(values))
      return op.emitOpError("has no decomposition");
    rewriter.replaceOp(op, *values);
    ++count;
  }
  return success();
}

/// Named linalg ops on f4 or f6 tensors become linalg.generic.
static void generalizeOps(Operation *root, IRRewriter &rewriter) {
  SmallVector<linalg::LinalgOp> ops;
  root->walk([&](linalg::LinalgOp op) {
    if (!isa<linalg::GenericOp>(op) &&
        llvm::any_of(op->getOperandTypes(), isSubByteTensor))
      ops.push_back(op);
  });
  for (linalg::LinalgOp op : ops) {
    rewriter.setInsertionPoint(op);
    // What cannot be generalized is reported with the other unknown ops.
    (void)linalg::generalizeNamedOp(rewriter, op);
  }
}

/// Whether `op` is one that convertOp converts; if not, says why.
static LogicalResult checkOp(Operation *op) {
  for (Type type : getSignature(op))
    if (holdsSubByteShape(type) && !isSubByteTensor(type))
      return op->emitOpError("expected no f4 or f6 but in tensors, found ")
             << type;
  if (auto constant = dyn_cast<arith::ConstantOp>(op)) {
    if (!convertConstant(constant.getValue(),
                         cast<ShapedType>(convertType(constant.getType()))))
      return op->emitOpError("expected a constant of one byte per element");
    return success();
  }
  if (hasElementScalars(op) || isTypeAgnostic(op) || isTile(op))
    return success();
  return op->emitOpError("on f4 or f6 tensors cannot be converted to bytes");
}

namespace {
struct PackSubbyte : mlir::mx::impl::MXPackSubbyteBase<PackSubbyte> {
  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    if (failed(decomposePacking(getOperation(), rewriter, numUnpacked)))
      return signalPassFailure();
    generateSlices(getOperation(), rewriter);
    generalizeOps(getOperation(), rewriter);
    SmallVector<Operation *> ops;
    bool known = true;
    getOperation()->walk([&](Operation *op) {
      if (llvm::none_of(getSignature(op), holdsSubByteShape))
        return;
      known &= succeeded(checkOp(op));
      ops.push_back(op);
    });
    if (!known)
      return signalPassFailure();
    // Before what they read is converted.
    for (Operation *op : ops)
      if (isTile(op))
        nameCodes(cast<ContractOp>(op));
    for (Operation *op : ops)
      convertOp(rewriter, op);
    numConverted += ops.size();
  }
};
} // namespace
