// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// An accelerator that a program runs on beside the CPU.
#ifndef MX_LIB_RUN_ACCELERATOR_H
#define MX_LIB_RUN_ACCELERATOR_H

#include "mx-c/Runtime.h"
#include "mx/IR/MX.h"
#include "mx/Run/Executable.h"

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/Error.h"

#include <memory>

namespace mlir::mx {

/// Reads a description: an MLIR file of a module with `mx.accelerator`.
/// Diagnostics go to the context's handler.
llvm::Expected<AcceleratorAttr> readAccelerator(MLIRContext &context,
                                                StringRef path);

/// A device behind the functions of a library (include/mx-c/Runtime.h). There
/// is one at a time: compiled code calls functions that know it.
class Accelerator {
public:
  /// Opens the device of the library at `path`, which `description` describes.
  static llvm::Expected<std::unique_ptr<Accelerator>>
  open(StringRef path, AcceleratorAttr description);
  ~Accelerator();

  /// The functions that the code of `module` calls. One that fails ends the
  /// process with the text of the library.
  static SymbolAddresses getSymbols(ModuleOp module);

  /// What it counted, if it counts.
  std::optional<uint64_t> getCycles() const;

private:
  Accelerator() = default;
};

} // namespace mlir::mx

#endif // MX_LIB_RUN_ACCELERATOR_H
