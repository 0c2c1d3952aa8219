// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// A device that runs a program's kernels.
#ifndef MX_LIB_RUN_KERNELDEVICE_H
#define MX_LIB_RUN_KERNELDEVICE_H

#include "mx-c/Runtime.h"
#include "mx/Run/Executable.h"

#include "llvm/Support/Error.h"

#include <memory>

namespace mlir::mx {

/// A kernel as a device takes it.
struct Kernel {
  std::string name;
  /// Of the op that it computes.
  std::string place;
  SmallVector<uint32_t, 0> code;
  uint32_t buffers = 0, numbers = 0;
  uint32_t workgroup[3] = {1, 1, 1};
  uint64_t sharedBytes = 0;
};

/// Takes the kernels (spirv.module) out of `module`, in their order.
llvm::Expected<std::vector<Kernel>> takeKernels(ModuleOp module);

/// What SPIR-V `target` (vulkan or opencl) gets where no device is asked.
Attribute getDefaultEnvironment(MLIRContext *context, StringRef target);

/// A device behind the functions of mx-c/Runtime.h. There is one at a time:
/// compiled code calls functions that know it.
class KernelDevice {
public:
  /// Opens the device that `target` names: vulkan or opencl.
  static llvm::Expected<std::unique_ptr<KernelDevice>> open(StringRef target);
  ~KernelDevice();

  /// A name for people.
  StringRef getName() const;
  /// What kernels it runs, as #spirv.target_env; null if that cannot be parsed.
  Attribute getEnvironment(MLIRContext *context) const;

  /// Makes the kernels ready to be launched by their position.
  llvm::Error prepare(ArrayRef<Kernel> kernels);

  /// The functions that compiled code calls. One that fails ends the process
  /// with the device's text.
  static SymbolAddresses getSymbols();
  /// Memory that kernels and the host access.
  static MemoryFunctions getMemory();

private:
  KernelDevice() = default;
};

} // namespace mlir::mx

#endif // MX_LIB_RUN_KERNELDEVICE_H
