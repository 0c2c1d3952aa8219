// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Run/Driver.h"
#include "Arguments.h"
#include "CheckOptions.h"
#include "OutputFiles.h"
#include "mx/Run/Locations.h"
#include "mx/Run/Report.h"
#include "mx/Run/Taps.h"

#include "mlir/IR/TypeUtilities.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"

#include <chrono>

using namespace mlir;
using namespace mlir::mx;
using Clock = std::chrono::steady_clock;

namespace {
/// Tells on standard error which step is under way, where somebody watches.
class Progress {
public:
  explicit Progress(bool verbose)
      : enabled(verbose || llvm::sys::Process::StandardErrIsDisplayed()) {}
  void step(const Twine &what) {
    if (enabled)
      llvm::errs() << llvm::formatv("mx-run: [{0,6:f1} s] {1}\n", seconds(),
                                    what.str());
  }
  double seconds() const {
    return std::chrono::duration<double>(Clock::now() - start).count();
  }

private:
  bool enabled;
  Clock::time_point start = Clock::now();
};

/// A program in a context of its own: freeing a weight of one leaves those of
/// another alone.
struct Build {
  std::unique_ptr<MLIRContext> context;
  std::unique_ptr<ScopedDiagnosticHandler> handler;
  std::optional<Program> program;
  std::unique_ptr<Executable> executable;
  WeightBytes before, after;
  std::vector<std::string> taps;
};
} // namespace

/// Prints an error or warning with its place. Remarks, which say what was
/// rewritten and why not, are for those who ask.
static void printDiagnostic(Diagnostic &diagnostic, bool remarks) {
  StringRef kind;
  switch (diagnostic.getSeverity()) {
  case DiagnosticSeverity::Error:
    kind = "error";
    break;
  case DiagnosticSeverity::Warning:
    kind = "warning";
    break;
  case DiagnosticSeverity::Note:
    kind = "note";
    break;
  case DiagnosticSeverity::Remark:
    if (!remarks)
      return;
    kind = "remark";
    break;
  }
  llvm::errs() << describeLocation(diagnostic.getLocation()) << ": " << kind
               << ": " << diagnostic.str() << "\n";
  for (Diagnostic &note : diagnostic.getNotes())
    printDiagnostic(note, remarks);
}

static llvm::Error loadProgram(Build &build, const RunOptions &options,
                               const DialectRegistry &registry) {
  build.context = std::make_unique<MLIRContext>(registry);
  build.context->printOpOnDiagnostic(false);
  build.handler = std::make_unique<ScopedDiagnosticHandler>(
      build.context.get(), [&options](Diagnostic &diagnostic) {
        printDiagnostic(diagnostic, options.verbose);
      });
  auto program = Program::load(*build.context, options.model, options.entry);
  if (!program)
    return program.takeError();
  build.program = std::move(*program);
  if (!options.compare.empty())
    build.taps = build.program->tap();
  build.before = build.after = measureWeights(build.program->getModule());
  return llvm::Error::success();
}

/// Prints what --dump-after and --emit ask for; false if they ask for nothing
/// at this point.
static llvm::Expected<bool> printCode(Build &build, const RunOptions &options,
                                      StringRef stage, bool last) {
  if (stage == options.dumpAfter || (last && options.emit == "mlir")) {
    build.program->getModule()->print(llvm::outs());
  } else if (last && !options.emit.empty() && options.dumpAfter.empty()) {
    auto text = emitCode(build.program->getModule(), options.emit == "asm");
    if (!text)
      return text.takeError();
    llvm::outs() << *text;
  } else {
    return false;
  }
  if (llvm::Error error = flushStandardOutput())
    return std::move(error);
  return true;
}

/// Compiles; gives false where the options want code printed in place of it.
static llvm::Expected<bool> compile(Build &build, const RunOptions &options,
                                    ArrayRef<PipelineStage> stages,
                                    Progress &progress) {
  for (const PipelineStage &stage : stages) {
    progress.step("stage " + stage.name);
    if (llvm::Error error = build.program->run(stage))
      return std::move(error);
    if (stage.name == "fold")
      build.after = measureWeights(build.program->getModule());
    auto printed =
        printCode(build, options, stage.name, &stage == &stages.back());
    if (!printed || *printed)
      return printed ? llvm::Expected<bool>(false) : printed.takeError();
  }
  progress.step("generating code");
  auto executable = build.program->compile();
  if (!executable)
    return executable.takeError();
  build.executable = std::move(*executable);
  return true;
}

/// The elements of a tapped result as f32.
static SmallVector<float> toFloats(RankedTensorType type,
                                   const Buffer &buffer) {
  SmallVector<float> values(ShapedType::getNumElements(buffer.shape));
  const llvm::fltSemantics &semantics =
      cast<FloatType>(type.getElementType()).getFloatSemantics();
  size_t bytes = type.getElementTypeBitWidth() / 8;
  for (auto [index, value] : llvm::enumerate(values)) {
    uint64_t bits = 0;
    std::memcpy(&bits, buffer.data + index * bytes, bytes);
    llvm::APFloat number(semantics, llvm::APInt(bytes * 8, bits));
    value = number.convertToDouble();
  }
  return values;
}

/// Runs the model in f32 and compares its contractions with `results`.
static llvm::Error compareWithF32(RunReport &report, const RunOptions &options,
                                  const DialectRegistry &registry,
                                  ArrayRef<Buffer> inputs, const Build &build,
                                  ArrayRef<Buffer> results,
                                  Progress &progress) {
  Build plain;
  progress.step("compiling the model in f32");
  if (llvm::Error error = loadProgram(plain, options, registry))
    return error;
  auto compiled = compile(plain, options,
                          getStages(options, /*quantized=*/false), progress);
  if (!compiled)
    return compiled.takeError();
  progress.step("running the model in f32");
  SmallVector<Buffer> expected = plain.executable->invoke(inputs);
  size_t first = expected.size() - plain.taps.size();
  ArrayRef<RankedTensorType> types = build.program->getSignature().results;
  for (auto [index, location] : llvm::enumerate(plain.taps))
    report.contractions.push_back(compareValues(
        location, toFloats(types[first + index], expected[first + index]),
        toFloats(types[first + index], results[first + index])));
  return llvm::Error::success();
}

/// Writes results and reports: all of them or, on an error, no file.
static llvm::Error writeAll(OutputFiles &files, const RunOptions &options,
                            const Signature &signature,
                            ArrayRef<Buffer> results, const RunReport &report) {
  std::vector<OutputFiles::Writer> writers;
  for (unsigned i = 0; i < options.outputs.size(); ++i)
    writers.push_back([&, i](llvm::raw_ostream &os) {
      writeResult(os, signature.results[i], results[i]);
    });
  if (!options.jsonFile.empty())
    writers.push_back([&](llvm::raw_ostream &os) { report.printJSON(os); });
  if (llvm::Error error = files.write(writers))
    return error;
  report.print(llvm::outs());
  if (llvm::Error error = flushStandardOutput())
    return error;
  return files.commit();
}

llvm::Error mlir::mx::runModel(const RunOptions &options) {
  if (llvm::Error error = checkOptions(options))
    return error;
  Progress progress(options.verbose);
  DialectRegistry registry;
  registerRunDialects(registry);
  Build build;
  progress.step("reading " + options.model);
  if (llvm::Error error = loadProgram(build, options, registry))
    return error;
  SmallVector<Buffer> inputs;
  OutputFiles files;
  if (options.emit.empty() && options.dumpAfter.empty()) {
    auto read = readInputs(options, build.program->getSignature());
    if (!read)
      return read.takeError();
    inputs = std::move(*read);
    for (StringRef path : options.outputs)
      if (llvm::Error error = files.add(path))
        return error;
    if (!options.jsonFile.empty())
      if (llvm::Error error = files.add(options.jsonFile))
        return error;
  }
  auto compiled = compile(
      build, options, getStages(options, !options.weights.empty()), progress);
  if (!compiled || !*compiled)
    return compiled ? llvm::Error::success() : compiled.takeError();

  RunReport report;
  report.model = options.model;
  report.entry = build.program->getEntry().str();
  report.target = options.target;
  report.weights = options.weights;
  report.activations = options.activations;
  report.rule = options.rule;
  report.compileSeconds = progress.seconds();
  if (options.memory) {
    report.before = build.before;
    report.after = build.after;
    report.residentBytes = getResidentBytes();
  }
  progress.step("running");
  SmallVector<Buffer> results = build.executable->invoke(inputs);
  for (unsigned run = 0; run < options.timedRuns; ++run) {
    Clock::time_point start = Clock::now();
    build.executable->invoke(inputs);
    report.milliseconds.push_back(
        std::chrono::duration<double, std::milli>(Clock::now() - start)
            .count());
  }
  llvm::sort(report.milliseconds);
  report.peakBytes = getPeakBytes();
  if (!options.compare.empty())
    if (llvm::Error error = compareWithF32(report, options, registry, inputs,
                                           build, results, progress))
      return error;
  return writeAll(files, options, build.program->getSignature(), results,
                  report);
}
