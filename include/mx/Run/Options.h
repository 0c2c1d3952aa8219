// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// What mx-run was asked to do.
#ifndef MX_RUN_OPTIONS_H
#define MX_RUN_OPTIONS_H

#include <string>
#include <vector>

namespace mlir::mx {

struct RunOptions {
  std::string model;
  std::string entry;
  std::string target;
  /// Another machine than this one, if not empty.
  std::string triple;
  /// A CPU by LLVM's name; this machine's, or any that `triple` has, if empty.
  std::string cpu;
  /// Formats for mx-quantize-matmul; without `weights` the module runs as it
  /// is.
  std::string weights, activations, rule, which;
  /// Format for mx-quantize-embeddings; rows stay f32 if empty.
  std::string embeddings;
  /// Extents of arguments with dynamic ones, if they are to be fixed.
  std::vector<std::string> shapes;
  /// An accelerator's description and library, if there is one.
  std::string accelerator, runtime;
  std::vector<std::string> inputs;
  std::vector<std::string> outputs;
  /// As OpenMP has it, if 0: all cores, or OMP_NUM_THREADS. A library for one
  /// thread has no OpenMP in it.
  unsigned threads = 0;
  unsigned timedRuns = 0;
  bool memory = false;
  std::string compare;
  std::string jsonFile;
  std::string dumpAfter;
  std::string emit;
  /// Where the large constants of --emit=c go: to a file, or an array.
  std::string constants;
  /// Where the files of --emit=shared and --emit=c go.
  std::string folder;
  bool verbose = false;

  /// Whether the program runs; otherwise its code is printed or
  /// written.
  bool runs() const { return emit.empty() && dumpAfter.empty(); }
  /// Whether the program has kernels, for a device.
  bool hasKernels() const { return target == "vulkan" || target == "opencl"; }
  /// Whether the program becomes a library.
  bool isLibrary() const { return emit == "shared"; }
  /// Whether the program becomes C source.
  bool isC() const { return emit == "c"; }
  /// Whether files are written to `folder`.
  bool writesFolder() const { return isLibrary() || isC(); }
};

/// Reads the command line of mx-run. Prints and exits on --help, --version and
/// on unknown options.
RunOptions parseRunOptions(int argc, char **argv);

} // namespace mlir::mx

#endif // MX_RUN_OPTIONS_H
