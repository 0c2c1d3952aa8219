// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// The C interface of a compiled model.
#ifndef MX_LIB_RUN_LIBRARYSOURCE_H
#define MX_LIB_RUN_LIBRARYSOURCE_H

#include "mx/Run/Program.h"

namespace mlir::mx {

/// The symbols of the compiled functions that the C source calls.
constexpr llvm::StringLiteral kRunSymbol("mx_model_run");
constexpr llvm::StringLiteral kShapesSymbol("mx_model_shapes");
constexpr llvm::StringLiteral kWorkspaceSymbol("mx_model_workspace");

struct LibraryDescription {
  /// A C identifier that all names of the interface start with.
  std::string name;
  const Signature &signature;
  uint64_t headerBytes, headerHash, dataBytes, dataHash;
  /// Whether OpenMP runs its loops.
  bool openMP;
};

/// The header that users of the library include.
std::string getLibraryHeader(const LibraryDescription &library);

/// The library's C source but for the compiled functions: the runtime, what is
/// known of the model, and the functions of the header.
std::string getLibrarySource(const LibraryDescription &library);

} // namespace mlir::mx

#endif // MX_LIB_RUN_LIBRARYSOURCE_H
