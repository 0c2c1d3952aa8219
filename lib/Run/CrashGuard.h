// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// What happens when a compiled program divides by zero or leaves its memory,
/// or when OpenMP has no thread for it.
#ifndef MX_LIB_RUN_CRASHGUARD_H
#define MX_LIB_RUN_CRASHGUARD_H

#include "llvm/ADT/StringRef.h"

#include <array>
#include <csignal>

namespace mlir::mx {

/// While it lives, a signal of a fault or an abort ends the process with exit
/// code 1 and an error that names the entry and the signal. One at a time, for
/// the thread whose alternate stack LLVM's own handlers have set up.
class CrashGuard {
public:
  explicit CrashGuard(llvm::StringRef entry);
  ~CrashGuard();
  CrashGuard(const CrashGuard &) = delete;
  CrashGuard &operator=(const CrashGuard &) = delete;

private:
  static constexpr std::array<int, 4> kSignals = {SIGFPE, SIGSEGV, SIGBUS,
                                                  SIGABRT};
  std::array<struct sigaction, 4> before;
};

} // namespace mlir::mx

#endif // MX_LIB_RUN_CRASHGUARD_H
