// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Run/Driver.h"
#include "Accelerator.h"
#include "Arguments.h"
#include "Build.h"
#include "CheckOptions.h"
#include "Compare.h"
#include "CrashGuard.h"
#include "OutputFiles.h"
#include "Threads.h"

#include <omp.h>
#include <sys/mman.h>
#include <unistd.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

using namespace mlir;
using namespace mlir::mx;

/// A program allocates its buffers in every run. With glibc's defaults large
/// ones go back to the system, which clears their pages each time: two thirds
/// of a transpose's. And their pages have 4 KiB, so that each of the rows that
/// a panel is decoded from has its own: a twentieth of a contraction's time.
static void prepareHeap() {
#if defined(__GLIBC__) && defined(MADV_HUGEPAGE)
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, -1);
  // The heap grows by this, in large pages where the system has them, and does
  // not shrink again. Nothing is touched, so it takes no memory. What a program
  // needs beyond it is in small pages.
  constexpr size_t kBytes = size_t(1) << 30;
  if (void *memory = std::malloc(kBytes)) {
    const size_t page = sysconf(_SC_PAGESIZE);
    auto start = llvm::alignTo(reinterpret_cast<uintptr_t>(memory), page);
    (void)madvise(reinterpret_cast<void *>(start), kBytes - page,
                  MADV_HUGEPAGE);
    std::free(memory);
  }
#endif
}

/// Calls the entry, and `timedRuns` times more for the report.
static SmallVector<Buffer> run(const Build &build, ArrayRef<Buffer> inputs,
                               unsigned timedRuns, RunReport &report) {
  using Clock = std::chrono::steady_clock;
  CrashGuard guard(build.program->getEntryName());
  SmallVector<Buffer> results = build.executable->invoke(inputs);
  for (unsigned run = 0; run < timedRuns; ++run) {
    Clock::time_point start = Clock::now();
    build.executable->invoke(inputs);
    report.milliseconds.push_back(
        std::chrono::duration<double, std::milli>(Clock::now() - start)
            .count());
  }
  llvm::sort(report.milliseconds);
  return results;
}

/// Warns of contractions that --compare does not see.
static void warnOfMissed(const Taps &taps) {
  if (taps.missed.empty())
    return;
  emitWarning(taps.missed.front())
      << "--compare does not see " << taps.missed.size() << " of "
      << taps.missed.size() + taps.locations.size()
      << " contractions, of which this is the first: they stand in loops, in "
         "branches or in functions that cannot be inlined";
}

/// Runs the model in f32 and compares its contractions with `results`.
static llvm::Error compareWithF32(RunReport &report, const RunOptions &options,
                                  const DialectRegistry &registry,
                                  ArrayRef<Buffer> inputs, const Build &build,
                                  ArrayRef<Buffer> results,
                                  Progress &progress) {
  warnOfMissed(build.taps);
  report.notCompared = build.taps.missed.size();
  Build plain;
  plain.device = build.device;
  progress.step("compiling the model in f32");
  // What is compared with has nothing of the accelerator.
  RunOptions alone = options;
  alone.accelerator.clear();
  if (llvm::Error error = plain.load(alone, registry))
    return error;
  auto compiled =
      plain.compile(options, getStages(options, /*quantized=*/false), progress);
  if (!compiled)
    return compiled.takeError();
  progress.step("running the model in f32");
  RunReport untimed;
  SmallVector<Buffer> expected = run(plain, inputs, 0, untimed);
  size_t first = expected.size() - plain.taps.locations.size();
  ArrayRef<RankedTensorType> types = build.program->getSignature().results;
  for (auto [location, type, x, y] : llvm::zip_equal(
           plain.taps.locations, types.drop_front(first),
           ArrayRef(expected).drop_front(first), results.drop_front(first)))
    report.contractions.push_back(compareBuffers(location, type, x, y));
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
  prepareHeap();
  if (options.runs())
    if (llvm::Error error = prepareThreads(options.threads))
      return error;
  Progress progress(options.verbose);
  DialectRegistry registry;
  registerRunDialects(registry);
  std::unique_ptr<KernelDevice> device;
  if (options.runs() && options.hasKernels()) {
    auto opened = KernelDevice::open(options.target);
    if (!opened)
      return opened.takeError();
    device = std::move(*opened);
  }
  Build build;
  build.device = device.get();
  progress.step("reading " + options.model);
  if (llvm::Error error = build.load(options, registry))
    return error;
  SmallVector<Buffer> inputs;
  OutputFiles files;
  if (options.runs()) {
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
  auto compiled = build.compile(
      options, getStages(options, !options.weights.empty()), progress);
  if (!compiled || !*compiled)
    return compiled ? llvm::Error::success() : compiled.takeError();
  progress.step(Twine(build.counts.quantized) + " contractions quantized, " +
                Twine(build.counts.leftAlone) + " left alone");

  RunReport report;
  report.model = options.model;
  report.entry = build.program->getEntryName().str();
  report.target = options.target;
  report.weights = options.weights;
  report.activations = options.activations;
  report.rule = options.rule;
  report.threads = omp_get_max_threads();
  report.counts = build.counts;
  report.compileSeconds = progress.seconds();
  if (options.memory) {
    report.before = build.before;
    report.after = build.after;
    report.residentBytes = getResidentBytes();
  }
  std::unique_ptr<Accelerator> accelerator;
  if (!options.runtime.empty()) {
    auto opened = Accelerator::open(options.runtime, build.accelerator);
    if (!opened)
      return opened.takeError();
    accelerator = std::move(*opened);
  }
  progress.step("running");
  SmallVector<Buffer> results = run(build, inputs, options.timedRuns, report);
  // Those of all runs are alike: a program's commands do not depend on data.
  // But the first one uploads constants.
  if (accelerator)
    if (std::optional<uint64_t> cycles = accelerator->getCycles())
      report.acceleratorCycles = *cycles / (options.timedRuns + 1);
  // The system counts both a little late, and not in step.
  report.peakBytes = std::max(getPeakBytes(), report.residentBytes);
  if (!options.compare.empty())
    if (llvm::Error error = compareWithF32(report, options, registry, inputs,
                                           build, results, progress))
      return error;
  return writeAll(files, options, build.program->getSignature(), results,
                  report);
}
