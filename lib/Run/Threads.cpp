// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Threads.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Process.h"

#include <omp.h>

using llvm::StringRef;

llvm::Error mlir::mx::prepareThreads(unsigned threads) {
  // OpenMP reads it also where the command line has a number.
  std::string list =
      llvm::sys::Process::GetEnv("OMP_NUM_THREADS").value_or("1");
  for (StringRef text : llvm::split(list, ",")) {
    unsigned number;
    if (text.trim().getAsInteger(10, number) || number == 0 ||
        number > kMostThreads)
      return llvm::createStringError(
          "expected OMP_NUM_THREADS=N with a number from 1 to " +
          llvm::Twine(kMostThreads) + ", found '" + list + "'");
  }
  if (threads)
    omp_set_num_threads(threads);
  return llvm::Error::success();
}
