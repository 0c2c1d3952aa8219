// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Runs bodies of scalar f32, i32 and i1 ops on many values at once.
#ifndef MX_LIB_TRANSFORMS_SCALARPROGRAM_H
#define MX_LIB_TRANSFORMS_SCALARPROGRAM_H

#include "mlir/IR/Operation.h"

#include <functional>
#include <optional>
#include <vector>

namespace mlir::mx {

/// Straight-line code on 32-bit slots, one per SSA value, each of kLanes lanes.
class ScalarProgram {
public:
  static constexpr int64_t kLanes = 1024;

  /// `getConstant` gives the bits of values from outside, or nothing.
  explicit ScalarProgram(
      std::function<std::optional<uint32_t>(Value)> getConstant)
      : getConstant(std::move(getConstant)) {}

  /// Appends an op of arith or math; false if it is none of those known, or an
  /// operand is neither in the program nor a constant.
  bool append(Operation *op);
  /// The slot of `value`, a new one where it has none.
  unsigned getSlot(Value value);
  /// The slot of a value of the program, or of a constant.
  std::optional<unsigned> findSlot(Value value);

  int64_t getNumSteps() const { return steps.size(); }
  /// The slots' lanes, those of constants filled: lane l of slot s stands at
  /// s * kLanes + l.
  std::vector<uint32_t> makeRegisters() const;
  /// Runs the steps from `first` to before `last` on `lanes` lanes.
  void run(uint32_t *registers, int64_t lanes, int64_t first,
           int64_t last) const {
    for (int64_t step = first; step < last; ++step)
      steps[step](registers, lanes);
  }

private:
  template <typename Fn> bool addStep(Operation *op, Fn fn);
  template <typename Fn> bool addFloatStep(Operation *op, Fn fn);

  std::function<std::optional<uint32_t>(Value)> getConstant;
  llvm::DenseMap<Value, unsigned> slots;
  SmallVector<std::pair<unsigned, uint32_t>> constants;
  std::vector<std::function<void(uint32_t *, int64_t)>> steps;
};

} // namespace mlir::mx

#endif // MX_LIB_TRANSFORMS_SCALARPROGRAM_H
