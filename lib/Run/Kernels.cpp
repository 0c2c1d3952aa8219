// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Kernels as binaries, with what a device has to know of them.
#include "KernelDevice.h"
#include "mx/IR/Locations.h"

#include "mlir/Dialect/SPIRV/IR/SPIRVOps.h"
#include "mlir/Target/SPIRV/Serialization.h"

using namespace mlir;
using namespace mlir::mx;

/// The bytes of what a variable of `type`, as kernels declare them, holds.
static uint64_t getBytes(Type type) {
  if (auto pointer = dyn_cast<spirv::PointerType>(type))
    return getBytes(pointer.getPointeeType());
  if (auto structure = dyn_cast<spirv::StructType>(type)) {
    uint64_t bytes = 0;
    for (unsigned i = 0; i < structure.getNumElements(); ++i)
      bytes += getBytes(structure.getElementType(i));
    return bytes;
  }
  if (auto array = dyn_cast<spirv::ArrayType>(type))
    return array.getNumElements() * getBytes(array.getElementType());
  return llvm::divideCeil(type.getIntOrFloatBitWidth(), 8);
}

/// What the module's variables, arguments and execution modes tell.
static void describe(spirv::ModuleOp module, Kernel &kernel) {
  for (auto entry : module.getOps<spirv::EntryPointOp>())
    kernel.name = entry.getFn().str();
  for (auto variable : module.getOps<spirv::GlobalVariableOp>()) {
    auto pointer = cast<spirv::PointerType>(variable.getType());
    if (pointer.getStorageClass() == spirv::StorageClass::StorageBuffer)
      ++kernel.buffers;
    else if (pointer.getStorageClass() == spirv::StorageClass::PushConstant)
      kernel.numbers = getBytes(pointer) / sizeof(uint32_t);
    else if (pointer.getStorageClass() == spirv::StorageClass::Workgroup)
      kernel.sharedBytes += getBytes(pointer);
  }
  for (auto function : module.getOps<spirv::FuncOp>()) {
    kernel.place = describeLocation(function.getLoc());
    for (Type type : function.getArgumentTypes())
      ++(isa<spirv::PointerType>(type) ? kernel.buffers : kernel.numbers);
  }
  for (auto mode : module.getOps<spirv::ExecutionModeOp>())
    if (mode.getExecutionMode() == spirv::ExecutionMode::LocalSize)
      for (auto [axis, size] :
           llvm::enumerate(mode.getValues().getAsValueRange<IntegerAttr>()))
        kernel.workgroup[axis] = size.getZExtValue();
}

llvm::Expected<std::vector<Kernel>> mlir::mx::takeKernels(ModuleOp module) {
  std::vector<Kernel> kernels;
  for (auto code :
       llvm::make_early_inc_range(module.getOps<spirv::ModuleOp>())) {
    Kernel &kernel = kernels.emplace_back();
    describe(code, kernel);
    if (failed(spirv::serialize(code, kernel.code)))
      return llvm::createStringError("cannot write kernel '" + kernel.name +
                                     "' as SPIR-V");
    code.erase();
  }
  return kernels;
}
