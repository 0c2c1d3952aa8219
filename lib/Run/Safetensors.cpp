// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Safetensors.h"

#include "mlir/IR/BuiltinAttributeInterfaces.h"
#include "mlir/Support/DebugStringHelper.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/JSON.h"

using namespace mlir;
using namespace mlir::mx;

/// The name that safetensors has for numbers of `type`. Signless i8 are bytes:
/// packed codes, or the integers of MX INT8.
static StringRef getDtype(Type type) {
  if (type.isInteger(1))
    return "BOOL";
  if (type.isInteger(16))
    return "I16";
  if (type.isInteger(32))
    return "I32";
  if (type.isInteger(64) || type.isIndex())
    return "I64";
  if (type.isF16())
    return "F16";
  if (type.isBF16())
    return "BF16";
  if (type.isF32())
    return "F32";
  if (type.isF64())
    return "F64";
  return "U8";
}

/// Writes one tensor of the bytes from `begin` to `end`.
static void writeTensor(llvm::json::OStream &json, StringRef name,
                        StringRef dtype, ArrayRef<int64_t> shape, int64_t begin,
                        int64_t end) {
  json.attributeObject(name, [&] {
    json.attribute("dtype", dtype);
    json.attributeArray("shape", [&] {
      for (int64_t extent : shape)
        json.value(extent);
    });
    json.attributeArray("data_offsets", [&] {
      json.value(begin);
      json.value(end);
    });
  });
}

std::string mlir::mx::getSafetensorsHeader(ArrayRef<ConstantPlace> places,
                                           uint64_t dataHash) {
  std::string text;
  llvm::raw_string_ostream os(text);
  llvm::json::OStream json(os);
  json.object([&] {
    json.attributeObject("__metadata__", [&] {
      json.attribute("mx.abi", "1");
      json.attribute("mx.data_xxh64", llvm::utohexstr(dataHash));
      for (const ConstantPlace &place : places)
        json.attribute("mx.type." + place.name.str(),
                       debugString(cast<ElementsAttr>(place.value).getType()));
    });
    int64_t end = 0;
    for (auto [index, place] : llvm::enumerate(places)) {
      if (end < place.offset)
        writeTensor(json, "mx.pad." + std::to_string(index), "U8",
                    {place.offset - end}, end, place.offset);
      ShapedType type = cast<ElementsAttr>(place.value).getShapedType();
      end = place.offset + *place.bytes;
      StringRef dtype = getDtype(type.getElementType());
      SmallVector<int64_t> shape(type.getShape());
      if (dtype == "U8" && type.getNumElements() != *place.bytes)
        shape = {*place.bytes};
      writeTensor(json, place.name, dtype, shape, place.offset, end);
    }
  });
  size_t length = llvm::alignTo(8 + text.size(), kConstantAlignment) - 8;
  text.append(length - text.size(), ' ');
  char bytes[8];
  llvm::support::endian::write64le(bytes, length);
  return std::string(bytes, sizeof bytes) + text;
}
