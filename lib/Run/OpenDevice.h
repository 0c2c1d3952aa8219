// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// What calls of compiled code reach.
#ifndef MX_LIB_RUN_OPENDEVICE_H
#define MX_LIB_RUN_OPENDEVICE_H

#include "mx-c/Runtime.h"

#include "llvm/ADT/Twine.h"
#include "llvm/Support/Error.h"

#include <string>

namespace mlir::mx {

/// A device behind the functions of mx-c/Runtime.h.
struct OpenDevice {
  const mx_accelerator *functions = nullptr;
  mx_device *device = nullptr;
  /// What the program does with it now, for errors.
  std::string place;

  /// Opens a device of these functions; an error begins with `what`.
  llvm::Error open(const mx_accelerator *functions, const llvm::Twine &what);
  void close();

  /// The text on what failed last.
  std::string getText() const;
  /// Calls a function that gives an error or 0. An error ends the process: no
  /// file has been written yet, and the program that runs cannot go on.
  template <typename... Parameters, typename... Arguments>
  void call(int (*mx_accelerator::*function)(mx_device *, Parameters...),
            Arguments... arguments) const {
    if ((functions->*function)(device, arguments...))
      fail();
  }

private:
  [[noreturn]] void fail() const;
};

} // namespace mlir::mx

#endif // MX_LIB_RUN_OPENDEVICE_H
