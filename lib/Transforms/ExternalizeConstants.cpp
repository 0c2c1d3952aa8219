// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Transforms/Passes.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/MathExtras.h"

namespace mlir::mx {
#define GEN_PASS_DEF_MXEXTERNALIZECONSTANTS
#include "mx/Transforms/Passes.h.inc"
} // namespace mlir::mx

using namespace mlir;

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
      if (!value || sizeInBytes(global) <= threshold)
        continue;
      table.set(global.getSymName(), value);
      global.removeInitialValueAttr();
      SymbolTable::setSymbolVisibility(global, SymbolTable::Visibility::Public);
      ++numMoved;
    }
    if (!table.empty())
      module->setAttr(mlir::mx::kConstantsAttr,
                      table.getDictionary(&getContext()));
  }

  static int64_t sizeInBytes(memref::GlobalOp global) {
    MemRefType type = global.getType();
    return type.getNumElements() *
           llvm::divideCeil(type.getElementTypeBitWidth(), 8);
  }
};
} // namespace
