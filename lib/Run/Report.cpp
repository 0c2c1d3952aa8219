// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Run/Report.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"

#include <cmath>

using namespace mlir;
using namespace mlir::mx;

/// Of an even number of values the mean of the two in the middle.
static double getMedian(ArrayRef<double> sorted) {
  size_t half = sorted.size() / 2;
  return sorted.size() % 2 ? sorted[half]
                           : (sorted[half - 1] + sorted[half]) / 2;
}

static void printTime(llvm::raw_ostream &os, ArrayRef<double> times,
                      int threads) {
  os << llvm::formatv("time over {0} runs on {1} thread{2}: min {3:f3} ms, "
                      "median {4:f3} ms, max {5:f3} ms\n",
                      times.size(), threads, threads == 1 ? "" : "s",
                      times.front(), getMedian(times), times.back());
}

void RunReport::print(llvm::raw_ostream &os) const {
  if (!milliseconds.empty())
    printTime(os, milliseconds, threads);
  if (acceleratorCycles)
    os << "accelerator: " << *acceleratorCycles << " cycles\n";
  if (before && after) {
    auto row = [&](StringRef name, int64_t first, int64_t second) {
      os << llvm::formatv("{0,-22}{1,14}{2,14}\n", name, first, second);
    };
    os << llvm::formatv("{0,-22}{1,14}{2,14}\n", "weights (bytes)", "before",
                        "after");
    row("  elements", before->elements, after->elements);
    row("  scales", before->scales, after->scales);
    row("  other", before->other, after->other);
    row("  total", before->total(), after->total());
    os << llvm::formatv("resident after load {0} bytes, peak {1} bytes\n",
                        residentBytes, peakBytes);
  }
  if (contractions.empty())
    return;
  os << llvm::formatv("{0,10} {1,12} {2,12}  {3}\n", "cosine", "max abs",
                      "relative", "contraction");
  for (const ContractionError &error : contractions)
    os << llvm::formatv("{0,10:f6} {1,12:e3} {2,12:e3}  {3}\n", error.cosine,
                        error.maxAbs, error.relative, error.location);
}

/// NaN and Inf have no number in JSON.
static llvm::json::Value toJSON(double value) {
  if (std::isfinite(value))
    return value;
  return std::isnan(value) ? "nan" : value > 0 ? "inf" : "-inf";
}

static llvm::json::Object toJSON(const WeightBytes &bytes) {
  return llvm::json::Object{{"elements", bytes.elements},
                            {"scales", bytes.scales},
                            {"other", bytes.other},
                            {"total", bytes.total()}};
}

void RunReport::printJSON(llvm::raw_ostream &os) const {
  llvm::json::Object object{{"model", model},
                            {"entry", entry},
                            {"target", target},
                            {"threads", threads},
                            {"compile_seconds", compileSeconds}};
  if (!weights.empty()) {
    object["weights"] = weights;
    object["activations"] = activations.empty() ? weights : activations;
    if (!rule.empty())
      object["rule"] = rule;
  }
  if (!milliseconds.empty())
    object["time_ms"] = llvm::json::Object{{"runs", milliseconds.size()},
                                           {"min", milliseconds.front()},
                                           {"median", getMedian(milliseconds)},
                                           {"max", milliseconds.back()}};
  if (before && after)
    object["memory"] = llvm::json::Object{{"weights_before", toJSON(*before)},
                                          {"weights_after", toJSON(*after)},
                                          {"resident_bytes", residentBytes},
                                          {"peak_bytes", peakBytes}};
  if (acceleratorCycles)
    object["accelerator_cycles"] = static_cast<int64_t>(*acceleratorCycles);
  llvm::json::Object contractionCounts{{"quantized", counts.quantized},
                                       {"left_alone", counts.leftAlone}};
  if (notCompared)
    contractionCounts["not_compared"] = *notCompared;
  object["contraction_counts"] = std::move(contractionCounts);
  if (!contractions.empty()) {
    llvm::json::Array rows;
    for (const ContractionError &error : contractions)
      rows.push_back(
          llvm::json::Object{{"location", llvm::json::fixUTF8(error.location)},
                             {"cosine", toJSON(error.cosine)},
                             {"max_abs", toJSON(error.maxAbs)},
                             {"relative", toJSON(error.relative)}});
    object["contractions"] = std::move(rows);
  }
  os << llvm::formatv("{0:2}\n", llvm::json::Value(std::move(object)));
}
