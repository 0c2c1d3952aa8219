// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "ScalarProgram.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/ADT/bit.h"

#include <cmath>

using namespace mlir;
using namespace mlir::mx;

static float toFloat(uint32_t bits) { return llvm::bit_cast<float>(bits); }
static uint32_t toBits(float value) { return llvm::bit_cast<uint32_t>(value); }

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

// Outcomes of a comparison.
constexpr unsigned kEqual = 1, kGreater = 2, kLess = 4, kUnordered = 8;

template <typename T> static unsigned getOutcome(T a, T b) {
  if (a == b)
    return kEqual;
  return a > b ? kGreater : a < b ? kLess : kUnordered;
}

/// The outcomes that satisfy a predicate.
static unsigned getOutcomes(arith::CmpFPredicate predicate) {
  unsigned code = static_cast<unsigned>(predicate);
  if (predicate == arith::CmpFPredicate::AlwaysTrue)
    return kEqual | kGreater | kLess | kUnordered;
  if (predicate == arith::CmpFPredicate::UNO)
    return kUnordered;
  // 0 to 7 are the ordered ones by their outcomes' bits; UEQ to UNE follow.
  return code <= 7 ? code : (code - 7) | kUnordered;
}

static unsigned getOutcomes(arith::CmpIPredicate predicate) {
  using Predicate = arith::CmpIPredicate;
  switch (predicate) {
  case Predicate::eq:
    return kEqual;
  case Predicate::ne:
    return kGreater | kLess;
  case Predicate::slt:
  case Predicate::ult:
    return kLess;
  case Predicate::sle:
  case Predicate::ule:
    return kLess | kEqual;
  case Predicate::sgt:
  case Predicate::ugt:
    return kGreater;
  case Predicate::sge:
  case Predicate::uge:
    return kGreater | kEqual;
  }
  llvm_unreachable("all predicates are handled");
}

unsigned ScalarProgram::getSlot(Value value) {
  return slots.try_emplace(value, slots.size()).first->second;
}

std::optional<unsigned> ScalarProgram::findSlot(Value value) {
  auto found = slots.find(value);
  if (found != slots.end())
    return found->second;
  std::optional<uint32_t> bits = getConstant(value);
  if (!bits)
    return std::nullopt;
  unsigned slot = getSlot(value);
  constants.push_back({slot, *bits});
  return slot;
}

std::vector<uint32_t> ScalarProgram::makeRegisters() const {
  std::vector<uint32_t> registers(slots.size() * kLanes, 0);
  for (auto [slot, bits] : constants)
    std::fill_n(registers.begin() + slot * kLanes, kLanes, bits);
  return registers;
}

/// Appends fn(a, b, c) for up to three operands, what is missing read from
/// the first.
template <typename Fn> bool ScalarProgram::addStep(Operation *op, Fn fn) {
  unsigned from[3] = {0, 0, 0};
  for (auto [index, operand] : llvm::enumerate(op->getOperands())) {
    std::optional<unsigned> slot = findSlot(operand);
    if (!slot || index == 3)
      return false;
    from[index] = *slot;
  }
  unsigned to = getSlot(op->getResult(0));
  steps.push_back([=, a = from[0] * kLanes, b = from[1] * kLanes,
                   c = from[2] * kLanes,
                   to = to * kLanes](uint32_t *r, int64_t lanes) {
    for (int64_t lane = 0; lane < lanes; ++lane, ++r)
      r[to] = fn(r[a], r[b], r[c]);
  });
  return true;
}

template <typename Fn> bool ScalarProgram::addFloatStep(Operation *op, Fn fn) {
  return addStep(op, [fn](uint32_t a, uint32_t b, uint32_t) {
    return toBits(fn(toFloat(a), toFloat(b)));
  });
}

bool ScalarProgram::append(Operation *op) {
  return llvm::TypeSwitch<Operation *, bool>(op)
      .Case([&](arith::ConstantOp op) { return findSlot(op).has_value(); })
      .Case([&](arith::MulFOp op) {
        return addFloatStep(op, std::multiplies<float>());
      })
      .Case([&](arith::DivFOp op) {
        return addFloatStep(op, std::divides<float>());
      })
      .Case([&](arith::MaximumFOp op) { return addFloatStep(op, maximum); })
      .Case([&](arith::MaxNumFOp op) { return addFloatStep(op, maxnum); })
      .Case([&](math::AbsFOp op) {
        return addStep(
            op, [](uint32_t a, uint32_t, uint32_t) { return a & 0x7fffffffu; });
      })
      .Case([&](arith::AndIOp op) {
        return addStep(op,
                       [](uint32_t a, uint32_t b, uint32_t) { return a & b; });
      })
      .Case([&](arith::MaxUIOp op) {
        return addStep(op, [](uint32_t a, uint32_t b, uint32_t) {
          return std::max(a, b);
        });
      })
      .Case([&](arith::CmpFOp op) {
        unsigned outcomes = getOutcomes(op.getPredicate());
        return addStep(op, [=](uint32_t a, uint32_t b, uint32_t) -> uint32_t {
          return (outcomes & getOutcome(toFloat(a), toFloat(b))) != 0;
        });
      })
      .Case([&](arith::CmpIOp op) {
        // An i1 is a 1 here, and not -1.
        if (!op.getLhs().getType().isInteger(32))
          return false;
        unsigned outcomes = getOutcomes(op.getPredicate());
        // Signed order is unsigned order with the sign bit turned.
        bool isSigned = op.getPredicate() >= arith::CmpIPredicate::slt &&
                        op.getPredicate() <= arith::CmpIPredicate::sge;
        uint32_t turn = isSigned ? 0x80000000u : 0;
        return addStep(op, [=](uint32_t a, uint32_t b, uint32_t) -> uint32_t {
          return (outcomes & getOutcome(a ^ turn, b ^ turn)) != 0;
        });
      })
      .Case([&](arith::SelectOp op) {
        return addStep(op, [](uint32_t condition, uint32_t a, uint32_t b) {
          return condition ? a : b;
        });
      })
      .Case<arith::BitcastOp, arith::ExtFOp>([&](Operation *op) {
        // Values of narrow floats are kept as f32.
        return addStep(op, [](uint32_t a, uint32_t, uint32_t) { return a; });
      })
      .Default([](Operation *) { return false; });
}
