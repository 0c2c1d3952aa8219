// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Included before everything else in code that links libMLIR.
//
// libMLIR constructs the statistics inside our passes. They have state only in
// an LLVM with assertions (or LLVM_FORCE_ENABLE_STATS), but llvm/ADT/Statistic.h
// asks whether the code that includes it has assertions. Debian's LLVM has none
// and our Dev build has. The header is therefore read once, as LLVM read it.
#ifndef MX_CMAKE_STATISTICABI_H
#define MX_CMAKE_STATISTICABI_H

#pragma push_macro("NDEBUG")
#undef NDEBUG
#if !MX_LLVM_ASSERTIONS
#define NDEBUG
#endif
#include "llvm/ADT/Statistic.h"
#pragma pop_macro("NDEBUG")

#endif // MX_CMAKE_STATISTICABI_H
