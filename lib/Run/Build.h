// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// A program on its way from a file to code.
#ifndef MX_LIB_RUN_BUILD_H
#define MX_LIB_RUN_BUILD_H

#include "KernelDevice.h"
#include "Progress.h"
#include "mx/IR/MX.h"
#include "mx/Run/Options.h"
#include "mx/Run/Program.h"
#include "mx/Run/Report.h"

namespace mlir::mx {

/// A program in a context of its own: freeing a weight of one leaves those of
/// another alone.
struct Build {
  std::unique_ptr<MLIRContext> context;
  std::unique_ptr<ScopedDiagnosticHandler> handler;
  std::optional<llvm::orc::JITTargetMachineBuilder> machine;
  std::optional<Program> program;
  /// Of the accelerator beside the CPU, if there is one.
  AcceleratorAttr accelerator;
  std::unique_ptr<Executable> executable;
  WeightBytes before, after;
  ContractionCounts counts;
  Taps taps;

  /// What runs its kernels, if it has any.
  KernelDevice *device = nullptr;

  /// Reads the model; taps its contractions if they are to be compared.
  llvm::Error load(const RunOptions &options, const DialectRegistry &registry);

  /// Runs the stages and generates code; gives false where the options want
  /// code printed or written in place of it.
  llvm::Expected<bool> compile(const RunOptions &options,
                               ArrayRef<PipelineStage> stages,
                               Progress &progress);
};

} // namespace mlir::mx

#endif // MX_LIB_RUN_BUILD_H
