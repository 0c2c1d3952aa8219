// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Compiles a model and runs it on this machine.
#include "mx/Run/Driver.h"

#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/WithColor.h"

#include <csignal>

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  // A limit on file sizes is an error of the write, as a full disk is.
  std::signal(SIGXFSZ, SIG_IGN);
  mlir::mx::RunOptions options = mlir::mx::parseRunOptions(argc, argv);
  if (llvm::Error error = mlir::mx::runModel(options)) {
    llvm::WithColor::error(llvm::errs(), "mx-run")
        << llvm::toString(std::move(error)) << "\n";
    return 1;
  }
  return 0;
}
