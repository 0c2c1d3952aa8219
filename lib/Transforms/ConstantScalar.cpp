// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Transforms/ConstantScalar.h"
#include "ScalarProgram.h"
#include "mx/Transforms/ConstantView.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/bit.h"

using namespace mlir;
using namespace mlir::mx;

constexpr int64_t kLanes = ScalarProgram::kLanes;

static bool isScalarType(Type type) {
  if (auto tensor = dyn_cast<RankedTensorType>(type))
    return tensor.getRank() == 0 && isScalarType(tensor.getElementType());
  return type.isF32() || type.isInteger(32) || type.isInteger(1);
}

namespace {
/// A linalg.generic that gives a tensor of rank 0 from constants.
class Reduction {
public:
  explicit Reduction(linalg::GenericOp op)
      : ranges(op.getStaticLoopRanges()), program(getConstantScalar) {}

  /// Takes over operands and body; false if they are not all known.
  bool build(linalg::GenericOp op);
  uint32_t run();

private:
  bool addOperand(linalg::GenericOp op, OpOperand &operand);
  void runLanes(int64_t lanes);

  SmallVector<int64_t> ranges;
  ScalarProgram program;
  SmallVector<std::pair<unsigned, ConstantView>> views;
  SmallVector<std::pair<unsigned, uint32_t>> scalars;
  /// Before this step, nothing depends on the accumulator.
  int64_t firstSerialStep = 0;
  unsigned accumulatorSlot = 0, resultSlot = 0;
  uint32_t accumulator = 0;
  std::vector<uint32_t> registers;
};
} // namespace

bool Reduction::addOperand(linalg::GenericOp op, OpOperand &operand) {
  BlockArgument argument = op.getMatchingBlockArgument(&operand);
  unsigned slot = program.getSlot(argument);
  std::optional<uint32_t> bits = getConstantScalar(operand.get());
  if (op.isDpsInit(&operand)) {
    accumulatorSlot = slot;
    accumulator = bits.value_or(0);
    return bits || argument.use_empty();
  }
  if (bits) {
    scalars.push_back({slot, *bits});
    return true;
  }
  std::optional<ConstantView> view = getConstantView(operand.get());
  if (!view || !op.getMatchingIndexingMap(&operand).isIdentity())
    return false;
  views.push_back({slot, std::move(*view)});
  return true;
}

bool Reduction::build(linalg::GenericOp op) {
  if (op->getNumResults() != 1 || ShapedType::isDynamicShape(ranges))
    return false;
  for (OpOperand &operand : op->getOpOperands())
    if (!addOperand(op, operand))
      return false;
  Block *body = op.getBody();
  Value accumulated = body->getArguments().back();
  bool serial = false;
  for (Operation &inner : body->without_terminator()) {
    if (!serial)
      firstSerialStep = program.getNumSteps();
    serial |= llvm::is_contained(inner.getOperands(), accumulated);
    if (inner.getNumResults() != 1 ||
        !isScalarType(inner.getResult(0).getType()) || !program.append(&inner))
      return false;
  }
  if (!serial)
    firstSerialStep = program.getNumSteps();
  std::optional<unsigned> slot =
      program.findSlot(body->getTerminator()->getOperand(0));
  resultSlot = slot.value_or(0);
  return slot.has_value();
}

void Reduction::runLanes(int64_t lanes) {
  program.run(registers.data(), lanes, 0, firstSerialStep);
  for (int64_t lane = 0; lane < lanes; ++lane) {
    uint32_t *base = registers.data() + lane;
    base[accumulatorSlot * kLanes] = accumulator;
    program.run(base, 1, firstSerialStep, program.getNumSteps());
    accumulator = base[resultSlot * kLanes];
  }
}

uint32_t Reduction::run() {
  registers = program.makeRegisters();
  for (auto [slot, bits] : scalars)
    std::fill_n(registers.begin() + slot * kLanes, kLanes, bits);
  // Rows of the innermost dimension, kLanes elements at a time.
  int64_t rank = ranges.size(), count = rank ? ranges.back() : 1;
  int64_t rows = count ? ShapedType::getNumElements(ranges) / count : 0;
  SmallVector<int64_t> start(rank, 0), extents(rank, 1);
  std::vector<float> values;
  for (int64_t row = 0; row < rows; ++row) {
    for (int64_t first = 0; first < count; first += kLanes) {
      int64_t lanes = std::min(kLanes, count - first);
      if (rank) {
        start.back() = first;
        extents.back() = lanes;
      }
      values.resize(lanes);
      for (auto &[slot, view] : views) {
        view.read(start, extents, values);
        llvm::transform(values, registers.begin() + slot * kLanes,
                        llvm::bit_cast<uint32_t, float>);
      }
      runLanes(lanes);
    }
    for (int64_t dim = rank - 2; dim >= 0; --dim) {
      if (++start[dim] < ranges[dim])
        break;
      start[dim] = 0;
    }
  }
  return accumulator;
}

std::optional<uint32_t> mlir::mx::getConstantScalar(Value value) {
  if (!isScalarType(value.getType()))
    return std::nullopt;
  Attribute attribute;
  if (matchPattern(value, m_Constant(&attribute))) {
    if (auto dense = dyn_cast<DenseElementsAttr>(attribute))
      attribute = dense.getSplatValue<Attribute>();
    if (auto number = dyn_cast<FloatAttr>(attribute))
      return llvm::bit_cast<uint32_t>(number.getValue().convertToFloat());
    if (auto number = dyn_cast<IntegerAttr>(attribute))
      return static_cast<uint32_t>(number.getValue().getZExtValue());
    return std::nullopt;
  }
  Operation *op = value.getDefiningOp();
  if (!op)
    return std::nullopt;
  if (auto generic = dyn_cast<linalg::GenericOp>(op)) {
    Reduction reduction(generic);
    if (!reduction.build(generic))
      return std::nullopt;
    return reduction.run();
  }
  if (isa<linalg::FillOp, tensor::ExtractOp>(op) ||
      (isa<tensor::FromElementsOp>(op) && op->getNumOperands() == 1))
    return getConstantScalar(op->getOperand(0));
  ScalarProgram program(getConstantScalar);
  if (!program.append(op))
    return std::nullopt;
  std::vector<uint32_t> registers = program.makeRegisters();
  program.run(registers.data(), 1, 0, program.getNumSteps());
  return registers[*program.findSlot(value) * kLanes];
}
