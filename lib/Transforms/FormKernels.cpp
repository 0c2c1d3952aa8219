// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "ContractKernel.h"
#include "KernelLaunch.h"
#include "StoredElement.h"
#include "mx/Transforms/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Affine/Utils.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Linalg/Utils/Utils.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

namespace mlir::mx {
#define GEN_PASS_DEF_MXFORMKERNELS
#include "mx/Transforms/Passes.h.inc"
} // namespace mlir::mx

using namespace mlir;
using namespace mlir::mx;

/// Whether devices give the numbers that the op is to give.
static bool isExactOnDevices(Operation *op) {
  auto isUpToF32 = [](Type type) {
    return type.isF32() || type.isF16() || type.isBF16();
  };
  if (isa<arith::RemFOp, arith::MulSIExtendedOp, arith::MulUIExtendedOp>(op))
    return false;
  // Of less than 32 bits, its sign is wrong for the least number.
  if (isa<arith::RemSIOp>(op))
    return op->getResult(0).getType().getIntOrFloatBitWidth() >= 32;
  if (isa<arith::ArithDialect, scf::SCFDialect>(op->getDialect()))
    return true;
  // Special cases of other functions are the device's own.
  if (isa<math::FmaOp>(op))
    return op->getResult(0).getType().isF32();
  return isa<math::AbsFOp, math::AbsIOp, math::CeilOp, math::ErfOp, math::ExpOp,
             math::FloorOp, math::FPowIOp, math::LogOp, math::RsqrtOp,
             math::SqrtOp, math::TanhOp>(op) &&
         (op->getResult(0).getType().isInteger() ||
          isUpToF32(op->getResult(0).getType()));
}

/// The first op in the body of `op` that no kernel can hold, or null.
static Operation *findHostOp(linalg::GenericOp op) {
  Operation *found = nullptr;
  op.getRegion().walk([&](Operation *inner) {
    if (isExactOnDevices(inner) ||
        isa<linalg::YieldOp, linalg::IndexOp, memref::LoadOp, memref::DimOp,
            affine::AffineApplyOp, affine::AffineMinOp, affine::AffineMaxOp>(
            inner))
      return WalkResult::advance();
    found = inner;
    return WalkResult::interrupt();
  });
  return found;
}

namespace {
/// One invocation of a linalg op: an element of what it writes.
struct Invocation {
  OpBuilder &b;
  linalg::GenericOp op;
  /// Of all loops.
  SmallVector<Value> sizes, indices;

  /// The indices of `operand`.
  SmallVector<Value> getIndices(OpOperand &operand) {
    AffineMap map = op.getMatchingIndexingMap(&operand);
    SmallVector<Value> results;
    for (AffineExpr expr : map.getResults())
      results.push_back(
          affine::expandAffineExpr(b, op.getLoc(), expr, indices, {}));
    return results;
  }

  Value load(OpOperand &operand) {
    if (!isa<MemRefType>(operand.get().getType()))
      return operand.get();
    return memref::LoadOp::create(b, op.getLoc(), operand.get(),
                                  getIndices(operand));
  }

  /// What the body yields for these values of the outputs; null are those that
  /// it does not read.
  SmallVector<Value> compute(ValueRange outputs) {
    IRMapping mapping;
    for (OpOperand *input : op.getDpsInputOperands())
      if (op.payloadUsesValueFromOperand(input))
        mapping.map(op.getMatchingBlockArgument(input), load(*input));
    for (auto [argument, output] :
         llvm::zip_equal(op.getRegionOutputArgs(), outputs))
      if (output)
        mapping.map(argument, output);
    for (Operation &inner : op.getBody()->without_terminator()) {
      if (auto index = dyn_cast<linalg::IndexOp>(inner))
        mapping.map(index.getResult(), indices[index.getDim()]);
      else
        b.clone(inner, mapping);
    }
    SmallVector<Value> results;
    for (Value value : op.getBody()->getTerminator()->getOperands())
      results.push_back(mapping.lookupOrDefault(value));
    return results;
  }

  /// Runs the loops over what `dims` still has.
  SmallVector<Value> reduce(ArrayRef<unsigned> dims, ValueRange outputs) {
    if (dims.empty())
      return compute(outputs);
    Location loc = op.getLoc();
    Value zero = arith::ConstantIndexOp::create(b, loc, 0);
    Value one = arith::ConstantIndexOp::create(b, loc, 1);
    auto store = [&](ValueRange values) {
      return llvm::map_to_vector(
          values, [&](Value value) { return toStored(b, loc, value); });
    };
    auto load = [&](ValueRange values) {
      SmallVector<Value> loaded;
      for (auto [value, output] : llvm::zip_equal(values, outputs))
        loaded.push_back(fromStored(b, loc, value, output.getType()));
      return loaded;
    };
    auto loop = scf::ForOp::create(b, loc, zero, sizes[dims.front()], one,
                                   store(outputs));
    {
      OpBuilder::InsertionGuard guard(b);
      b.setInsertionPointToStart(loop.getBody());
      indices[dims.front()] = loop.getInductionVar();
      SmallVector<Value> results =
          reduce(dims.drop_front(), load(loop.getRegionIterArgs()));
      scf::YieldOp::create(b, loc, store(results));
    }
    return load(loop.getResults());
  }

  /// Runs the loops over `reductions` between one load and one store of each
  /// output.
  void run(ArrayRef<unsigned> reductions) {
    SmallVector<Value> outputs;
    for (OpOperand &output : op.getDpsInitsMutable()) {
      bool isRead =
          op.payloadUsesValueFromOperand(&output) || !reductions.empty();
      outputs.push_back(isRead ? load(output) : Value());
    }
    SmallVector<Value> results = reduce(reductions, outputs);
    for (auto [result, output] :
         llvm::zip_equal(results, op.getDpsInitsMutable()))
      memref::StoreOp::create(b, op.getLoc(), result, output.get(),
                              getIndices(output));
  }

  /// Runs the loops, and loads and stores in the innermost one: an output is
  /// indexed by what they run over, such as the number of a block.
  void runInMemory(ArrayRef<unsigned> reductions) {
    Location loc = op.getLoc();
    Value zero = arith::ConstantIndexOp::create(b, loc, 0);
    Value one = arith::ConstantIndexOp::create(b, loc, 1);
    OpBuilder::InsertionGuard guard(b);
    for (unsigned dim : reductions) {
      auto loop = scf::ForOp::create(b, loc, zero, sizes[dim], one);
      b.setInsertionPointToStart(loop.getBody());
      indices[dim] = loop.getInductionVar();
    }
    run({});
  }
};
} // namespace

/// Replaces `op`, on buffers, by a gpu.launch.
static void formKernel(linalg::GenericOp op) {
  OpBuilder b(op);
  Location loc = op.getLoc();
  Invocation invocation{b, op, {}, {}};
  SmallVector<unsigned> parallel, reductions;
  SmallVector<Value> extents;
  for (auto [dim, range] :
       llvm::enumerate(cast<linalg::LinalgOp>(*op).createLoopRanges(b, loc))) {
    Value size = getValueOrCreateConstantIndexOp(b, loc, range.size);
    invocation.sizes.push_back(size);
    bool isParallel =
        linalg::isParallelIterator(op.getIteratorTypesArray()[dim]);
    (isParallel ? parallel : reductions).push_back(dim);
    if (isParallel)
      extents.push_back(size);
  }
  Value total = buildProduct(b, loc, extents);
  Value size = arith::ConstantIndexOp::create(b, loc, kWorkgroupSize);
  Value most = arith::ConstantIndexOp::create(b, loc, kMostGroups);
  Value one = arith::ConstantIndexOp::create(b, loc, 1);
  Value groups = b.createOrFold<arith::CeilDivUIOp>(loc, total, size);
  Value x = b.createOrFold<arith::MinUIOp>(loc, groups, most);
  Value y = b.createOrFold<arith::CeilDivUIOp>(loc, groups, most);
  gpu::LaunchOp launch = createLaunch(b, loc, x, y, one);
  Value row = arith::MulIOp::create(b, loc, launch.getBlockIds().y, x);
  Value group = arith::AddIOp::create(b, loc, row, launch.getBlockIds().x);
  Value first = arith::MulIOp::create(b, loc, group, size);
  Value number = arith::AddIOp::create(b, loc, first, launch.getThreadIds().x);
  Value inside =
      arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ult, number, total);
  auto guard = scf::IfOp::create(b, loc, inside, /*withElseRegion=*/false);
  b.setInsertionPointToStart(guard.thenBlock());
  invocation.indices.resize(invocation.sizes.size());
  for (auto [dim, index] :
       llvm::zip_equal(parallel, delinearize(b, loc, number, extents)))
    invocation.indices[dim] = index;
  bool inMemory = llvm::any_of(op.getDpsInitsMutable(), [&](OpOperand &output) {
    AffineMap map = op.getMatchingIndexingMap(&output);
    return llvm::any_of(reductions,
                        [&](unsigned dim) { return map.isFunctionOfDim(dim); });
  });
  if (inMemory)
    invocation.runInMemory(reductions);
  else
    invocation.run(reductions);
  op.erase();
}

namespace {
struct FormKernels : mlir::mx::impl::MXFormKernelsBase<FormKernels> {
  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    SmallVector<Operation *> ops;
    getOperation()->walk([&](Operation *op) {
      if (isa<linalg::LinalgOp, ContractOp, memref::CopyOp>(op))
        ops.push_back(op);
    });
    for (Operation *op : ops)
      form(op, rewriter);
  }

  void form(Operation *op, IRRewriter &rewriter) {
    rewriter.setInsertionPoint(op);
    if (auto contract = dyn_cast<ContractOp>(op)) {
      FailureOr<KernelShape> shape = getKernelShape(contract);
      if (failed(shape))
        return;
      formContractKernel(contract, *shape);
      ++numKernels;
      return;
    }
    if (auto copy = dyn_cast<memref::CopyOp>(op)) {
      if (!isa<MemRefType>(copy.getSource().getType()) ||
          !isa<MemRefType>(copy.getTarget().getType()))
        return;
      op = linalg::makeMemRefCopyOp(rewriter, copy.getLoc(), copy.getSource(),
                                    copy.getTarget());
      copy.erase();
    }
    auto generic = dyn_cast<linalg::GenericOp>(op);
    if (!generic) {
      FailureOr<linalg::GenericOp> general =
          linalg::generalizeNamedOp(rewriter, cast<linalg::LinalgOp>(op));
      if (failed(general))
        return;
      generic = *general;
    }
    if (!generic.hasPureBufferSemantics())
      return;
    if (Operation *host = findHostOp(generic)) {
      host->emitRemark("'") << host->getName()
                            << "' cannot be in a kernel: the op around it "
                               "runs on the host";
      ++numLeft;
      return;
    }
    formKernel(generic);
    ++numKernels;
  }
};
} // namespace
