// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// What mx-run tells about a run: tables for people, JSON for programs.
#ifndef MX_RUN_REPORT_H
#define MX_RUN_REPORT_H

#include "mx/Run/Taps.h"

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

/// One contraction in f32 and in block-scaled form: cosine of the angle between
/// the two, largest difference, and the difference's L2 norm over that of f32.
struct ContractionError {
  std::string location;
  double cosine = 0, maxAbs = 0, relative = 0;
};

struct RunReport {
  std::string model, entry, target, weights, activations, rule;
  double compileSeconds = 0;
  int threads = 1;
  /// Sorted.
  SmallVector<double> milliseconds;
  std::optional<WeightBytes> before, after;
  int64_t residentBytes = 0, peakBytes = 0;
  ContractionCounts counts;
  /// Of one run on an accelerator that counts them.
  std::optional<uint64_t> acceleratorCycles;
  std::vector<ContractionError> contractions;
  /// Contractions that have no taps, where they are compared.
  std::optional<int64_t> notCompared;

  /// Writes tables to `os`.
  void print(llvm::raw_ostream &os) const;
  /// Writes JSON to `os`.
  void printJSON(llvm::raw_ostream &os) const;
};

} // namespace mlir::mx

#endif // MX_RUN_REPORT_H
