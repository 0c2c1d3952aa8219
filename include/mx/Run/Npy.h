// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Reading and writing of NumPy's .npy files (format versions 1.0 to 3.0,
/// numpy.lib.format), little-endian and C order.
#ifndef MX_RUN_NPY_H
#define MX_RUN_NPY_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

#include <memory>
#include <string>

namespace mlir::mx {

/// The header of an array: `dtype` is NumPy's type string, such as "<f4".
struct NpyHeader {
  std::string dtype;
  llvm::SmallVector<int64_t> shape;
};

/// An array as it stands in its file.
struct NpyArray {
  NpyHeader header;
  std::unique_ptr<llvm::MemoryBuffer> file;
  /// The elements, a part of `file`.
  llvm::ArrayRef<char> data;
};

/// Reads `path`. A file that is no .npy file, is cut short or too long, or
/// holds another byte order, Fortran order or a structured type is an error
/// that names the file and says what was expected and found.
llvm::Expected<NpyArray> readNpy(llvm::StringRef path);

/// Writes header and elements to `os`.
void writeNpy(llvm::raw_ostream &os, const NpyHeader &header,
              llvm::ArrayRef<char> data);

} // namespace mlir::mx

#endif // MX_RUN_NPY_H
