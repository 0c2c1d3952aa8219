// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// A model file, parsed, and the way from it to an executable.
#ifndef MX_RUN_PROGRAM_H
#define MX_RUN_PROGRAM_H

#include "mx/Pipelines/Pipelines.h"
#include "mx/Run/Executable.h"
#include "mx/Run/Taps.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/OwningOpRef.h"

namespace mlir::mx {

/// The tensors that an entry takes and returns.
struct Signature {
  SmallVector<RankedTensorType> inputs;
  SmallVector<RankedTensorType> results;
};

class Program {
public:
  /// Parses `path`, text or bytecode, and finds the entry: the function `name`
  /// or, where that is empty, the only public one. Functions that it does not
  /// need are dropped. Diagnostics go to the context's handler; the error says
  /// what failed as a whole.
  static llvm::Expected<Program> load(MLIRContext &context, StringRef path,
                                      StringRef name);

  /// Inlines calls, so that constants and contractions are seen where they
  /// are used.
  llvm::Error inlineCalls();

  /// Gives the entry's arguments with dynamic extents those of `shapes`, as
  /// mx-set-shapes has them.
  llvm::Error setShapes(const std::vector<std::string> &shapes);

  /// Makes the results of contractions results of the entry, after its own.
  Taps tap();

  /// Runs one stage of a pipeline.
  llvm::Error run(const PipelineStage &stage);

  /// An error unless all stages have lowered the module to the LLVM dialect,
  /// and the symbols that it lacks are among `symbols` or this process has
  /// them.
  llvm::Error checkLowered(const SymbolAddresses &symbols = {});

  /// Compiles the module, which all stages have lowered to the LLVM dialect,
  /// for `machine`; its arrays are in `memory`.
  llvm::Expected<std::unique_ptr<Executable>>
  compile(llvm::orc::JITTargetMachineBuilder machine,
          const SymbolAddresses &symbols, MemoryFunctions memory = {});

  const Signature &getSignature() const { return signature; }
  ModuleOp getModule() { return *module; }
  /// The entry as the file calls it, and its symbol in the module.
  StringRef getEntryName() const { return entryName; }
  StringRef getEntry() const { return entry; }

private:
  /// Takes the entry's types, which are tensors of numbers, anew.
  void readSignature();

  OwningOpRef<ModuleOp> module;
  std::string entryName, entry;
  Signature signature;
};

/// All dialects, interfaces and translations that a program may need.
void registerRunDialects(DialectRegistry &registry);

} // namespace mlir::mx

#endif // MX_RUN_PROGRAM_H
