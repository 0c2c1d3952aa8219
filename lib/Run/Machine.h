// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// The machine that programs are compiled for: this one, or a CPU by its name.
#ifndef MX_LIB_RUN_MACHINE_H
#define MX_LIB_RUN_MACHINE_H

#include "mx/IR/MX.h"

#include "llvm/ExecutionEngine/Orc/JITTargetMachineBuilder.h"
#include "llvm/Support/Error.h"
#include "llvm/Target/TargetMachine.h"

namespace mlir::mx {

/// The CPU of this machine's architecture that LLVM calls `cpu`, or, if that is
/// empty, this machine with all features that it has.
llvm::Expected<llvm::orc::JITTargetMachineBuilder> getMachine(StringRef cpu);

/// An error unless this machine has every feature of `cpu` that code can use.
llvm::Error checkRunsHere(StringRef cpu);

/// Prints the names that getMachine takes.
llvm::Error printCPUs(llvm::raw_ostream &os);

/// The width of the vector registers that `machine` has.
int64_t getVectorBits(const llvm::TargetMachine &machine);

/// The description of `machine` for passes.
TargetAttr describe(MLIRContext *context, const llvm::TargetMachine &machine);

} // namespace mlir::mx

#endif // MX_LIB_RUN_MACHINE_H
