// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// A program in memory, compiled and ready to be called.
#ifndef MX_RUN_EXECUTABLE_H
#define MX_RUN_EXECUTABLE_H

#include "mx/Run/ConstantSegment.h"

#include "mlir/IR/BuiltinOps.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"

#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

namespace mlir::mx {

/// A dense row-major array in memory. `owner` frees it. Inputs know their
/// bytes.
struct Buffer {
  SmallVector<int64_t> shape;
  char *data = nullptr;
  size_t bytes = 0;
  std::shared_ptr<void> owner;
};

/// Where arrays that a program reads and writes are.
struct MemoryFunctions {
  void *(*allocate)(size_t bytes) = &std::malloc;
  void (*release)(void *memory) = &std::free;

  /// Whether it is what a process has of its own.
  bool isHost() const { return allocate == &std::malloc; }
};

/// Addresses of functions that compiled code calls, by name.
using SymbolAddresses = std::vector<std::pair<std::string, void *>>;

class Executable {
public:
  /// Compiles `module`, in the LLVM dialect, whose function `entry` has the
  /// attribute llvm.emit_c_interface and takes and returns memrefs only, of the
  /// given result ranks. Takes the module's constants (mx.constants) over. The
  /// code is called here, so this machine must have what `machine` has. It
  /// finds `symbols`, and what this process has. Its constants, and what it
  /// takes and returns, are in `memory`, if that is given.
  static llvm::Expected<std::unique_ptr<Executable>>
  create(ModuleOp module, llvm::orc::JITTargetMachineBuilder machine,
         StringRef entry, unsigned numInputs, ArrayRef<int64_t> resultRanks,
         const SymbolAddresses &symbols, MemoryFunctions memory = {});

  /// Calls the entry. Inputs are read in place, or copied to the program's
  /// memory.
  SmallVector<Buffer> invoke(ArrayRef<Buffer> inputs) const;

  /// Bytes of the constants in memory.
  size_t getConstantBytes() const { return constants.size(); }

private:
  std::unique_ptr<llvm::orc::LLJIT> jit;
  ConstantSegment constants;
  MemoryFunctions memory;
  SmallVector<int64_t> resultRanks;
  void (*entry)(void **) = nullptr;
};

/// The optimised LLVM IR (`assembly` false) or the assembly text of `module`
/// for `machine`, as create would compile it.
llvm::Expected<std::string> emitCode(ModuleOp module,
                                     llvm::orc::JITTargetMachineBuilder machine,
                                     bool assembly);

} // namespace mlir::mx

#endif // MX_RUN_EXECUTABLE_H
