// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// The program that has an accelerator compute tiles. It goes through steps: a
/// part of the sum of one block of the result. The operands of the next step
/// are copied while those of this one are multiplied, each to its half of the
/// memory, and a block is stored while the next one is summed up.
#include "OffloadBlocks.h"
#include "RuntimeCalls.h"
#include "mx/Transforms/FunctionTable.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::mx;

static_assert(MX_FLOOR == mx_scale_rule(ScaleRule::Floor) &&
              MX_TOSA == mx_scale_rule(ScaleRule::TOSA));

/// Pairs of events, one for each half of the memory or of the accumulators.
enum Event { kLoaded = 0, kUsed = 2, kSummed = 4, kStored = 6 };
static_assert(kStored + 2 <= MX_RUNTIME_EVENTS);

namespace {
class Schedule : RuntimeCalls {
public:
  Schedule(func::FuncOp function, const OffloadForm &form,
           AcceleratorAttr accelerator, OffloadBlocks blocks)
      : RuntimeCalls(function), form(form), accelerator(accelerator),
        blocks(blocks) {}

  void build();

private:
  /// One factor: addresses of its tiles and scales where they are copied from,
  /// and where those of a block begin in a half of the accelerator's memory; of
  /// what is quantized as it is copied, the address of f32 and their rows.
  struct Operand {
    const OffloadSide *side;
    Value elements, scales, tiles, rows;
    OffloadTile tile;
    int64_t base, scaleBase;
  };
  /// A step by what it works on. `first` are tiles, the others counts.
  struct Step {
    Value batch, firstRow, firstColumn, firstDepth, rows, columns, depth;
    Value isFirst, isLast, half, block;
  };

  void record(mx_queue queue, Event event, Value half) {
    call("record", {index(queue), add(index(event), half)});
  }
  void wait(mx_queue queue, Event event, Value half) {
    call("wait", {index(queue), add(index(event), half)});
  }
  Operand getOperand(unsigned argument, const OffloadSide &side,
                     int64_t perBlock, int64_t base);
  Step getStep(Value number);
  /// Where tile number `place` of those from `base` on is in the half of a
  /// step.
  Value getPlace(const Step &step, int64_t base, Value place, int64_t aligned) {
    return add(add(mul(step.half, halfBytes), index(base)),
               mul(place, aligned));
  }
  void load(const Step &step, const Operand &operand, Value first, Value count);
  void quantize(const Step &step, const Operand &operand, Value first,
                Value count);
  void load(const Step &step);
  void multiply(const Step &step);
  void store(Value block);

  const OffloadForm &form;
  AcceleratorAttr accelerator;
  OffloadBlocks blocks;
  Operand lhs, rhs;
  Value result, batches, depth;
  Value rowBlocks, columnBlocks, depthBlocks;
  int64_t halfBytes;
};
} // namespace

Schedule::Operand Schedule::getOperand(unsigned argument,
                                       const OffloadSide &side,
                                       int64_t perBlock, int64_t base) {
  Operand operand;
  operand.side = &side;
  operand.tile = OffloadTile::get(form, side, accelerator);
  operand.tiles =
      memref::DimOp::create(b, function.getArgument(4), argument ? 2 : 1);
  operand.elements = getAddress(argument, side.isStored);
  if (side.isQuantizedThere)
    operand.rows = function.getArgument(argument + 1);
  else
    operand.scales = getAddress(argument + 1, side.isStored);
  operand.base = base;
  operand.scaleBase =
      base + perBlock * blocks.depth * operand.tile.alignedBytes;
  return operand;
}

Schedule::Step Schedule::getStep(Value number) {
  Step step;
  Value part = rem(number, depthBlocks);
  step.block = div(number, depthBlocks);
  Value column = rem(step.block, columnBlocks);
  Value outer = div(step.block, columnBlocks);
  step.batch = div(outer, rowBlocks);
  step.firstRow = mul(rem(outer, rowBlocks), blocks.rows);
  step.firstColumn = mul(column, blocks.columns);
  step.firstDepth = mul(part, blocks.depth);
  step.rows = min(sub(lhs.tiles, step.firstRow), blocks.rows);
  step.columns = min(sub(rhs.tiles, step.firstColumn), blocks.columns);
  step.depth = min(sub(depth, step.firstDepth), blocks.depth);
  step.isFirst = isZero(part);
  step.isLast = isZero(sub(sub(depthBlocks, index(1)), part));
  step.half = rem(number, index(2));
  return step;
}

/// The tiles of one row, or column, of tiles follow one another on both sides
/// if tiles are aligned.
void Schedule::load(const Step &step, const Operand &operand, Value first,
                    Value count) {
  if (operand.side->isQuantizedThere)
    return quantize(step, operand, first, count);
  auto copy = [&](Value source, Value tile, Value place, int64_t base,
                  int64_t bytes, int64_t aligned, Value tiles) {
    Value to = getPlace(step, base, place, aligned);
    call("load", {to, add(source, mul(tile, bytes)), mul(tiles, bytes)});
  };
  forEach(count, [&](Value row) {
    Value tile = add(mul(step.batch, operand.tiles), add(first, row));
    tile = add(mul(tile, depth), step.firstDepth);
    Value place = mul(row, blocks.depth);
    auto copyAll = [&](Value source, int64_t base, int64_t bytes,
                       int64_t aligned) {
      if (bytes == aligned)
        return copy(source, tile, place, base, bytes, aligned, step.depth);
      forEach(step.depth, [&](Value k) {
        copy(source, add(tile, k), add(place, k), base, bytes, aligned,
             index(1));
      });
    };
    copyAll(operand.elements, operand.base, operand.tile.bytes,
            operand.tile.alignedBytes);
    copyAll(operand.scales, operand.scaleBase, operand.tile.scaleBytes,
            operand.tile.alignedScaleBytes);
  });
}

void Schedule::quantize(const Step &step, const Operand &operand, Value first,
                        Value count) {
  int64_t depth = form.mma.getDepth(), tileRows = operand.side->tileRows;
  QuantizeOp op = operand.side->quantize;
  mx_scale_rule rule = mx_scale_rule(*op.getRule());
  forEach(count, [&](Value tileRow) {
    Value row = mul(add(first, tileRow), tileRows);
    Value source = mul(add(mul(step.batch, operand.rows), row), form.depth);
    forEach(step.depth, [&](Value k) {
      Value from = mul(add(step.firstDepth, k), depth);
      Value place = add(mul(tileRow, blocks.depth), k);
      call("quantize",
           {index(form.number),
            index(getRuntimeElement(operand.side->getElement())), index(rule),
            getPlace(step, operand.base, place, operand.tile.alignedBytes),
            getPlace(step, operand.scaleBase, place,
                     operand.tile.alignedScaleBytes),
            index(tileRows),
            add(operand.elements, mul(add(source, from), sizeof(float))),
            index(form.depth * sizeof(float)),
            min(sub(operand.rows, row), tileRows),
            min(sub(index(form.depth), from), depth)});
    });
  });
}

void Schedule::load(const Step &step) {
  wait(MX_COPY, kUsed, step.half);
  load(step, lhs, step.firstRow, step.rows);
  load(step, rhs, step.firstColumn, step.columns);
  record(MX_COPY, kLoaded, step.half);
}

void Schedule::multiply(const Step &step) {
  Value sums = rem(step.block, index(2));
  wait(MX_MMA, kLoaded, step.half);
  onlyIf(step.isFirst, [&] { wait(MX_MMA, kStored, sums); });
  forEach(step.rows, [&](Value row) {
    forEach(step.columns, [&](Value column) {
      Value accumulator = add(mul(sums, blocks.rows * blocks.columns),
                              add(mul(row, blocks.columns), column));
      forEach(step.depth, [&](Value k) {
        Value left = add(mul(row, blocks.depth), k);
        Value right = add(mul(column, blocks.depth), k);
        Value accumulate = arith::SelectOp::create(
            b, both(step.isFirst, isZero(k)), index(0), index(1));
        call("mma",
             {index(form.number),
              index(getRuntimeElement(form.lhs.getElement())),
              index(getRuntimeElement(form.rhs.getElement())), accumulator,
              getPlace(step, lhs.base, left, lhs.tile.alignedBytes),
              getPlace(step, lhs.scaleBase, left, lhs.tile.alignedScaleBytes),
              getPlace(step, rhs.base, right, rhs.tile.alignedBytes),
              getPlace(step, rhs.scaleBase, right, rhs.tile.alignedScaleBytes),
              accumulate});
      });
    });
  });
  record(MX_MMA, kUsed, step.half);
  onlyIf(step.isLast, [&] { record(MX_MMA, kSummed, sums); });
}

/// Stores the rows of a block, whose tiles follow one another.
void Schedule::store(Value block) {
  Step step = getStep(mul(block, depthBlocks));
  Value sums = rem(block, index(2));
  wait(MX_COPY, kSummed, sums);
  int64_t bytes = 4 * form.mma.getRows() * form.mma.getColumns();
  forEach(step.rows, [&](Value row) {
    Value tile = add(mul(step.batch, lhs.tiles), add(step.firstRow, row));
    tile = add(mul(tile, rhs.tiles), step.firstColumn);
    Value from =
        add(mul(sums, blocks.rows * blocks.columns), mul(row, blocks.columns));
    call("store", {add(result, mul(tile, bytes)), from, step.columns});
  });
  record(MX_COPY, kStored, sums);
}

void Schedule::build() {
  OffloadTile lhsTile = OffloadTile::get(form, form.lhs, accelerator);
  int64_t lhsBytes = blocks.rows * blocks.depth *
                     (lhsTile.alignedBytes + lhsTile.alignedScaleBytes);
  lhs = getOperand(0, form.lhs, blocks.rows, 0);
  rhs = getOperand(2, form.rhs, blocks.columns, lhsBytes);
  halfBytes = rhs.scaleBase +
              blocks.columns * blocks.depth * rhs.tile.alignedScaleBytes;
  batches = memref::DimOp::create(b, function.getArgument(4), 0);
  depth = index(llvm::divideCeil(form.depth, form.mma.getDepth()));
  result = getAddress(4, /*isStored=*/false);
  rowBlocks = divideCeil(lhs.tiles, blocks.rows);
  columnBlocks = divideCeil(rhs.tiles, blocks.columns);
  depthBlocks = divideCeil(depth, blocks.depth);
  Value count = mul(mul(batches, rowBlocks), columnBlocks);
  Value steps = mul(count, depthBlocks);
  onlyIf(isNotZero(count), [&] {
    load(getStep(index(0)));
    forEach(steps, [&](Value number) {
      Value next = add(number, index(1));
      onlyIf(isBelow(next, steps), [&] { load(getStep(next)); });
      Step step = getStep(number);
      multiply(step);
      // Behind the copies that the next step waits for.
      onlyIf(both(step.isFirst, isNotZero(step.block)),
             [&] { store(sub(step.block, index(1))); });
    });
    store(sub(count, index(1)));
    call("synchronize", {});
  });
  func::ReturnOp::create(b);
}

func::FuncOp mlir::mx::buildSchedule(ModuleOp module, ContractOp op,
                                     const OffloadForm &form,
                                     AcceleratorAttr accelerator,
                                     TypeRange arguments) {
  func::FuncOp function =
      FunctionTable::create(op.getLoc(), "offload", arguments, {});
  module.push_back(function);
  function.addEntryBlock();
  OffloadBlocks blocks = OffloadBlocks::choose(form, accelerator);
  Schedule(function, form, accelerator, blocks).build();
  function->remove();
  return function;
}
