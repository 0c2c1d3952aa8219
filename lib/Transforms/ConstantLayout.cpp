// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Transforms/ConstantLayout.h"
#include "mx/Transforms/ElementBytes.h"
#include "mx/Transforms/Passes.h"

#include "mlir/IR/BuiltinAttributeInterfaces.h"

using namespace mlir;
using namespace mlir::mx;

SmallVector<ConstantPlace> mlir::mx::layOutConstants(ModuleOp module) {
  SmallVector<ConstantPlace> places;
  auto constants = module->getAttrOfType<DictionaryAttr>(kConstantsAttr);
  if (!constants)
    return places;
  int64_t offset = 0;
  for (NamedAttribute named : constants) {
    offset = llvm::alignTo(offset, kConstantAlignment);
    ConstantPlace &place = places.emplace_back(
        ConstantPlace{named.getName(), named.getValue(), offset, std::nullopt});
    auto elements = dyn_cast<ElementsAttr>(named.getValue());
    if (!elements)
      continue;
    place.bytes = getElementBytes(elements.getElementType());
    if (!place.bytes)
      continue;
    *place.bytes *= elements.getNumElements();
    offset += *place.bytes;
  }
  return places;
}
