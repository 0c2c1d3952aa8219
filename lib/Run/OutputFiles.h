// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// The files that a run writes: all of them or none.
#ifndef MX_LIB_RUN_OUTPUTFILES_H
#define MX_LIB_RUN_OUTPUTFILES_H

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

#include <functional>
#include <string>
#include <vector>

namespace mlir::mx {

class OutputFiles {
public:
  using Writer = std::function<void(llvm::raw_ostream &)>;

  OutputFiles() = default;
  OutputFiles(const OutputFiles &) = delete;
  OutputFiles &operator=(const OutputFiles &) = delete;
  /// Removes what was written and not committed.
  ~OutputFiles();

  /// Adds a destination. A missing folder, one that cannot be written to, a
  /// folder in place of a file, and a file that was added before are errors. A
  /// symbolic link stands for its target.
  llvm::Error add(llvm::StringRef path);

  /// Writes every destination by its writer: regular files to temporary files
  /// beside them; after these, what is none, such as a pipe, in place.
  llvm::Error write(llvm::ArrayRef<Writer> writers);

  /// Renames the temporary files to their destinations.
  llvm::Error commit();

private:
  struct Destination {
    std::string path, target;
    bool inPlace;
  };
  std::vector<Destination> destinations;
  /// Beside those destinations that are not written in place, in their order.
  std::vector<llvm::sys::fs::TempFile> files;
};

/// A file's name in a folder, and what writes it.
struct NamedWriter {
  std::string name;
  OutputFiles::Writer write;
};

/// Writes all files or none to `folder`, which is made if its parent is there.
llvm::Error writeToFolder(llvm::StringRef folder,
                          llvm::ArrayRef<NamedWriter> files);

/// Flushes standard output and gives what went wrong there since the last call.
llvm::Error flushStandardOutput();

} // namespace mlir::mx

#endif // MX_LIB_RUN_OUTPUTFILES_H
