// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Shared libraries, by a C compiler of the PATH.
#ifndef MX_LIB_RUN_LINKER_H
#define MX_LIB_RUN_LINKER_H

#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"

namespace mlir::mx {

/// The shared library `name` of an object file and a C source, which exports
/// what the source does; for the machine `triple`, or this one if that is empty.
/// `openMP` links LLVM's OpenMP runtime, where mx-run's own lies. An error names
/// a missing compiler, or says what it said.
llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>>
linkLibrary(llvm::StringRef name, llvm::StringRef object,
            llvm::StringRef source, llvm::StringRef triple, bool openMP);

} // namespace mlir::mx

#endif // MX_LIB_RUN_LINKER_H
