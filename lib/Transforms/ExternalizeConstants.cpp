// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Transforms/ElementBytes.h"
#include "mx/Transforms/Passes.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/DialectResourceBlobManager.h"

namespace mlir::mx {
#define GEN_PASS_DEF_MXEXTERNALIZECONSTANTS
#include "mx/Transforms/Passes.h.inc"
} // namespace mlir::mx

using namespace mlir;

/// A resource of one element as an attribute that can be read without its blob,
/// which finalize-memref-to-llvm does.
static ElementsAttr makeDense(ElementsAttr value) {
  auto resource = dyn_cast<DenseResourceElementsAttr>(value);
  AsmResourceBlob *blob =
      resource ? resource.getRawHandle().getBlob() : nullptr;
  bool isSplat;
  if (!blob || value.getShapedType().getRank() != 0 ||
      !DenseElementsAttr::isValidRawBuffer(value.getShapedType(),
                                           blob->getData(), isSplat))
    return value;
  return DenseElementsAttr::getFromRawBuffer(value.getShapedType(),
                                             blob->getData());
}

namespace {
struct ExternalizeConstants
    : mlir::mx::impl::MXExternalizeConstantsBase<ExternalizeConstants> {
  using MXExternalizeConstantsBase::MXExternalizeConstantsBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    NamedAttrList table;
    if (auto present =
            module->getAttrOfType<DictionaryAttr>(mlir::mx::kConstantsAttr))
      table.append(present.begin(), present.end());
    for (auto global : module.getOps<memref::GlobalOp>()) {
      ElementsAttr value = global.getConstantInitValue();
      if (!isa_and_nonnull<DenseElementsAttr, DenseResourceElementsAttr>(value))
        continue;
      std::optional<int64_t> bytes =
          mlir::mx::getElementBytes(value.getElementType());
      if (!bytes || value.getNumElements() * *bytes <= threshold) {
        global.setInitialValueAttr(makeDense(value));
        continue;
      }
      table.set(global.getSymName(), value);
      global.removeInitialValueAttr();
      SymbolTable::setSymbolVisibility(global, SymbolTable::Visibility::Public);
      ++numMoved;
    }
    if (!table.empty())
      module->setAttr(mlir::mx::kConstantsAttr,
                      table.getDictionary(&getContext()));
  }
};
} // namespace
