// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Accelerator.h"

#include "mlir/Parser/Parser.h"
#include "llvm/Support/DynamicLibrary.h"
#include "llvm/Support/FileSystem.h"

using namespace mlir;
using namespace mlir::mx;
using llvm::createStringError;

/// The functions and the device that compiled code calls.
static const mx_accelerator *functions;
static mx_device *device;

static std::string getText() {
  const char *text = functions->error(device);
  return text && *text ? text : "an error without a text";
}

/// Ends the process: no file has been written yet, and the program that runs
/// cannot go on.
static void check(int code) {
  if (code == 0)
    return;
  std::fflush(stdout);
  std::fprintf(stderr, "mx-run: error: the accelerator failed: %s\n",
               getText().c_str());
  std::_Exit(1);
}

static void load(uint64_t to, const void *from, uint64_t bytes) {
  check(functions->load(device, to, from, bytes));
}
static void store(void *to, uint64_t from, uint64_t count) {
  check(functions->store(device, to, from, count));
}
static void multiply(uint64_t mma, uint64_t lhsElement, uint64_t rhsElement,
                     uint64_t accumulator, uint64_t lhs, uint64_t lhsScales,
                     uint64_t rhs, uint64_t rhsScales, uint64_t accumulate) {
  check(functions->mma(device, mma, static_cast<mx_element>(lhsElement),
                       static_cast<mx_element>(rhsElement), accumulator, lhs,
                       lhsScales, rhs, rhsScales, accumulate != 0));
}
static void record(uint64_t queue, uint64_t event) {
  check(functions->record(device, static_cast<mx_queue>(queue), event));
}
static void wait(uint64_t queue, uint64_t event) {
  check(functions->wait(device, static_cast<mx_queue>(queue), event));
}
static void synchronize() { check(functions->synchronize(device)); }

SymbolAddresses Accelerator::getSymbols() {
  return {
      {"mx_accelerator_load", reinterpret_cast<void *>(&load)},
      {"mx_accelerator_store", reinterpret_cast<void *>(&store)},
      {"mx_accelerator_mma", reinterpret_cast<void *>(&multiply)},
      {"mx_accelerator_record", reinterpret_cast<void *>(&record)},
      {"mx_accelerator_wait", reinterpret_cast<void *>(&wait)},
      {"mx_accelerator_synchronize", reinterpret_cast<void *>(&synchronize)}};
}

llvm::Expected<AcceleratorAttr> mlir::mx::readAccelerator(MLIRContext &context,
                                                          StringRef path) {
  OwningOpRef<ModuleOp> module = parseSourceFile<ModuleOp>(path, &context);
  if (!module)
    return createStringError("cannot read '" + path + "' as a description");
  auto accelerator =
      (*module)->getAttrOfType<AcceleratorAttr>(AcceleratorAttr::kName);
  if (!accelerator)
    return createStringError("'" + path + "': expected a module with " +
                             AcceleratorAttr::kName + ", found none");
  return accelerator;
}

llvm::Expected<std::unique_ptr<Accelerator>> Accelerator::open(StringRef path) {
  // A name without a folder would be looked for where libraries are.
  SmallString<128> file(path);
  llvm::sys::fs::make_absolute(file);
  std::string error;
  auto library =
      llvm::sys::DynamicLibrary::getPermanentLibrary(file.c_str(), &error);
  if (!library.isValid())
    return createStringError("cannot load '" + path + "': " + error);
  auto *get = reinterpret_cast<const mx_accelerator *(*)()>(
      library.getAddressOfSymbol("mx_accelerator_get"));
  if (!get)
    return createStringError("'" + path +
                             "': expected a function mx_accelerator_get, found "
                             "none");
  const mx_accelerator *found = get();
  if (!found || found->version != MX_RUNTIME_VERSION)
    return createStringError("'" + path + "': expected version " +
                             Twine(MX_RUNTIME_VERSION) +
                             " of include/mx-c/Runtime.h, found " +
                             Twine(found ? found->version : 0));
  for (auto [name, isThere] :
       {std::pair("open", found->open != nullptr),
        std::pair("close", found->close != nullptr),
        std::pair("error", found->error != nullptr),
        std::pair("load", found->load != nullptr),
        std::pair("store", found->store != nullptr),
        std::pair("mma", found->mma != nullptr),
        std::pair("record", found->record != nullptr),
        std::pair("wait", found->wait != nullptr),
        std::pair("synchronize", found->synchronize != nullptr)})
    if (!isThere)
      return createStringError("'" + path + "': expected a function " + name +
                               ", found none");
  functions = found;
  device = nullptr;
  if (functions->open(&device))
    return createStringError("'" + path +
                             "': cannot open the device: " + getText());
  return std::unique_ptr<Accelerator>(new Accelerator);
}

Accelerator::~Accelerator() {
  functions->close(device);
  device = nullptr;
}

std::optional<uint64_t> Accelerator::getCycles() const {
  return functions->cycles ? std::optional(functions->cycles(device))
                           : std::nullopt;
}
