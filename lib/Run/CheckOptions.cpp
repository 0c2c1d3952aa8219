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
      options.isC()             ? getCStages()
      : options.hasKernels()    ? getSPIRVStages()
      : options.target == "cpu" ? getCPUStages(buffers, threads)
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

/// Checks what writing to a folder has to do with other options.
static llvm::Error checkFolder(const RunOptions &options) {
  if (!options.isC() && !options.constants.empty())
    return createStringError("expected --emit=c beside --constants");
  if (!options.writesFolder())
    return options.folder.empty()
               ? llvm::Error::success()
               : createStringError(
                     "expected --emit=shared or --emit=c beside -o");
  std::string emit = "--emit=" + options.emit;
  if (options.folder.empty() && options.dumpAfter.empty())
    return createStringError("expected -o=DIR beside " + emit);
  if (options.threads > 1)
    return createStringError(
        "expected --threads=1 or none beside " + emit +
        ", found --threads=" + Twine(options.threads) + ": " +
        (options.isC() ? "C99 has no threads"
                       : "a library has as many threads as OpenMP has when it "
                         "is called"));
  return llvm::Error::success();
}

/// Checks that nothing is asked of a run where there is none.
static llvm::Error checkWithoutRun(const RunOptions &options) {
  if (options.runs())
    return llvm::Error::success();
  std::string instead = options.emit.empty()
                            ? "--dump-after=" + options.dumpAfter
                            : "--emit=" + options.emit;
  for (auto [name, given] :
       {std::pair("input", !options.inputs.empty()),
        std::pair("output", !options.outputs.empty()),
        std::pair("time", options.timedRuns != 0),
        std::pair("memory", options.memory),
        std::pair("json", !options.jsonFile.empty()),
        std::pair("compare", !options.compare.empty()),
        std::pair("runtime", !options.runtime.empty()),
        std::pair("threads", options.threads && !options.writesFolder())})
    if (given)
      return createStringError("expected " + instead + " without --" +
                               Twine(name) + ": the program does not run");
  return llvm::Error::success();
}

/// Checks that C is asked for as what it is: the same for every machine.
static llvm::Error checkC(const RunOptions &options) {
  if (!options.isC())
    return llvm::Error::success();
  for (auto [name, value] :
       {std::pair("triple", &options.triple), std::pair("cpu", &options.cpu)})
    if (!value->empty())
      return createStringError("expected --emit=c without --" + Twine(name) +
                               ": C is the same for every machine");
  if (options.target != "cpu")
    return createStringError("expected --emit=c without --target=" +
                             options.target);
  return llvm::Error::success();
}

/// Checks that an accelerator is described where it has a library, and has one
/// where it runs.
static llvm::Error checkAccelerator(const RunOptions &options) {
  if (options.accelerator.empty() && options.runtime.empty())
    return llvm::Error::success();
  if (options.accelerator.empty())
    return createStringError("expected --accelerator=FILE.mlir beside "
                             "--runtime");
  if (options.runs() && options.runtime.empty())
    return createStringError("expected --runtime=FILE.so beside --accelerator");
  if (options.target != "cpu" || options.writesFolder())
    return createStringError("expected --accelerator without " +
                             (options.writesFolder()
                                  ? "--emit=" + options.emit
                                  : "--target=" + options.target));
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
  if (llvm::Error error = checkValue("target", options.target,
                                     {"cpu", "reference", "vulkan", "opencl"}))
    return error;
  if (options.hasKernels() && options.writesFolder())
    return createStringError("expected --emit=" + options.emit +
                             " without --target=" + options.target);
  if (llvm::Error error =
          checkValue("which", options.which, {"all", "weights"}))
    return error;
  if (llvm::Error error = checkValue("compare", options.compare, {"f32"}))
    return error;
  if (llvm::Error error = checkValue("emit", options.emit,
                                     {"mlir", "llvm", "asm", "shared", "c"}))
    return error;
  if (llvm::Error error =
          checkValue("constants", options.constants, {"file", "array"}))
    return error;
  if (llvm::Error error = checkFolder(options))
    return error;
  if (llvm::Error error = checkWithoutRun(options))
    return error;
  if (llvm::Error error = checkC(options))
    return error;
  if (llvm::Error error = checkAccelerator(options))
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
