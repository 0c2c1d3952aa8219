// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// What mx-run tells about a run: tables for people, JSON for programs.
#ifndef MX_RUN_REPORT_H
#define MX_RUN_REPORT_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/Error.h"

#include <optional>
#include <string>

namespace mlir::mx {

/// Bytes of the constant tensors in a module, by what they are.
struct WeightBytes {
  /// Elements and scales of block-scaled contractions, packed as they stand.
  int64_t elements = 0, scales = 0;
  /// Everything else.
  int64_t other = 0;

  int64_t total() const { return elements + scales + other; }
};

/// Measures the constants of `module`, each once.
WeightBytes measureWeights(ModuleOp module);

/// Bytes of this process in memory now, and the most there ever were.
int64_t getResidentBytes();
int64_t getPeakBytes();

/// One contraction in f32 and in block-scaled form.
struct ContractionError {
  std::string location;
  double cosine = 0, maxAbs = 0, relative = 0;
};

/// The errors of `found` against `expected`: cosine of the angle between them,
/// largest difference, and the difference's L2 norm over that of `expected`.
ContractionError compareValues(StringRef location, ArrayRef<float> expected,
                               ArrayRef<float> found);

struct RunReport {
  std::string model, entry, target, weights, activations, rule;
  double compileSeconds = 0;
  /// Sorted.
  SmallVector<double> milliseconds;
  std::optional<WeightBytes> before, after;
  int64_t residentBytes = 0, peakBytes = 0;
  std::vector<ContractionError> contractions;

  /// Writes tables to `os`.
  void print(llvm::raw_ostream &os) const;
  /// Writes JSON to `os`.
  void printJSON(llvm::raw_ostream &os) const;
};

} // namespace mlir::mx

#endif // MX_RUN_REPORT_H
