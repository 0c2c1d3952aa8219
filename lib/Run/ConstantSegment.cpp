// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Run/ConstantSegment.h"
#include "mx/Transforms/ConstantLayout.h"
#include "mx/Transforms/ElementBytes.h"
#include "mx/Transforms/Passes.h"

#include "mlir/IR/BuiltinDialect.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/DialectResourceBlobManager.h"

#include <sys/mman.h>

using namespace mlir;
using namespace mlir::mx;
using llvm::sys::Memory;

/// Writes `value` to `target`; false where its form is unknown.
static bool copyElements(ElementsAttr value, char *target) {
  size_t elementBytes = *getElementBytes(value.getElementType());
  size_t count = value.getNumElements();
  if (auto dense = dyn_cast<DenseElementsAttr>(value)) {
    if (dense.getElementType().isInteger(1)) { // Kept as packed bits.
      for (auto [index, bit] : llvm::enumerate(dense.getValues<bool>()))
        target[index] = bit;
      return true;
    }
    ArrayRef<char> data = dense.getRawData();
    if (dense.isSplat()) {
      for (size_t i = 0; i < count; ++i)
        std::memcpy(target + i * elementBytes, data.data(), elementBytes);
      return true;
    }
    std::memcpy(target, data.data(), data.size());
    return data.size() == count * elementBytes;
  }
  auto resource = dyn_cast<DenseResourceElementsAttr>(value);
  if (!resource)
    return false;
  AsmResourceBlob *blob = resource.getRawHandle().getBlob();
  if (!blob || blob->getData().size() != count * elementBytes)
    return false;
  std::memcpy(target, blob->getData().data(), blob->getData().size());
  return true;
}

/// Where the elements of `value` stand, if outside of the context.
static DialectResourceBlobManager::BlobEntry *getBlobEntry(Attribute value) {
  auto resource = dyn_cast<DenseResourceElementsAttr>(value);
  return resource ? resource.getRawHandle().getResource() : nullptr;
}

/// Reports a constant without such elements, where its symbol stands.
static llvm::Error refuse(ModuleOp module, NamedAttribute constant) {
  Operation *symbol = module.lookupSymbol(constant.getName());
  InFlightDiagnostic diagnostic = (symbol ? symbol : module)->emitError();
  diagnostic << "expected dense elements of 2^n bytes for the constant '"
             << constant.getName().getValue() << "', found ";
  if (auto elements = dyn_cast<ElementsAttr>(constant.getValue()))
    diagnostic << "a value of " << elements.getType();
  else
    diagnostic << constant.getValue();
  return llvm::createStringError("the module holds a constant that cannot be "
                                 "stored");
}

llvm::Expected<ConstantSegment> ConstantSegment::create(ModuleOp module) {
  ConstantSegment segment;
  auto values = module->getAttrOfType<DictionaryAttr>(kConstantsAttr);
  if (!values || values.empty())
    return segment;
  // Constants of different types may share a blob.
  DenseMap<DialectResourceBlobManager::BlobEntry *, unsigned> users;
  for (const ConstantPlace &place : layOutConstants(module)) {
    if (!place.bytes)
      return refuse(module, {place.name, place.value});
    segment.bytes = place.offset + *place.bytes;
    segment.entries.push_back({place.name.str(), size_t(place.offset)});
    ++users[getBlobEntry(place.value)];
  }
  std::error_code code;
  segment.memory = llvm::sys::OwningMemoryBlock(
      Memory::allocateMappedMemory(std::max<size_t>(segment.bytes, 1), nullptr,
                                   Memory::MF_READ | Memory::MF_WRITE, code));
  if (code)
    return llvm::createStringError(code,
                                   "cannot allocate %zu bytes of "
                                   "constants",
                                   segment.bytes);
#ifdef MADV_HUGEPAGE
  // Weights are read from end to end: with pages of 4 KiB, looking these up
  // costs as much as reading. A system without larger ones says no.
  (void)madvise(segment.memory.base(), segment.memory.allocatedSize(),
                MADV_HUGEPAGE);
#endif
  for (auto [named, entry] : llvm::zip(values, segment.entries)) {
    char *target = static_cast<char *>(segment.memory.base()) + entry.offset;
    if (!copyElements(cast<ElementsAttr>(named.getValue()), target))
      return refuse(module, named);
    auto *blob = getBlobEntry(named.getValue());
    if (--users[blob] == 0 && blob)
      blob->setBlob(AsmResourceBlob());
  }
  code = Memory::protectMappedMemory(segment.memory.getMemoryBlock(),
                                     Memory::MF_READ);
  if (code)
    return llvm::createStringError(code, "cannot protect the constants");
  module->removeAttr(kConstantsAttr);
  return segment;
}
