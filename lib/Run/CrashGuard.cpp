// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "CrashGuard.h"

#include "llvm/ADT/STLExtras.h"

#include <string>
#include <unistd.h>

using namespace mlir::mx;

/// The error up to the signal's name, ready before the signal comes: a handler
/// must not allocate.
static std::string message;

static llvm::StringRef describe(int signal) {
  switch (signal) {
  case SIGFPE:
    return "SIGFPE, such as an integer division by zero\n";
  case SIGABRT:
    return "SIGABRT, such as OpenMP's where the system refuses a thread\n";
  case SIGBUS:
    return "SIGBUS, an access to memory that is not there\n";
  default:
    return "SIGSEGV, an access outside of its memory, such as an index out of "
           "bounds\n";
  }
}

static void reportAndExit(int signal) {
  for (llvm::StringRef part : {llvm::StringRef(message), describe(signal)})
    if (write(STDERR_FILENO, part.data(), part.size()) < 0)
      break;
  _exit(1);
}

CrashGuard::CrashGuard(llvm::StringRef entry) {
  message = "mx-run: error: the entry '" + entry.str() + "' crashed: ";
  struct sigaction action = {};
  action.sa_handler = reportAndExit;
  // The program may have used its stack up.
  action.sa_flags = SA_ONSTACK;
  for (auto [signal, old] : llvm::zip_equal(kSignals, before))
    sigaction(signal, &action, &old);
}

CrashGuard::~CrashGuard() {
  for (auto [signal, old] : llvm::zip_equal(kSignals, before))
    sigaction(signal, &old, nullptr);
}
