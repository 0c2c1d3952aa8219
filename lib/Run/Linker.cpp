// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Linker.h"

#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

/// The words that call a C compiler for `triple`, or for this machine if that
/// is empty. LLVM's packages for Debian call clang clang-22.
static Expected<std::vector<std::string>> findCompiler(StringRef triple) {
  std::string cross = (triple + "-gcc").str();
  std::vector<std::string> names{"cc", "clang", "gcc", "clang-" MX_LLVM_MAJOR};
  if (!triple.empty())
    names = {cross, "clang", "clang-" MX_LLVM_MAJOR};
  for (const std::string &name : names) {
    ErrorOr<std::string> program = sys::findProgramByName(name);
    if (!program)
      continue;
    if (triple.empty() || name == cross)
      return std::vector{*program};
    return std::vector{*program, ("--target=" + triple).str()};
  }
  return createStringError("expected " +
                           (triple.empty() ? Twine("cc, clang or gcc")
                                           : Twine(cross) + " or clang") +
                           " on the PATH to link the library with, found none");
}

static Error writeFile(StringRef file, StringRef text) {
  std::error_code code;
  raw_fd_ostream os(file, code);
  os << text;
  os.flush();
  if (!code)
    code = os.error();
  os.clear_error();
  if (code)
    return createStringError(code,
                             "cannot write '" + file + "': " + code.message());
  return Error::success();
}

static Expected<std::unique_ptr<MemoryBuffer>> readFile(StringRef file) {
  auto buffer = MemoryBuffer::getFile(file, /*IsText=*/false,
                                      /*RequiresNullTerminator=*/false,
                                      /*IsVolatile=*/true); // Not mapped.
  if (!buffer)
    return createStringError(buffer.getError(),
                             "cannot read '" + file +
                                 "': " + buffer.getError().message());
  return std::move(*buffer);
}

Expected<std::unique_ptr<MemoryBuffer>>
mlir::mx::linkLibrary(StringRef name, StringRef object, StringRef source,
                      StringRef triple, bool openMP) {
  auto compiler = findCompiler(triple);
  if (!compiler)
    return compiler.takeError();
  SmallString<128> folder;
  if (std::error_code code = fs::createUniqueDirectory("mx-run", folder))
    return createStringError(code, "cannot make a temporary folder: " +
                                       code.message());
  scope_exit remove([&] { fs::remove_directories(folder); });
  auto in = [&](const Twine &file) { return (folder + "/" + file).str(); };
  std::string code = in("model.o"), text = in("model.c"), library = in(name),
              messages = in("messages");
  if (Error error = writeFile(code, object))
    return std::move(error);
  if (Error error = writeFile(text, source))
    return std::move(error);
  std::string soname = ("-Wl,-soname," + name).str();
  SmallVector<StringRef> arguments(compiler->begin(), compiler->end());
  arguments.append({"-std=c99", "-O2", "-fPIC", "-shared",
                    "-fvisibility=hidden", soname, "-o", library, text, code,
                    "-lm", "-D_POSIX_C_SOURCE=200809L"});
  std::string runtimePath =
      ("-Wl,-rpath," + path::parent_path(MX_LIBOMP)).str();
  if (openMP)
    arguments.append({MX_LIBOMP, runtimePath});
  std::optional<StringRef> redirects[] = {StringRef(), StringRef(messages),
                                          StringRef(messages)};
  std::string failure;
  int status = sys::ExecuteAndWait(arguments[0], arguments, std::nullopt,
                                   redirects, 0, 0, &failure);
  if (status == 0)
    return readFile(library);
  if (auto said = readFile(messages))
    failure += (*said)->getBuffer();
  else
    consumeError(said.takeError());
  return createStringError("'" + arguments[0] + "' cannot link the library: " +
                           StringRef(failure).rtrim());
}
