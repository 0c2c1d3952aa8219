// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// A program as a shared library with a C interface.
#ifndef MX_LIB_RUN_LIBRARY_H
#define MX_LIB_RUN_LIBRARY_H

#include "Build.h"

namespace mlir::mx {

/// The name of what is made of the file `model`: a C identifier that is none of
/// the runtime's.
std::string getLibraryName(StringRef model);

/// Writes libNAME.so, NAME.h and NAME.safetensors to the folder that the
/// options name, which is made if its parent is there; NAME is the model's. The
/// build's program must have come through the stages of a library. All files
/// are written or none.
llvm::Error writeLibrary(Build &build, const RunOptions &options,
                         Progress &progress);

} // namespace mlir::mx

#endif // MX_LIB_RUN_LIBRARY_H
