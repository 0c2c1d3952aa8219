// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// The machine that programs are compiled for: this one, or another
/// by its triple and CPU.
#ifndef MX_LIB_RUN_MACHINE_H
#define MX_LIB_RUN_MACHINE_H

#include "mx/IR/MX.h"

#include "llvm/ExecutionEngine/Orc/JITTargetMachineBuilder.h"
#include "llvm/Support/Error.h"
#include "llvm/Target/TargetMachine.h"

namespace mlir::mx {

/// A machine as users name it. Without a triple, one of this machine's
/// architecture: that CPU or, without one either, this machine with all
/// features that it has.
struct MachineName {
  StringRef triple, cpu;
};

/// An error for names that LLVM does not know, and for machines that are not
/// little-endian with pointers of 64 bits.
llvm::Expected<llvm::orc::JITTargetMachineBuilder>
getMachine(const MachineName &name);

/// An error unless this machine has every feature of `cpu` that code can use.
llvm::Error checkRunsHere(StringRef cpu);

/// Prints the names of CPUs that getMachine takes beside `triple`.
llvm::Error printCPUs(llvm::raw_ostream &os, StringRef triple);

/// The width of the vector registers that `machine` has.
int64_t getVectorBits(const llvm::TargetMachine &machine);

/// An error if `target` has an instruction that `machine` lacks.
llvm::Error checkIntrinsics(TargetAttr target,
                            const llvm::TargetMachine &machine);

/// The description of `machine` for passes.
TargetAttr describe(MLIRContext *context, const llvm::TargetMachine &machine);

} // namespace mlir::mx

#endif // MX_LIB_RUN_MACHINE_H
