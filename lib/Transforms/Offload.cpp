// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "OffloadForm.h"
#include "RowIndex.h"
#include "RuntimeCalls.h"
#include "mx/IR/Locations.h"
#include "mx/Transforms/ConstantResources.h"
#include "mx/Transforms/FunctionTable.h"
#include "mx/Transforms/Passes.h"

#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/IR/Matchers.h"

namespace mlir::mx {
#define GEN_PASS_DEF_MXOFFLOAD
#include "mx/Transforms/Passes.h.inc"
} // namespace mlir::mx

using namespace mlir;
using namespace mlir::mx;

/// A buffer of `sizes` that is the program's own.
static Value allocate(OpBuilder &b, Location loc, ArrayRef<OpFoldResult> sizes,
                      Type element) {
  SmallVector<Value> dynamic;
  SmallVector<int64_t> shape;
  dispatchIndexOpFoldResults(sizes, dynamic, shape);
  return memref::AllocOp::create(b, loc, MemRefType::get(shape, element),
                                 dynamic, b.getI64IntegerAttr(64));
}

/// The product of all scales of whole tensors, or null. It is f64, in which it
/// is exact and neither over- nor underflows, and times a sum neither.
static Value readFactors(OpBuilder &b, Location loc, const OffloadForm &form) {
  Value product;
  for (const OffloadSide *side : {&form.lhs, &form.rhs})
    for (Value scale : side->factors) {
      int64_t rank = cast<RankedTensorType>(scale.getType()).getRank();
      SmallVector<Value> zeros(rank, arith::ConstantIndexOp::create(b, loc, 0));
      Value element = tensor::ExtractOp::create(b, loc, scale, zeros);
      Value value = arith::ExtFOp::create(b, loc, b.getF64Type(), element);
      product = product ? arith::MulFOp::create(b, loc, product, value) : value;
    }
  return product;
}

/// init + what the tiles of the result hold, times the scales of tensors.
static Value addResult(OpBuilder &b, ContractOp op, const OffloadForm &form,
                       Value tiles) {
  Location loc = op.getLoc();
  Value init = op.getInit();
  AffineMap map = op.getInitMap();
  auto getIndex = [&](ArrayRef<unsigned> dims) {
    return RowIndex::get(b, loc, init, map, dims);
  };
  RowIndex batches = getIndex(form.batch), rows = getIndex(form.lhs.rows),
           columns = getIndex(form.rhs.rows);
  Value factor = readFactors(b, loc, form);
  int64_t rank = map.getNumResults();
  auto generic = linalg::GenericOp::create(
      b, loc, TypeRange(init.getType()), ValueRange(), ValueRange(init),
      b.getMultiDimIdentityMap(rank),
      SmallVector<utils::IteratorType>(rank, utils::IteratorType::parallel),
      [&](OpBuilder &b, Location, ValueRange args) {
        SmallVector<Value> at(map.getNumDims());
        for (int64_t i = 0; i < rank; ++i)
          at[map.getDimPosition(i)] = linalg::IndexOp::create(b, loc, i);
        auto merge = [&](const RowIndex &index, ArrayRef<unsigned> dims) {
          SmallVector<Value> indices;
          for (unsigned dim : dims)
            indices.push_back(at[dim]);
          return index.merge(b, loc, indices);
        };
        auto split = [&](Value index, int64_t size) {
          Value divisor = arith::ConstantIndexOp::create(b, loc, size);
          return std::pair<Value, Value>(
              arith::DivUIOp::create(b, loc, index, divisor),
              arith::RemUIOp::create(b, loc, index, divisor));
        };
        auto [rowTile, row] =
            split(merge(rows, form.lhs.rows), form.mma.getRows());
        auto [columnTile, column] =
            split(merge(columns, form.rhs.rows), form.mma.getColumns());
        Value sum = tensor::ExtractOp::create(
            b, loc, tiles,
            ValueRange{merge(batches, form.batch), rowTile, columnTile, row,
                       column});
        if (factor) {
          sum = arith::ExtFOp::create(b, loc, b.getF64Type(), sum);
          sum = arith::MulFOp::create(b, loc, sum, factor);
          sum = arith::TruncFOp::create(b, loc, b.getF32Type(), sum);
        }
        sum = arith::AddFOp::create(b, loc, args.front(), sum);
        linalg::YieldOp::create(b, loc, sum);
      });
  return generic.getResult(0);
}

namespace {
/// What made a contraction's operands, as far as it is still there.
struct Sources : RewriterBase::Listener {
  llvm::SetVector<Operation *> ops;

  void notifyOperationErased(Operation *op) override { ops.remove(op); }
  /// One that nothing uses any more, or null.
  Operation *takeDead() {
    auto found =
        llvm::find_if(ops, [](Operation *op) { return isOpTriviallyDead(op); });
    return found == ops.end() ? nullptr : *found;
  }
};

struct Offload : mlir::mx::impl::MXOffloadBase<Offload> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    auto accelerator =
        module->getAttrOfType<AcceleratorAttr>(AcceleratorAttr::kName);
    if (!accelerator)
      return;
    tiles.clear();
    places.clear();
    stored = 0;
    SmallVector<ContractOp> ops;
    module.walk([&](ContractOp op) {
      if (op->getNumResults())
        ops.push_back(op);
    });
    ResourceUses uses(module);
    FunctionTable functions(module);
    IRRewriter rewriter(&getContext());
    for (ContractOp op : ops) {
      std::string reason;
      std::optional<OffloadForm> form = getOffloadForm(op, accelerator, reason);
      if (!form) {
        op.emitRemark() << "stays on the host: " << reason;
        continue;
      }
      op.emitRemark() << "given to the accelerator";
      ++numOffloaded;
      Sources sources;
      for (Value operand : op->getOperands())
        if (Operation *source = operand.getDefiningOp())
          sources.ops.insert(source);
      rewriter.setListener(&sources);
      rewriter.setInsertionPoint(op);
      rewriter.replaceOp(op,
                         offload(rewriter, op, *form, accelerator, functions));
      while (Operation *dead = sources.takeDead())
        uses.eraseWithOperands(rewriter, dead);
      rewriter.setListener(nullptr);
    }
    if (!places.empty())
      module->setAttr(AcceleratorAttr::kPlaces, rewriter.getArrayAttr(places));
  }

  /// The tiles of a factor and their scales, or what is quantized as it is
  /// copied; those of one in the same block serve again.
  OffloadTiles getTiles(OpBuilder &b, ContractOp op, const OffloadForm &form,
                        OffloadSide &side, AcceleratorAttr accelerator) {
    if (side.isQuantizedThere)
      return {side.quantize.getInput(), {}};
    for (const Known &known : tiles)
      if (known.block == op->getBlock() && known.elements == side.elements &&
          known.scale == side.scale && known.map == side.map &&
          known.scaleMap == side.scaleMap && known.mma == form.mma &&
          known.tileRows == side.tileRows && known.batch == form.batch &&
          known.rows == side.rows) {
        side.isStored = known.isStored;
        return known.tiles;
      }
    OffloadTiles built = buildTiles(b, op, form, side);
    side.isStored = takeStorage(built, accelerator);
    tiles.push_back({op->getBlock(), side.elements, side.scale, side.map,
                     side.scaleMap, form.mma, side.tileRows, form.batch,
                     side.rows, built, side.isStored});
    return built;
  }

  /// Whether these are constants that the accelerator's storage has room for.
  bool takeStorage(const OffloadTiles &built, AcceleratorAttr accelerator) {
    int64_t bytes = 0;
    for (Value value : {built.elements, built.scales}) {
      if (!matchPattern(value, m_Constant()))
        return false;
      auto type = cast<RankedTensorType>(value.getType());
      bytes += llvm::alignTo(type.getNumElements() *
                                 type.getElementTypeBitWidth() / 8,
                             accelerator.getAlignment());
    }
    if (stored + bytes > accelerator.getStorage())
      return false;
    stored += bytes;
    return true;
  }

  Value offload(OpBuilder &b, ContractOp op, OffloadForm &form,
                AcceleratorAttr accelerator, FunctionTable &functions) {
    Location loc = op.getLoc();
    auto getIndex = [&](const OffloadSide &side, ArrayRef<unsigned> dims) {
      return RowIndex::get(b, loc, side.getSource(), side.map, dims);
    };
    SmallVector<OffloadTiles> factors;
    OffloadSide *sides[] = {&form.lhs, &form.rhs};
    for (OffloadSide *side : sides)
      factors.push_back(getTiles(b, op, form, *side, accelerator));
    SmallVector<Value> arguments;
    SmallVector<OpFoldResult> sizes = {
        getIndex(form.lhs, form.batch).getFoldedCount()};
    for (auto [side, factor] : llvm::zip_equal(sides, factors)) {
      RowIndex rows = getIndex(*side, side->rows);
      arguments.push_back(factor.elements);
      arguments.push_back(side->isQuantizedThere ? rows.getCount()
                                                 : factor.scales);
      sizes.push_back(rows.getTiles(b, loc, side->tileRows));
    }
    sizes.append({b.getIndexAttr(form.mma.getRows()),
                  b.getIndexAttr(form.mma.getColumns())});
    Value result = allocate(b, loc, sizes, b.getF32Type());
    arguments.push_back(result);
    func::FuncOp function =
        functions.insert(buildSchedule(getOperation(), op, form, accelerator,
                                       ValueRange(arguments).getTypes()));
    // What fails in the call is told with its place.
    callRuntime(b, loc, getOperation(), "at",
                {arith::ConstantIndexOp::create(b, loc, places.size())});
    places.push_back(b.getStringAttr(describeLocation(loc)));
    func::CallOp::create(b, loc, function, arguments);
    Value sums = bufferization::ToTensorOp::create(
        b, loc,
        RankedTensorType::get(cast<MemRefType>(result.getType()).getShape(),
                              b.getF32Type()),
        result,
        /*restrict=*/true, /*writable=*/true);
    return addResult(b, op, form, sums);
  }

private:
  struct Known {
    Block *block;
    Value elements, scale;
    AffineMap map, scaleMap;
    MMAAttr mma;
    int64_t tileRows;
    SmallVector<unsigned> batch, rows;
    OffloadTiles tiles;
    bool isStored;
  };
  SmallVector<Known> tiles;
  /// Where the contractions are in the program.
  SmallVector<Attribute> places;
  /// Bytes in the accelerator's storage so far.
  int64_t stored;
};
} // namespace
