// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "PointerArgument.h"
#include "mx/Transforms/ConstantLayout.h"
#include "mx/Transforms/LibraryPasses.h"
#include "mx/Transforms/Passes.h"

namespace mlir::mx {
#define GEN_PASS_DEF_MXBINDCONSTANTS
#include "mx/Transforms/LibraryPasses.h.inc"
} // namespace mlir::mx

using namespace mlir;
using namespace mlir::mx;

namespace {
struct BindConstants : mlir::mx::impl::MXBindConstantsBase<BindConstants> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    llvm::StringMap<int64_t> offsets;
    for (const ConstantPlace &place : layOutConstants(module))
      offsets[place.name] = place.offset;
    SmallVector<LLVM::AddressOfOp> uses;
    FunctionSet users;
    module.walk([&](LLVM::AddressOfOp use) {
      if (!offsets.contains(use.getGlobalName()))
        return;
      uses.push_back(use);
      users.insert(use->getParentOfType<LLVM::LLVMFuncOp>());
    });
    addPointerArgument(module, addCallers(module, std::move(users)));
    for (LLVM::AddressOfOp use : uses) {
      OpBuilder b(use);
      Location loc = use.getLoc();
      auto function = use->getParentOfType<LLVM::LLVMFuncOp>();
      Value offset = LLVM::ConstantOp::create(
          b, loc, b.getI64IntegerAttr(offsets[use.getGlobalName()]));
      Value address = LLVM::GEPOp::create(b, loc, use.getType(), b.getI8Type(),
                                          function.getArguments().back(),
                                          ArrayRef<LLVM::GEPArg>{offset});
      use.getResult().replaceAllUsesWith(address);
      use.erase();
    }
    for (auto global :
         llvm::make_early_inc_range(module.getOps<LLVM::GlobalOp>()))
      if (offsets.contains(global.getSymName()))
        global.erase();
  }
};
} // namespace
