// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// LLVM IR for a machine: translation, target settings, optimisation.
#ifndef MX_LIB_RUN_CODEGENERATION_H
#define MX_LIB_RUN_CODEGENERATION_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/ExecutionEngine/Orc/JITTargetMachineBuilder.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/Error.h"
#include "llvm/Target/TargetMachine.h"

namespace mlir::mx {

/// Translates `module`, in the LLVM dialect, for `machine`.
llvm::Expected<std::unique_ptr<llvm::Module>>
translate(ModuleOp module, llvm::LLVMContext &context,
          llvm::TargetMachine &machine);

/// Optimises at level 3; in a sanitizer build also instruments the code that
/// translate made for this process.
void optimize(llvm::Module &module, llvm::TargetMachine &machine);

/// A function of an object file: its name in the module and in the file.
struct Export {
  std::string name, symbol;
};

/// The object file of `module`, in the LLVM dialect, for a shared library. All
/// definitions are local but `exports`, which the library does not show either.
llvm::Expected<llvm::SmallString<0>>
emitObject(ModuleOp module, llvm::orc::JITTargetMachineBuilder machine,
           llvm::ArrayRef<Export> exports);

} // namespace mlir::mx

#endif // MX_LIB_RUN_CODEGENERATION_H
