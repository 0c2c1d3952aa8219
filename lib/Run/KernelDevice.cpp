// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "KernelDevice.h"
#include "../Devices/Devices.h"
#include "OpenDevice.h"

#include "mlir/AsmParser/AsmParser.h"
#include "mlir/Dialect/SPIRV/IR/SPIRVDialect.h"

using namespace mlir;
using namespace mlir::mx;
using llvm::createStringError;

/// What compiled code calls.
static OpenDevice opened;
/// The places of kernels, and how many numbers they take.
static std::vector<std::pair<std::string, uint32_t>> prepared;

static void *allocate(size_t bytes) {
  void *memory = nullptr;
  opened.call(&mx_accelerator::allocate, bytes, &memory);
  return memory;
}
static void release(void *memory) {
  opened.call(&mx_accelerator::release, memory);
}
static void synchronize() { opened.call(&mx_accelerator::synchronize); }
static void launch(uint64_t kernel, uint64_t x, uint64_t y, uint64_t z,
                   void *const *buffers, const int64_t *numbers) {
  const uint64_t groups[3] = {x, y, z};
  const auto &[place, count] = prepared[kernel];
  opened.place = place;
  SmallVector<uint32_t> given;
  for (int64_t number : ArrayRef(numbers, count)) {
    if (!llvm::isInt<32>(number)) {
      std::fflush(stdout);
      std::fprintf(stderr,
                   "mx-run: error: %s: expected sizes, strides and offsets "
                   "below 2^31 in a kernel, found %lld\n",
                   place.c_str(), static_cast<long long>(number));
      std::_Exit(1);
    }
    given.push_back(static_cast<uint32_t>(number));
  }
  opened.call(&mx_accelerator::launch, kernel, groups, buffers, given.data());
}

SymbolAddresses KernelDevice::getSymbols() {
  return {{"mx_device_launch", reinterpret_cast<void *>(&launch)},
          {"mx_device_synchronize", reinterpret_cast<void *>(&synchronize)},
          // As the conversion of memrefs to LLVM calls them.
          {"_mlir_memref_to_llvm_alloc", reinterpret_cast<void *>(&allocate)},
          {"_mlir_memref_to_llvm_free", reinterpret_cast<void *>(&release)}};
}

MemoryFunctions KernelDevice::getMemory() { return {&allocate, &release}; }

llvm::Expected<std::unique_ptr<KernelDevice>>
KernelDevice::open(StringRef target) {
  if (llvm::Error error =
          opened.open(target == "vulkan" ? mx_vulkan_get() : mx_opencl_get(),
                      "cannot open a device for --target=" + target))
    return std::move(error);
  return std::unique_ptr<KernelDevice>(new KernelDevice);
}

KernelDevice::~KernelDevice() { opened.close(); }

StringRef KernelDevice::getName() const {
  return opened.functions->name(opened.device);
}

static Attribute parse(MLIRContext *context, StringRef environment) {
  context->getOrLoadDialect<spirv::SPIRVDialect>();
  return parseAttribute(environment, context);
}

Attribute mlir::mx::getDefaultEnvironment(MLIRContext *context,
                                          StringRef target) {
  if (target == "vulkan") // That of convert-mx-to-spirv.
    return {};
  return parse(context,
               "#spirv.target_env<#spirv.vce<v1.0, [Kernel, Addresses, "
               "Linkage, Int8, Int16, Int64, Float64], []>, "
               "api=OpenCL, #spirv.resource_limits<>>");
}

Attribute KernelDevice::getEnvironment(MLIRContext *context) const {
  return parse(context, opened.functions->environment(opened.device));
}

llvm::Error KernelDevice::prepare(ArrayRef<Kernel> kernels) {
  prepared.clear();
  for (auto [number, kernel] : llvm::enumerate(kernels)) {
    prepared.emplace_back(kernel.place, kernel.numbers);
    mx_kernel given = {};
    given.name = kernel.name.c_str();
    given.code = kernel.code.data();
    given.code_bytes = kernel.code.size() * sizeof(uint32_t);
    given.buffers = kernel.buffers;
    given.numbers = kernel.numbers;
    llvm::copy(kernel.workgroup, given.workgroup);
    given.shared_bytes = kernel.sharedBytes;
    if (opened.functions->prepare(opened.device, number, &given))
      return createStringError(Twine(kernel.place) + ": " + opened.getText());
  }
  return llvm::Error::success();
}
