// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Run/Options.h"
#include "Machine.h"
#include "Threads.h"

#include "llvm/Support/CommandLine.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

static const char kOverview[] =
    "Compiles a model for this machine's CPU and runs it\n\n"
    "  mx-run MODEL.mlir --input=x.npy --output=y.npy\n\n"
    "Arrays travel as .npy files. Element types of 4 to 8 bits are uint8 "
    "arrays,\none code per element; bf16 is uint16, its bits. Dynamic "
    "dimensions "
    "take the\nsize that the file has.\n";

namespace {
/// A parser for values that are not empty, of options that a command line has
/// once: LLVM's own would let the last one win.
template <typename T> struct Strict : cl::parser<T> {
  using cl::parser<T>::parser;

  bool parse(cl::Option &option, StringRef name, StringRef text, T &value) {
    if (option.getNumOccurrencesFlag() != cl::ZeroOrMore &&
        option.getNumOccurrences() > 1)
      return option.error("expected once, found twice", name);
    if (std::is_same_v<T, std::string> && text.empty())
      return option.error("expected a value, found none", name);
    return cl::parser<T>::parse(option, name, text, value);
  }
};

struct ThreadNumber : Strict<unsigned> {
  using Strict::Strict;

  bool parse(cl::Option &option, StringRef name, StringRef text,
             unsigned &value) {
    if (Strict::parse(option, name, text, value))
      return true;
    return (value == 0 || value > mlir::mx::kMostThreads) &&
           option.error("expected a number from 1 to " +
                            Twine(mlir::mx::kMostThreads) + ", found " + text,
                        name);
  }
};

template <typename T, bool external = true>
using Single = cl::opt<T, external, Strict<T>>;
using Several =
    cl::list<std::string, std::vector<std::string>, Strict<std::string>>;
} // namespace

/// What --cpu=help does; like --help, it needs no model.
static void printCPUsAndExit(StringRef triple) {
  ExitOnError orExit("mx-run: error: ");
  orExit(mlir::mx::printCPUs(outs(), triple));
  std::exit(0);
}

mlir::mx::RunOptions mlir::mx::parseRunOptions(int argc, char **argv) {
  static cl::OptionCategory category("Options of mx-run");
  RunOptions options;
  Single<std::string> model(cl::Positional, cl::desc("MODEL.mlir|MODEL.mlirbc"),
                            cl::Required, cl::location(options.model),
                            cl::cat(category));
  Single<std::string> entry(
      "entry", cl::desc("Function to run (default: the only public one)"),
      cl::value_desc("NAME"), cl::location(options.entry), cl::cat(category));
  Single<std::string, false> target(
      "target",
      cl::desc("cpu: the CPU's own code (default); reference: plain loops, "
               "the meaning of the program; vulkan, opencl: kernels for a "
               "device that Vulkan or OpenCL has"),
      cl::value_desc("cpu|reference|vulkan|opencl"), cl::init("cpu"),
      cl::cat(category));
  Single<std::string> triple(
      "triple",
      cl::desc("Other machine to compile for, with --emit, as compilers name "
               "it: aarch64-linux-gnu"),
      cl::value_desc("TRIPLE"), cl::location(options.triple),
      cl::cat(category));
  Single<std::string> cpu(
      "cpu",
      cl::desc("CPU to compile for, by LLVM's name (default: this machine, or "
               "any that --triple has); help lists them"),
      cl::value_desc("NAME"), cl::location(options.cpu), cl::cat(category),
      cl::callback([&options](const std::string &name) {
        if (name == "help")
          printCPUsAndExit(options.triple);
      }));
  Single<std::string> weights(
      "weights",
      cl::desc("Quantize contractions, weights to this format (default: run "
               "the module as it is)"),
      cl::value_desc("FORMAT"), cl::location(options.weights),
      cl::cat(category));
  Single<std::string> activations(
      "activations",
      cl::desc("Format of the other operand (default: that of weights)"),
      cl::value_desc("FORMAT|none"), cl::location(options.activations),
      cl::cat(category));
  Single<std::string> rule(
      "rule", cl::desc("Scale rule in place of the formats' own"),
      cl::value_desc("RULE"), cl::location(options.rule), cl::cat(category));
  Single<std::string> which(
      "which",
      cl::desc("all: every contraction (default); weights: those with a "
               "constant operand"),
      cl::value_desc("all|weights"), cl::location(options.which),
      cl::cat(category));
  Single<std::string> embeddings(
      "embeddings",
      cl::desc("Format of large constants whose rows are read at run time "
               "(default: as they are)"),
      cl::value_desc("FORMAT"), cl::location(options.embeddings),
      cl::cat(category));
  Several shapes("shape",
                 cl::desc("Extents of the next argument that has dynamic ones: "
                          "8x128; --emit=c wants all (default: any)"),
                 cl::value_desc("EXTENTS"), cl::location(options.shapes),
                 cl::cat(category));
  Single<std::string> accelerator(
      "accelerator",
      cl::desc("Description of an accelerator that computes what it can "
               "(#mx.accelerator on a module); the rest runs on the CPU"),
      cl::value_desc("FILE.mlir"), cl::location(options.accelerator),
      cl::cat(category));
  Single<std::string> runtime(
      "runtime",
      cl::desc("Library with its functions, those of mx-c/Runtime.h"),
      cl::value_desc("FILE.so"), cl::location(options.runtime),
      cl::cat(category));
  Several inputs("input", cl::desc("Array for the next argument"),
                 cl::value_desc("X.npy"), cl::location(options.inputs),
                 cl::cat(category));
  Several outputs("output", cl::desc("File for the next result"),
                  cl::value_desc("Y.npy"), cl::location(options.outputs),
                  cl::cat(category));
  if (cl::Option *other = cl::getRegisteredOptions().lookup("threads"))
    other->removeArgument(); // One of LLVM's own, which mx-run does not show.
  cl::opt<unsigned, true, ThreadNumber> threads(
      "threads",
      cl::desc("Run on N threads (default: all cores, or OMP_NUM_THREADS); "
               "results are the same. --emit=shared with 1 needs no OpenMP"),
      cl::value_desc("N"), cl::location(options.threads), cl::cat(category));
  Single<unsigned, false> timedRuns(
      "time", cl::desc("Run N times more and report min, median and max"),
      cl::value_desc("N"), cl::init(0), cl::cat(category));
  Single<bool> memory(
      "memory",
      cl::desc("Report the bytes of weights by kind, resident bytes after "
               "load, and the peak"),
      cl::location(options.memory), cl::cat(category));
  Single<std::string> compare(
      "compare",
      cl::desc("Also run the module as it is and report the error of every "
               "contraction"),
      cl::value_desc("f32"), cl::location(options.compare), cl::cat(category));
  Single<std::string> jsonFile(
      "json", cl::desc("Also write the report as JSON"), cl::value_desc("FILE"),
      cl::location(options.jsonFile), cl::cat(category));
  Single<std::string> dumpAfter(
      "dump-after", cl::desc("Print the module after a stage"),
      cl::value_desc("STAGE"), cl::location(options.dumpAfter),
      cl::cat(category));
  Single<std::string> emit(
      "emit",
      cl::desc("Print the code in place of running it; shared: write a shared "
               "library, its C header and its weights; c: write C99 that needs "
               "no library"),
      cl::value_desc("mlir|llvm|asm|shared|c"), cl::location(options.emit),
      cl::cat(category));
  Single<std::string> folder("o", cl::desc("Folder for --emit=shared or c"),
                             cl::value_desc("DIR"),
                             cl::location(options.folder), cl::cat(category));
  Single<std::string> constants(
      "constants",
      cl::desc("Where --emit=c has the weights: file: safetensors (default); "
               "array: C source"),
      cl::value_desc("file|array"), cl::location(options.constants),
      cl::cat(category));
  Single<bool> verbose("verbose", cl::desc("Report every step"),
                       cl::location(options.verbose), cl::cat(category));
  cl::HideUnrelatedOptions(category);
  cl::SetVersionPrinter([](raw_ostream &os) {
    os << "mx-run " MX_VERSION " (LLVM " LLVM_VERSION_STRING ")\n";
  });
  cl::ParseCommandLineOptions(argc, argv, kOverview);
  options.target = target;
  options.timedRuns = timedRuns;
  return options;
}
