// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Transforms/ConstantScalar.h"
#include "mx/Transforms/ConstantView.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/ADT/bit.h"

#include <cmath>

using namespace mlir;
using namespace mlir::mx;

using Scalar = std::optional<uint32_t>;

static float toFloat(uint32_t bits) { return llvm::bit_cast<float>(bits); }
static uint32_t toBits(float value) { return llvm::bit_cast<uint32_t>(value); }

static bool isScalarType(Type type) {
  if (auto tensor = dyn_cast<RankedTensorType>(type))
    return tensor.getRank() == 0 && isScalarType(tensor.getElementType());
  return type.isF32() || type.isInteger(32) || type.isInteger(1);
}

/// NaN if either is, and +0 above -0.
static float maximum(float a, float b) {
  if (std::isnan(a) || std::isnan(b))
    return std::numeric_limits<float>::quiet_NaN();
  if (a == b)
    return std::signbit(a) ? b : a;
  return a > b ? a : b;
}

/// The number, where one of both is NaN.
static float maxnum(float a, float b) {
  if (std::isnan(a) || std::isnan(b))
    return std::isnan(a) ? b : a;
  return maximum(a, b);
}

/// The outcomes that satisfy `predicate`: 1 equal, 2 greater, 4 less, 8
/// unordered.
static unsigned getOutcomes(arith::CmpFPredicate predicate) {
  unsigned code = static_cast<unsigned>(predicate);
  if (predicate == arith::CmpFPredicate::AlwaysTrue)
    return 15;
  if (predicate == arith::CmpFPredicate::UNO)
    return 8;
  // 0 to 7 are the ordered ones, and UEQ to UNE follow in the same order.
  return code <= 7 ? code : (code - 7) | 8;
}

static unsigned getOutcome(float a, float b) {
  if (std::isnan(a) || std::isnan(b))
    return 8;
  return a == b ? 1 : a > b ? 2 : 4;
}

namespace {
/// A body of scalar ops on numbered 32-bit slots.
class Program {
public:
  using Step = std::function<void(uint32_t *)>;

  /// Appends `op`; false if it is none of the known.
  bool append(Operation *op);
  unsigned getSlot(Value value) {
    return slots.try_emplace(value, slots.size()).first->second;
  }
  /// The slot of a value of the body, or of a constant from outside.
  std::optional<unsigned> findSlot(Value value);
  void run(MutableArrayRef<uint32_t> registers) const {
    for (const Step &step : steps)
      step(registers.data());
  }
  /// Registers with the outside constants in place.
  SmallVector<uint32_t> makeRegisters() const {
    SmallVector<uint32_t> registers(slots.size(), 0);
    for (auto [slot, bits] : constants)
      registers[slot] = bits;
    return registers;
  }

private:
  template <typename Fn> bool binary(Operation *op, Fn fn) {
    std::optional<unsigned> a = findSlot(op->getOperand(0)),
                            b = findSlot(op->getOperand(1));
    if (!a || !b)
      return false;
    unsigned to = getSlot(op->getResult(0));
    steps.push_back(
        [a = *a, b = *b, to, fn](uint32_t *r) { r[to] = fn(r[a], r[b]); });
    return true;
  }
  template <typename Fn> bool floats(Operation *op, Fn fn) {
    return binary(op, [fn](uint32_t a, uint32_t b) {
      return toBits(fn(toFloat(a), toFloat(b)));
    });
  }
  template <typename Fn> bool unary(Operation *op, Fn fn) {
    std::optional<unsigned> a = findSlot(op->getOperand(0));
    if (!a)
      return false;
    unsigned to = getSlot(op->getResult(0));
    steps.push_back([a = *a, to, fn](uint32_t *r) { r[to] = fn(r[a]); });
    return true;
  }

  llvm::DenseMap<Value, unsigned> slots;
  SmallVector<std::pair<unsigned, uint32_t>> constants;
  std::vector<Step> steps;
};
} // namespace

std::optional<unsigned> Program::findSlot(Value value) {
  auto found = slots.find(value);
  if (found != slots.end())
    return found->second;
  Scalar bits = getConstantScalar(value);
  if (!bits)
    return std::nullopt;
  unsigned slot = getSlot(value);
  constants.push_back({slot, *bits});
  return slot;
}

bool Program::append(Operation *op) {
  if (!op->getNumResults() || !isScalarType(op->getResult(0).getType()))
    return false;
  auto identity = [](uint32_t a) { return a; };
  return llvm::TypeSwitch<Operation *, bool>(op)
      .Case([&](arith::ConstantOp op) { return findSlot(op).has_value(); })
      .Case([&](arith::AddFOp op) { return floats(op, std::plus<float>()); })
      .Case([&](arith::SubFOp op) { return floats(op, std::minus<float>()); })
      .Case([&](arith::MulFOp op) {
        return floats(op, std::multiplies<float>());
      })
      .Case([&](arith::DivFOp op) { return floats(op, std::divides<float>()); })
      .Case([&](arith::MaximumFOp op) { return floats(op, maximum); })
      .Case([&](arith::MaxNumFOp op) { return floats(op, maxnum); })
      .Case([&](math::AbsFOp op) {
        return unary(op, [](uint32_t a) { return a & 0x7fffffffu; });
      })
      .Case([&](arith::NegFOp op) {
        return unary(op, [](uint32_t a) { return a ^ 0x80000000u; });
      })
      .Case([&](arith::AndIOp op) {
        return binary(op, std::bit_and<uint32_t>());
      })
      .Case(
          [&](arith::OrIOp op) { return binary(op, std::bit_or<uint32_t>()); })
      .Case([&](arith::MaxUIOp op) {
        return binary(op,
                      [](uint32_t a, uint32_t b) { return std::max(a, b); });
      })
      .Case([&](arith::CmpFOp op) {
        unsigned outcomes = getOutcomes(op.getPredicate());
        return binary(op, [outcomes](uint32_t a, uint32_t b) -> uint32_t {
          return (outcomes & getOutcome(toFloat(a), toFloat(b))) != 0;
        });
      })
      .Case([&](arith::CmpIOp op) {
        // i1 operands would need another width.
        if (!op.getLhs().getType().isInteger(32))
          return false;
        arith::CmpIPredicate predicate = op.getPredicate();
        return binary(op, [predicate](uint32_t a, uint32_t b) -> uint32_t {
          return arith::applyCmpPredicate(predicate, APInt(32, a),
                                          APInt(32, b));
        });
      })
      .Case([&](arith::SelectOp op) {
        std::optional<unsigned> condition = findSlot(op.getCondition()),
                                yes = findSlot(op.getTrueValue()),
                                no = findSlot(op.getFalseValue());
        if (!condition || !yes || !no)
          return false;
        unsigned to = getSlot(op.getResult());
        steps.push_back([=, c = *condition, a = *yes, b = *no](uint32_t *r) {
          r[to] = r[c] ? r[a] : r[b];
        });
        return true;
      })
      .Case<arith::BitcastOp, arith::ExtFOp>(
          // A view's elements are f32 already.
          [&](Operation *op) { return unary(op, identity); })
      .Default([](Operation *) { return false; });
}

/// Runs a linalg.generic that gives one tensor of rank 0.
static Scalar runGeneric(linalg::GenericOp op) {
  SmallVector<int64_t> ranges = op.getStaticLoopRanges();
  if (op->getNumResults() != 1 || ShapedType::isDynamicShape(ranges))
    return std::nullopt;
  Block *body = op.getBody();
  Program program;
  SmallVector<std::pair<unsigned, ConstantView>> views;
  SmallVector<std::pair<unsigned, uint32_t>> scalars;
  AffineMap identity =
      AffineMap::getMultiDimIdentityMap(ranges.size(), op.getContext());
  for (auto [operand, argument] :
       llvm::zip_equal(op->getOpOperands(), body->getArguments())) {
    unsigned slot = program.getSlot(argument);
    if (Scalar bits = getConstantScalar(operand.get())) {
      scalars.push_back({slot, *bits});
      continue;
    }
    if (op.isDpsInit(&operand)) {
      // Reductions start from a constant; other inits are not read.
      if (!argument.use_empty())
        return std::nullopt;
      continue;
    }
    std::optional<ConstantView> view = getConstantView(operand.get());
    if (!view || op.getMatchingIndexingMap(&operand) != identity)
      return std::nullopt;
    views.push_back({slot, std::move(*view)});
  }
  for (Operation &inner : body->without_terminator())
    if (!program.append(&inner))
      return std::nullopt;
  std::optional<unsigned> result =
      program.findSlot(body->getTerminator()->getOperand(0));
  if (!result)
    return std::nullopt;
  unsigned accumulator =
      program.getSlot(body->getArgument(body->getNumArguments() - 1));
  SmallVector<uint32_t> registers = program.makeRegisters();
  for (auto [slot, bits] : scalars)
    registers[slot] = bits;

  // One row of the innermost dimension at a time.
  int64_t rank = ranges.size(), count = rank ? ranges.back() : 1;
  int64_t rows = count ? ShapedType::getNumElements(ranges) / count : 0;
  SmallVector<std::vector<float>> buffers(views.size(),
                                          std::vector<float>(count));
  SmallVector<int64_t> start(rank, 0), extents(rank, 1);
  if (rank)
    extents.back() = count;
  for (int64_t row = 0; row < rows; ++row) {
    for (auto [buffer, view] : llvm::zip_equal(buffers, views))
      view.second.read(start, extents, buffer);
    for (int64_t column = 0; column < count; ++column) {
      for (auto [buffer, view] : llvm::zip_equal(buffers, views))
        registers[view.first] = toBits(buffer[column]);
      program.run(registers);
      registers[accumulator] = registers[*result];
    }
    for (int64_t dim = rank - 2; dim >= 0; --dim) {
      if (++start[dim] < ranges[dim])
        break;
      start[dim] = 0;
    }
  }
  return registers[accumulator];
}

std::optional<uint32_t> mlir::mx::getConstantScalar(Value value) {
  if (!isScalarType(value.getType()))
    return std::nullopt;
  Attribute attribute;
  if (matchPattern(value, m_Constant(&attribute))) {
    if (auto dense = dyn_cast<DenseElementsAttr>(attribute))
      attribute = dense.getSplatValue<Attribute>();
    if (auto number = dyn_cast<FloatAttr>(attribute))
      return toBits(number.getValue().convertToFloat());
    if (auto number = dyn_cast<IntegerAttr>(attribute))
      return static_cast<uint32_t>(number.getValue().getZExtValue());
    return std::nullopt;
  }
  Operation *op = value.getDefiningOp();
  if (!op)
    return std::nullopt;
  if (auto generic = dyn_cast<linalg::GenericOp>(op))
    return runGeneric(generic);
  if (isa<linalg::FillOp, tensor::ExtractOp>(op) ||
      (isa<tensor::FromElementsOp>(op) && op->getNumOperands() == 1))
    return getConstantScalar(op->getOperand(0));
  Program program;
  if (!program.append(op))
    return std::nullopt;
  SmallVector<uint32_t> registers = program.makeRegisters();
  program.run(registers);
  return registers[*program.findSlot(value)];
}
