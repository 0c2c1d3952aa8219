// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Run/Options.h"

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

mlir::mx::RunOptions mlir::mx::parseRunOptions(int argc, char **argv) {
  static cl::OptionCategory category("Options of mx-run");
  RunOptions options;
  cl::opt<std::string, true> model(
      cl::Positional, cl::desc("MODEL.mlir|MODEL.mlirbc"), cl::Required,
      cl::location(options.model), cl::cat(category));
  cl::opt<std::string, true> entry(
      "entry", cl::desc("Function to run (default: the only public one)"),
      cl::value_desc("NAME"), cl::location(options.entry), cl::cat(category));
  cl::opt<std::string> target(
      "target",
      cl::desc("cpu: this machine's code (default); reference: plain loops, "
               "the meaning of the program"),
      cl::value_desc("cpu|reference"), cl::init("cpu"), cl::cat(category));
  cl::opt<std::string, true> weights(
      "weights",
      cl::desc("Quantize contractions, weights to this format (default: run "
               "the module as it is)"),
      cl::value_desc("FORMAT"), cl::location(options.weights),
      cl::cat(category));
  cl::opt<std::string, true> activations(
      "activations",
      cl::desc("Format of the other operand (default: that of weights)"),
      cl::value_desc("FORMAT|none"), cl::location(options.activations),
      cl::cat(category));
  cl::opt<std::string, true> rule(
      "rule", cl::desc("Scale rule in place of the formats' own"),
      cl::value_desc("RULE"), cl::location(options.rule), cl::cat(category));
  cl::opt<std::string> which(
      "which",
      cl::desc("all: every contraction (default); weights: those with a "
               "constant operand"),
      cl::value_desc("all|weights"), cl::init("all"), cl::cat(category));
  cl::list<std::string, std::vector<std::string>> inputs(
      "input", cl::desc("Array for the next argument"), cl::value_desc("X.npy"),
      cl::location(options.inputs), cl::cat(category));
  cl::list<std::string, std::vector<std::string>> outputs(
      "output", cl::desc("File for the next result"), cl::value_desc("Y.npy"),
      cl::location(options.outputs), cl::cat(category));
  cl::opt<unsigned> timedRuns(
      "time", cl::desc("Run N times more and report min, median and max"),
      cl::value_desc("N"), cl::init(0), cl::cat(category));
  cl::opt<bool, true> memory(
      "memory",
      cl::desc("Report the bytes of weights by kind, resident bytes after "
               "load, and the peak"),
      cl::location(options.memory), cl::cat(category));
  cl::opt<std::string, true> compare(
      "compare",
      cl::desc("Also run the module as it is and report the error of every "
               "contraction"),
      cl::value_desc("f32"), cl::location(options.compare), cl::cat(category));
  cl::opt<std::string, true> jsonFile(
      "json", cl::desc("Also write the report as JSON"), cl::value_desc("FILE"),
      cl::location(options.jsonFile), cl::cat(category));
  cl::opt<std::string, true> dumpAfter(
      "dump-after", cl::desc("Print the module after a stage"),
      cl::value_desc("STAGE"), cl::location(options.dumpAfter),
      cl::cat(category));
  cl::opt<std::string, true> emit(
      "emit", cl::desc("Print the code in place of running it"),
      cl::value_desc("mlir|llvm|asm"), cl::location(options.emit),
      cl::cat(category));
  cl::opt<bool, true> verbose("verbose", cl::desc("Report every step"),
                              cl::location(options.verbose), cl::cat(category));
  cl::HideUnrelatedOptions(category);
  cl::SetVersionPrinter([](raw_ostream &os) {
    os << "mx-run " MX_VERSION " (LLVM " LLVM_VERSION_STRING ")\n";
  });
  cl::ParseCommandLineOptions(argc, argv, kOverview);
  options.target = target;
  options.which = which;
  options.timedRuns = timedRuns;
  return options;
}
