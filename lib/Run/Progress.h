// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Tells on standard error which step is under way, where somebody watches.
#ifndef MX_LIB_RUN_PROGRESS_H
#define MX_LIB_RUN_PROGRESS_H

#include "llvm/ADT/Twine.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"

#include <chrono>

namespace mlir::mx {

class Progress {
public:
  explicit Progress(bool verbose)
      : enabled(verbose || llvm::sys::Process::StandardErrIsDisplayed()) {}
  void step(const llvm::Twine &what) {
    if (enabled)
      llvm::errs() << llvm::formatv("mx-run: [{0,6:f1} s] {1}\n", seconds(),
                                    what.str());
  }
  double seconds() const {
    return std::chrono::duration<double>(Clock::now() - start).count();
  }

private:
  using Clock = std::chrono::steady_clock;
  bool enabled;
  Clock::time_point start = Clock::now();
};

} // namespace mlir::mx

#endif // MX_LIB_RUN_PROGRESS_H
