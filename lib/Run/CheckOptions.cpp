// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "CheckOptions.h"
#include "Machine.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace mlir::mx;
using llvm::createStringError;

std::vector<PipelineStage> mlir::mx::getStages(const RunOptions &options,
                                               bool quantized) {
  Buffers buffers = options.isLibrary() ? Buffers::Planned : Buffers::Allocated;
  Threads threads = options.isLibrary() && options.threads == 1
                        ? Threads::One
                        : Threads::OpenMP;
  std::vector<PipelineStage> stages =
      options.target == "cpu" ? getCPUStages(buffers, threads)
                              : getReferenceStages(buffers, threads);
  if (options.isLibrary())
    stages.push_back(getLibraryStage());
  if (quantized) {
    MXQuantizeMatmulOptions quantize;
    quantize.weights = options.weights;
    quantize.activations = options.activations;
    quantize.rule = options.rule;
    if (!options.which.empty())
      quantize.which = options.which;
    std::vector<PipelineStage> first =
        getQuantizeStages(quantize, options.embeddings);
    stages.insert(stages.begin(), first.begin(), first.end());
  }
  return stages;
}

/// Checks that an option, if given, has one of the values that there are.
static llvm::Error checkValue(StringRef option, StringRef value,
                              ArrayRef<StringRef> values) {
  if (value.empty() || llvm::is_contained(values, value))
    return llvm::Error::success();
  std::string names = llvm::join(values.drop_back(), ", ") +
                      (values.size() > 1 ? " or " : "") + values.back().str();
  return createStringError("expected --" + option + "=" + names + ", found '" +
                           value + "'");
}

/// Checks what --emit=shared has to do with other options.
static llvm::Error checkLibrary(const RunOptions &options) {
  if (options.isLibrary() && options.folder.empty() &&
      options.dumpAfter.empty())
    return createStringError("expected -o=DIR beside --emit=shared");
  if (!options.isLibrary() && !options.folder.empty())
    return createStringError("expected --emit=shared beside -o");
  if (options.isLibrary() && !options.compare.empty())
    return createStringError("expected --emit=shared without --compare");
  if (options.isLibrary() && options.threads > 1)
    return createStringError("expected --threads=1 or none beside "
                             "--emit=shared, found --threads=" +
                             Twine(options.threads) +
                             ": a library has as many threads as OpenMP has "
                             "when it is called");
  return llvm::Error::success();
}

/// Checks what a machine other than this one needs.
static llvm::Error checkMachine(const RunOptions &options) {
  if (options.runs() && !options.triple.empty())
    return createStringError("expected --emit or --dump-after beside "
                             "--triple: another machine's code does not run "
                             "here");
  if (options.isLibrary() && !options.triple.empty() && options.threads != 1)
    return createStringError("expected --threads=1 beside --triple and "
                             "--emit=shared: LLVM's OpenMP is there for this "
                             "machine alone");
  if (options.runs() && !options.cpu.empty())
    return checkRunsHere(options.cpu);
  return llvm::Error::success();
}

llvm::Error mlir::mx::checkOptions(const RunOptions &options) {
  if (llvm::Error error =
          checkValue("target", options.target, {"cpu", "reference"}))
    return error;
  if (llvm::Error error =
          checkValue("which", options.which, {"all", "weights"}))
    return error;
  if (llvm::Error error = checkValue("compare", options.compare, {"f32"}))
    return error;
  if (llvm::Error error =
          checkValue("emit", options.emit, {"mlir", "llvm", "asm", "shared"}))
    return error;
  if (llvm::Error error = checkLibrary(options))
    return error;
  if (options.weights.empty())
    for (auto [name, value] :
         {std::pair("activations", &options.activations),
          std::pair("rule", &options.rule), std::pair("which", &options.which),
          std::pair("embeddings", &options.embeddings),
          std::pair("compare", &options.compare)})
      if (!value->empty())
        return createStringError("expected --weights=FORMAT beside --" +
                                 Twine(name));
  if (llvm::Error error = checkMachine(options))
    return error;
  if (options.dumpAfter.empty())
    return llvm::Error::success();
  std::string names;
  for (const PipelineStage &stage :
       getStages(options, !options.weights.empty())) {
    if (stage.name == options.dumpAfter)
      return llvm::Error::success();
    names += (names.empty() ? "" : ", ") + stage.name.str();
  }
  return createStringError("expected a stage of this target for --dump-after, "
                           "one of " +
                           names + ", found '" + options.dumpAfter + "'");
}
