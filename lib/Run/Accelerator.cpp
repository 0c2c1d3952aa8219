// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Accelerator.h"
#include "OpenDevice.h"

#include "mlir/Parser/Parser.h"
#include "llvm/Support/DynamicLibrary.h"
#include "llvm/Support/FileSystem.h"

using namespace mlir;
using namespace mlir::mx;
using llvm::createStringError;

/// What compiled code calls.
static OpenDevice accelerator;
/// Where constants of the program are in the device's storage.
static llvm::DenseMap<const void *, void *> places;
/// Where contractions are in the program.
static std::vector<std::string> contractions;

static void at(uint64_t number) { accelerator.place = contractions[number]; }
static void load(uint64_t to, const void *from, uint64_t bytes) {
  accelerator.call(&mx_accelerator::load, to, from, bytes);
}
static void quantize(uint64_t mma, uint64_t element, uint64_t rule, uint64_t to,
                     uint64_t toScales, uint64_t tileRows, const float *from,
                     uint64_t stride, uint64_t rows, uint64_t depth) {
  accelerator.call(&mx_accelerator::quantize, mma,
                   static_cast<mx_element>(element),
                   static_cast<mx_scale_rule>(rule), to, toScales, tileRows,
                   from, stride, rows, depth);
}
/// The constant at `from` is uploaded once.
static void *place(const void *from, uint64_t bytes) {
  auto [found, isNew] = places.try_emplace(from, nullptr);
  if (isNew) {
    accelerator.call(&mx_accelerator::allocate, bytes, &found->second);
    accelerator.call(&mx_accelerator::upload, found->second, from, bytes);
  }
  return found->second;
}
static void store(void *to, uint64_t from, uint64_t count) {
  accelerator.call(&mx_accelerator::store, to, from, count);
}
static void multiply(uint64_t mma, uint64_t lhsElement, uint64_t rhsElement,
                     uint64_t accumulator, uint64_t lhs, uint64_t lhsScales,
                     uint64_t rhs, uint64_t rhsScales, uint64_t accumulate) {
  accelerator.call(&mx_accelerator::mma, mma,
                   static_cast<mx_element>(lhsElement),
                   static_cast<mx_element>(rhsElement), accumulator, lhs,
                   lhsScales, rhs, rhsScales, accumulate != 0);
}
static void record(uint64_t queue, uint64_t event) {
  accelerator.call(&mx_accelerator::record, static_cast<mx_queue>(queue),
                   event);
}
static void wait(uint64_t queue, uint64_t event) {
  accelerator.call(&mx_accelerator::wait, static_cast<mx_queue>(queue), event);
}
static void synchronize() { accelerator.call(&mx_accelerator::synchronize); }

SymbolAddresses Accelerator::getSymbols(ModuleOp module) {
  contractions.clear();
  if (auto texts = module->getAttrOfType<ArrayAttr>(AcceleratorAttr::kPlaces))
    for (auto text : texts.getAsRange<StringAttr>())
      contractions.push_back(text.str());
  return {
      {"mx_accelerator_at", reinterpret_cast<void *>(&at)},
      {"mx_accelerator_load", reinterpret_cast<void *>(&load)},
      {"mx_accelerator_quantize", reinterpret_cast<void *>(&quantize)},
      {"mx_accelerator_place", reinterpret_cast<void *>(&place)},
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
  auto description =
      (*module)->getAttrOfType<AcceleratorAttr>(AcceleratorAttr::kName);
  if (!description)
    return createStringError("'" + path + "': expected a module with " +
                             AcceleratorAttr::kName + ", found none");
  return description;
}

llvm::Expected<std::unique_ptr<Accelerator>>
Accelerator::open(StringRef path, AcceleratorAttr description) {
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
  bool quantizes = !description.getQuantize().empty();
  bool stores = description.getStorage() > 0;
  for (auto [name, isThere] :
       {std::pair("open", found->open != nullptr),
        std::pair("close", found->close != nullptr),
        std::pair("error", found->error != nullptr),
        std::pair("load", found->load != nullptr),
        std::pair("quantize", found->quantize || !quantizes),
        std::pair("allocate", found->allocate || !stores),
        std::pair("upload", found->upload || !stores),
        std::pair("store", found->store != nullptr),
        std::pair("mma", found->mma != nullptr),
        std::pair("record", found->record != nullptr),
        std::pair("wait", found->wait != nullptr),
        std::pair("synchronize", found->synchronize != nullptr)})
    if (!isThere)
      return createStringError("'" + path + "': expected a function " + name +
                               ", found none");
  places.clear();
  if (llvm::Error error =
          accelerator.open(found, "'" + path + "': cannot open the device"))
    return std::move(error);
  return std::unique_ptr<Accelerator>(new Accelerator);
}

Accelerator::~Accelerator() { accelerator.close(); }

std::optional<uint64_t> Accelerator::getCycles() const {
  if (!accelerator.functions->cycles)
    return std::nullopt;
  return accelerator.functions->cycles(accelerator.device);
}
