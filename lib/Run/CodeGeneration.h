// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// LLVM IR for a machine: translation, target settings, optimisation.
#ifndef MX_LIB_RUN_CODEGENERATION_H
#define MX_LIB_RUN_CODEGENERATION_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/Error.h"
#include "llvm/Target/TargetMachine.h"

namespace mlir::mx {

/// Translates `module`, in the LLVM dialect, for `machine`.
llvm::Expected<std::unique_ptr<llvm::Module>>
translate(ModuleOp module, llvm::LLVMContext &context,
          llvm::TargetMachine &machine);

/// Optimises at level 3; in a sanitizer build also instruments the code.
void optimize(llvm::Module &module, llvm::TargetMachine &machine);

} // namespace mlir::mx

#endif // MX_LIB_RUN_CODEGENERATION_H
