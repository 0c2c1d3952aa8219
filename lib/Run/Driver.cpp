// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Run/Driver.h"
#include "mx/Run/ElementTypes.h"
#include "mx/Run/Npy.h"
#include "mx/Run/Program.h"

#include "mlir/Support/DebugStringHelper.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"

#include <chrono>

using namespace mlir;
using namespace mlir::mx;
using llvm::createStringError;

namespace {
/// Tells on standard error which step is under way, where somebody watches.
class Progress {
public:
  explicit Progress(bool verbose)
      : enabled(verbose || llvm::sys::Process::StandardErrIsDisplayed()) {}
  void step(const Twine &what) {
    if (!enabled)
      return;
    std::chrono::duration<double> elapsed =
        std::chrono::steady_clock::now() - start;
    llvm::errs() << llvm::formatv("mx-run: [{0,6:f1} s] {1}\n",
                                  elapsed.count(), what.str());
  }

private:
  bool enabled;
  std::chrono::steady_clock::time_point start =
      std::chrono::steady_clock::now();
};
} // namespace

/// Checks the options that name one of a few things.
static llvm::Error checkNames(const RunOptions &options,
                              ArrayRef<PipelineStage> stages) {
  if (!options.emit.empty() && options.emit != "mlir" &&
      options.emit != "llvm" && options.emit != "asm")
    return createStringError("expected --emit=mlir, llvm or asm, found '" +
                             options.emit + "'");
  if (options.dumpAfter.empty())
    return llvm::Error::success();
  std::string names;
  for (const PipelineStage &stage : stages) {
    if (stage.name == options.dumpAfter)
      return llvm::Error::success();
    names += (names.empty() ? "" : ", ") + stage.name.str();
  }
  return createStringError("expected a stage of this target for --dump-after, "
                           "one of " +
                           names + ", found '" + options.dumpAfter + "'");
}

/// Reads one input and checks it against the argument's type.
static llvm::Expected<Buffer> readInput(StringRef path, unsigned index,
                                        RankedTensorType type) {
  llvm::Expected<NpyArray> array = readNpy(path);
  if (!array)
    return array.takeError();
  std::string where =
      ("'" + path + "' for argument #" + Twine(index) + ": ").str();
  if (!acceptsNpyType(type.getElementType(), array->header.dtype))
    return createStringError(
        where + "expected type " + getNpyType(type.getElementType()) + " for " +
        debugString(type) + ", found " + array->header.dtype);
  ArrayRef<int64_t> shape = array->header.shape;
  bool fits = shape.size() == static_cast<size_t>(type.getRank());
  for (int64_t dim = 0; fits && dim < type.getRank(); ++dim)
    fits = type.isDynamicDim(dim) || type.getDimSize(dim) == shape[dim];
  if (!fits) {
    std::string found = llvm::join(
        llvm::map_range(shape, [](int64_t s) { return std::to_string(s); }),
        "x");
    return createStringError(where + "expected the shape of " +
                             debugString(type) + ", found " +
                             (found.empty() ? "rank 0" : found));
  }
  // Vector code may want more than the alignment of a mapped file.
  Buffer buffer;
  buffer.shape.assign(shape.begin(), shape.end());
  size_t bytes = llvm::alignTo(std::max<size_t>(array->data.size(), 1), 64);
  buffer.owner =
      std::shared_ptr<void>(std::aligned_alloc(64, bytes), std::free);
  buffer.data = static_cast<char *>(buffer.owner.get());
  std::memcpy(buffer.data, array->data.data(), array->data.size());
  return buffer;
}

static llvm::Expected<SmallVector<Buffer>>
readInputs(const RunOptions &options, const Signature &signature) {
  if (options.inputs.size() != signature.inputs.size())
    return createStringError("expected " + Twine(signature.inputs.size()) +
                             " inputs, found " + Twine(options.inputs.size()));
  if (options.outputs.size() > signature.results.size())
    return createStringError(
        "expected at most " + Twine(signature.results.size()) +
        " outputs, found " + Twine(options.outputs.size()));
  for (StringRef path : options.outputs) {
    SmallString<128> folder = llvm::sys::path::parent_path(path);
    if (!folder.empty() && !llvm::sys::fs::is_directory(folder))
      return createStringError("expected a folder '" + folder.str() +
                               "' for the output '" + path + "', found none");
  }
  SmallVector<Buffer> buffers;
  for (auto [index, path, type] :
       llvm::enumerate(options.inputs, signature.inputs)) {
    llvm::Expected<Buffer> buffer = readInput(path, index, type);
    if (!buffer)
      return buffer.takeError();
    buffers.push_back(std::move(*buffer));
  }
  return buffers;
}

static llvm::Error writeOutputs(const RunOptions &options,
                                const Signature &signature,
                                ArrayRef<Buffer> results) {
  for (auto [path, type, result] :
       llvm::zip(options.outputs, signature.results, results)) {
    NpyHeader header{getNpyType(type.getElementType()), result.shape};
    size_t bytes = getBoundaryBytes(type.getElementType()) *
                   ShapedType::getNumElements(result.shape);
    if (llvm::Error error =
            writeNpy(path, header, ArrayRef(result.data, bytes)))
      return error;
  }
  return llvm::Error::success();
}

llvm::Error mlir::mx::runModel(const RunOptions &options) {
  if (options.target != "cpu" && options.target != "reference")
    return createStringError("expected --target=cpu or reference, found '" +
                             options.target + "'");
  std::vector<PipelineStage> stages =
      options.target == "cpu" ? getCPUStages() : getReferenceStages();
  if (!options.weights.empty()) {
    MXQuantizeMatmulOptions quantize;
    quantize.weights = options.weights;
    quantize.activations = options.activations;
    quantize.rule = options.rule;
    quantize.which = options.which;
    std::vector<PipelineStage> all = getQuantizeStages(quantize);
    all.insert(all.end(), stages.begin(), stages.end());
    stages = std::move(all);
  } else if (!options.activations.empty() || !options.rule.empty()) {
    return createStringError(
        "expected --weights=FORMAT beside --activations and --rule");
  }
  if (llvm::Error error = checkNames(options, stages))
    return error;

  Progress progress(options.verbose);
  DialectRegistry registry;
  registerRunDialects(registry);
  MLIRContext context(registry);
  // Remarks say what was rewritten and why not: for those who ask.
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
    return success(diagnostic.getSeverity() == DiagnosticSeverity::Remark &&
                   !options.verbose);
  });
  context.printOpOnDiagnostic(false);
  progress.step("reading " + options.model);
  auto program = Program::load(context, options.model, options.entry);
  if (!program)
    return program.takeError();
  bool runs = options.emit.empty() && options.dumpAfter.empty();
  SmallVector<Buffer> inputs;
  if (runs) {
    auto read = readInputs(options, program->getSignature());
    if (!read)
      return read.takeError();
    inputs = std::move(*read);
  }
  for (const PipelineStage &stage : stages) {
    progress.step("stage " + stage.name);
    if (llvm::Error error = program->run(stage))
      return error;
    if (stage.name == options.dumpAfter) {
      program->getModule()->print(llvm::outs());
      return llvm::Error::success();
    }
  }
  if (options.emit == "mlir") {
    program->getModule()->print(llvm::outs());
    return llvm::Error::success();
  }
  if (!options.emit.empty()) {
    auto text = emitCode(program->getModule(), options.emit == "asm");
    if (!text)
      return text.takeError();
    llvm::outs() << *text;
    return llvm::Error::success();
  }
  progress.step("generating code");
  auto executable = program->compile();
  if (!executable)
    return executable.takeError();
  progress.step("running");
  SmallVector<Buffer> results = (*executable)->invoke(inputs);
  if (llvm::Error error =
          writeOutputs(options, program->getSignature(), results))
    return error;

  SmallVector<double> milliseconds;
  for (unsigned run = 0; run < options.timedRuns; ++run) {
    auto start = std::chrono::steady_clock::now();
    (*executable)->invoke(inputs);
    std::chrono::duration<double, std::milli> elapsed =
        std::chrono::steady_clock::now() - start;
    milliseconds.push_back(elapsed.count());
  }
  if (!milliseconds.empty()) {
    llvm::sort(milliseconds);
    llvm::outs() << llvm::formatv(
        "time (ms) over {0} runs: min {1:f3}, median {2:f3}, max {3:f3}\n",
        milliseconds.size(), milliseconds.front(),
        milliseconds[milliseconds.size() / 2], milliseconds.back());
  }
  return llvm::Error::success();
}
