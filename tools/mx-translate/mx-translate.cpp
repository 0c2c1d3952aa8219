// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// mlir-translate of the MLIR that mx is built with: what the pipelines end in,
/// the LLVM dialect and EmitC, to LLVM IR and to C.
#include "mlir/InitAllTranslations.h"
#include "mlir/Tools/mlir-translate/MlirTranslateMain.h"

int main(int argc, char **argv) {
  mlir::registerAllTranslations();
  return mlir::failed(
      mlir::mlirTranslateMain(argc, argv, "mx translation tool"));
}
