// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// LLVM IR for this machine: translation, target settings, optimisation.
#ifndef MX_LIB_RUN_CODEGENERATION_H
#define MX_LIB_RUN_CODEGENERATION_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/ExecutionEngine/Orc/JITTargetMachineBuilder.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/Error.h"
#include "llvm/Target/TargetMachine.h"

namespace mlir::mx {

/// The machine that this process runs on, with all its features.
llvm::Expected<llvm::orc::JITTargetMachineBuilder> getHostMachine();

/// Translates `module`, in the LLVM dialect, for `machine`.
llvm::Expected<std::unique_ptr<llvm::Module>>
translate(ModuleOp module, llvm::LLVMContext &context,
          llvm::TargetMachine &machine);

/// Optimises at level 3; in a sanitizer build also instruments the code.
void optimize(llvm::Module &module, llvm::TargetMachine &machine);

} // namespace mlir::mx

#endif // MX_LIB_RUN_CODEGENERATION_H
