// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Run/ConstantSegment.h"

#include "mlir/IR/BuiltinDialect.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::mx;
using llvm::sys::Memory;

/// Bytes of one element in a memref: at least one.
static size_t getElementBytes(ElementsAttr value) {
  return llvm::divideCeil(value.getElementType().getIntOrFloatBitWidth(), 8);
}

/// Writes `value` to `target`; false where its form is unknown.
static bool copyElements(ElementsAttr value, char *target) {
  size_t elementBytes = getElementBytes(value);
  size_t count = value.getNumElements();
  if (auto dense = dyn_cast<DenseElementsAttr>(value)) {
    ArrayRef<char> data = dense.getRawData();
    if (dense.isSplat()) {
      for (size_t i = 0; i < count; ++i)
        std::memcpy(target + i * elementBytes, data.data(), elementBytes);
      return true;
    }
    if (dense.getElementType().isInteger(1)) { // Kept as packed bits.
      for (auto [index, bit] : llvm::enumerate(dense.getValues<bool>()))
        target[index] = bit;
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
  auto &manager =
      DenseResourceElementsHandle::getManagerInterface(value.getContext());
  manager.getBlobManager().update(resource.getRawHandle().getKey(),
                                  AsmResourceBlob());
  return true;
}

llvm::Expected<ConstantSegment> ConstantSegment::create(DictionaryAttr values) {
  ConstantSegment segment;
  if (!values || values.empty())
    return segment;
  for (NamedAttribute named : values) {
    auto value = cast<ElementsAttr>(named.getValue());
    segment.bytes = llvm::alignTo(segment.bytes, kAlignment);
    segment.entries.push_back({named.getName().str(), segment.bytes});
    segment.bytes += value.getNumElements() * getElementBytes(value);
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
  for (auto [named, entry] : llvm::zip(values, segment.entries)) {
    char *target = static_cast<char *>(segment.memory.base()) + entry.offset;
    if (!copyElements(cast<ElementsAttr>(named.getValue()), target))
      return llvm::createStringError("constant '" + entry.name +
                                     "' has no data");
  }
  code = Memory::protectMappedMemory(segment.memory.getMemoryBlock(),
                                     Memory::MF_READ);
  if (code)
    return llvm::createStringError(code, "cannot protect the constants");
  return segment;
}
