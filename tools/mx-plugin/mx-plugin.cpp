// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// mx as a plugin of stock mlir-opt: dialect, passes and pipelines.
#include "mx/InitAll.h"

#include "mlir/Tools/Plugins/DialectPlugin.h"
#include "mlir/Tools/Plugins/PassPlugin.h"
#include "llvm/Config/llvm-config.h"

extern "C" LLVM_ATTRIBUTE_WEAK mlir::DialectPluginLibraryInfo
mlirGetDialectPluginInfo() {
  return {MLIR_PLUGIN_API_VERSION, "mx", LLVM_VERSION_STRING,
          [](mlir::DialectRegistry *registry) {
            mlir::mx::registerAllDialects(*registry);
            mlir::mx::registerAllPasses();
          }};
}

extern "C" LLVM_ATTRIBUTE_WEAK mlir::PassPluginLibraryInfo
mlirGetPassPluginInfo() {
  return {MLIR_PLUGIN_API_VERSION, "mx", LLVM_VERSION_STRING,
          [] { mlir::mx::registerAllPasses(); }};
}
