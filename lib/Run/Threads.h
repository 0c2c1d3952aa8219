// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// How many threads OpenMP may have.
#ifndef MX_LIB_RUN_THREADS_H
#define MX_LIB_RUN_THREADS_H

#include "llvm/Support/Error.h"

namespace mlir::mx {

/// More than any machine's cores, but no more than systems give a process:
/// OpenMP's runtime aborts when it cannot have a thread.
constexpr unsigned kMostThreads = 4096;

/// Has OpenMP run `threads` threads, or if 0 what OMP_NUM_THREADS tells. An
/// error if that is no list of numbers, where OpenMP's runtime would abort.
llvm::Error prepareThreads(unsigned threads);

} // namespace mlir::mx

#endif // MX_LIB_RUN_THREADS_H
