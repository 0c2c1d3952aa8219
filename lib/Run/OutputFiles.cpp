// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "OutputFiles.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Path.h"

using namespace llvm;
using namespace mlir::mx;

static Error cannotWrite(StringRef path, std::error_code code) {
  return createStringError(code,
                           "cannot write '" + path + "': " + code.message());
}

/// What went wrong with `os`, which forgets it.
static std::error_code takeError(raw_fd_ostream &os) {
  os.flush();
  std::error_code code = os.error();
  os.clear_error();
  return code;
}

OutputFiles::~OutputFiles() {
  for (sys::fs::TempFile &file : files)
    consumeError(file.discard());
}

Error OutputFiles::add(StringRef path) {
  sys::fs::file_status status;
  std::error_code code = sys::fs::status(path, status);
  if (!code && !sys::fs::is_regular_file(status)) {
    if (sys::fs::is_directory(status))
      return createStringError("expected a file '" + path +
                               "', found a folder");
    destinations.push_back({path.str(), path.str(), /*inPlace=*/true});
    return Error::success();
  }
  SmallString<128> folder = sys::path::parent_path(path);
  if (folder.empty())
    folder = ".";
  if (!sys::fs::is_directory(folder))
    return createStringError("expected a folder '" + folder + "' for '" + path +
                             "', found none");
  if (code && (code != std::errc::no_such_file_or_directory ||
               sys::fs::is_symlink_file(path)))
    return cannotWrite(path, code);

  SmallString<128> target;
  if (!code) {
    code = sys::fs::real_path(path, target);
  } else {
    code = sys::fs::real_path(folder, target);
    sys::path::append(target, sys::path::filename(path));
  }
  if (!code)
    code = sys::fs::access(sys::path::parent_path(target),
                           sys::fs::AccessMode::Write);
  if (code)
    return cannotWrite(path, code);
  for (const Destination &other : destinations)
    if (!other.inPlace && other.target == target)
      return createStringError("expected a file for each result, found '" +
                               other.path + "' and '" + path +
                               "', which are the same");
  destinations.push_back({path.str(), target.str().str(), /*inPlace=*/false});
  return Error::success();
}

Error OutputFiles::write(ArrayRef<Writer> writers) {
  for (auto [destination, writer] : zip_equal(destinations, writers)) {
    if (destination.inPlace)
      continue;
    auto file = sys::fs::TempFile::create(destination.target + ".%%%%%%.tmp");
    if (!file)
      return cannotWrite(destination.path, errorToErrorCode(file.takeError()));
    files.push_back(std::move(*file));
    raw_fd_ostream os(files.back().FD, /*shouldClose=*/false);
    writer(os);
    if (std::error_code code = takeError(os))
      return cannotWrite(destination.path, code);
  }
  for (auto [destination, writer] : zip_equal(destinations, writers)) {
    if (!destination.inPlace)
      continue;
    int descriptor;
    if (std::error_code code = sys::fs::openFileForWrite(
            destination.target, descriptor, sys::fs::CD_OpenExisting))
      return cannotWrite(destination.path, code);
    raw_fd_ostream os(descriptor, /*shouldClose=*/true);
    writer(os);
    if (std::error_code code = takeError(os))
      return cannotWrite(destination.path, code);
  }
  return Error::success();
}

Error OutputFiles::commit() {
  auto file = files.begin();
  for (const Destination &destination : destinations) {
    if (destination.inPlace)
      continue;
    if (Error error = (file++)->keep(destination.target))
      return cannotWrite(destination.path, errorToErrorCode(std::move(error)));
  }
  files.clear();
  return Error::success();
}

Error mlir::mx::writeToFolder(StringRef folder, ArrayRef<NamedWriter> named) {
  if (std::error_code code = sys::fs::create_directory(
          folder, /*IgnoreExisting=*/true, sys::fs::all_all))
    return createStringError(code, "cannot make the folder '" + folder +
                                       "': " + code.message());
  OutputFiles files;
  std::vector<OutputFiles::Writer> writers;
  for (const NamedWriter &file : named) {
    SmallString<128> target = folder;
    sys::path::append(target, file.name);
    if (Error error = files.add(target))
      return error;
    writers.push_back(file.write);
  }
  if (Error error = files.write(writers))
    return error;
  return files.commit();
}

Error mlir::mx::flushStandardOutput() {
  if (std::error_code code = takeError(outs()))
    return cannotWrite("standard output", code);
  return Error::success();
}
