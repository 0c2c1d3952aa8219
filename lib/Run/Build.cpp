// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Build.h"
#include "Accelerator.h"
#include "CSource.h"
#include "Library.h"
#include "Machine.h"
#include "OutputFiles.h"
#include "mx/IR/Locations.h"

#include "mlir/Dialect/SPIRV/IR/TargetAndABI.h"

using namespace mlir;
using namespace mlir::mx;

/// Prints an error or warning with its place. Remarks, which say what was
/// rewritten and why not, are for those who ask.
static void printDiagnostic(Diagnostic &diagnostic, bool remarks) {
  StringRef kind;
  switch (diagnostic.getSeverity()) {
  case DiagnosticSeverity::Error:
    kind = "error";
    break;
  case DiagnosticSeverity::Warning:
    kind = "warning";
    break;
  case DiagnosticSeverity::Note:
    kind = "note";
    break;
  case DiagnosticSeverity::Remark:
    if (!remarks)
      return;
    kind = "remark";
    break;
  }
  llvm::errs() << describeLocation(diagnostic.getLocation()) << ": " << kind
               << ": " << diagnostic.str() << "\n";
  for (Diagnostic &note : diagnostic.getNotes())
    printDiagnostic(note, remarks);
}

llvm::Error Build::load(const RunOptions &options,
                        const DialectRegistry &registry) {
  auto builder = getMachine({options.triple, options.cpu});
  if (!builder)
    return builder.takeError();
  machine = std::move(*builder);
  auto described = machine->createTargetMachine();
  if (!described)
    return described.takeError();
  context = std::make_unique<MLIRContext>(registry);
  context->printOpOnDiagnostic(false);
  handler = std::make_unique<ScopedDiagnosticHandler>(
      context.get(), [&options](Diagnostic &diagnostic) {
        printDiagnostic(diagnostic, options.verbose);
      });
  auto loaded = Program::load(*context, options.model, options.entry);
  if (!loaded)
    return loaded.takeError();
  program = std::move(*loaded);
  // A program may bring a description of its own.
  ModuleOp module = program->getModule();
  if (auto own = module->getAttrOfType<TargetAttr>(TargetAttr::kName)) {
    if (llvm::Error error = checkIntrinsics(own, **described))
      return error;
  } else if (!options.isC() && !options.hasKernels()) {
    module->setAttr(TargetAttr::kName, describe(context.get(), **described));
  }
  if (module->hasAttr(AcceleratorAttr::kName))
    return createStringError("expected a module without " +
                             AcceleratorAttr::kName +
                             ", which --accelerator sets, found one");
  if (!options.accelerator.empty()) {
    auto description = readAccelerator(*context, options.accelerator);
    if (!description)
      return description.takeError();
    accelerator = *description;
    module->setAttr(AcceleratorAttr::kName, accelerator);
  }
  if (options.hasKernels() && !module->hasAttr(spirv::getTargetEnvAttrName()))
    if (Attribute environment =
            device ? device->getEnvironment(context.get())
                   : getDefaultEnvironment(context.get(), options.target))
      module->setAttr(spirv::getTargetEnvAttrName(), environment);
  // Also without --compare, so that it changes nothing in what is quantized. In
  // a library, no function returns buffers then.
  if (!options.weights.empty() || options.writesFolder())
    if (llvm::Error error = program->inlineCalls())
      return error;
  if (!options.shapes.empty() || options.isC())
    if (llvm::Error error = program->setShapes(options.shapes))
      return error;
  if (!options.compare.empty())
    taps = program->tap();
  before = after = measureWeights(program->getModule());
  counts = countContractions(program->getModule());
  return llvm::Error::success();
}

/// Prints what --dump-after and --emit ask for; false if they ask for nothing
/// at this point.
static llvm::Expected<bool> printCode(Build &build, const RunOptions &options,
                                      StringRef stage, bool last) {
  if (stage == options.dumpAfter || (last && options.emit == "mlir")) {
    build.program->getModule()->print(llvm::outs());
  } else if (last && !options.emit.empty() && !options.writesFolder() &&
             options.dumpAfter.empty()) {
    auto text = emitCode(build.program->getModule(), *build.machine,
                         options.emit == "asm");
    if (!text)
      return text.takeError();
    llvm::outs() << *text;
  } else {
    return false;
  }
  if (llvm::Error error = flushStandardOutput())
    return std::move(error);
  return true;
}

llvm::Expected<bool> Build::compile(const RunOptions &options,
                                    ArrayRef<PipelineStage> stages,
                                    Progress &progress) {
  std::vector<Kernel> kernels;
  for (const PipelineStage &stage : stages) {
    progress.step("stage " + stage.name);
    if (llvm::Error error = program->run(stage))
      return std::move(error);
    if (stage.name == "fold") {
      after = measureWeights(program->getModule());
      counts = countContractions(program->getModule());
    }
    auto printed =
        printCode(*this, options, stage.name, &stage == &stages.back());
    if (!printed || *printed)
      return printed ? llvm::Expected<bool>(false) : printed.takeError();
    if (stage.name == "spirv") {
      auto taken = takeKernels(program->getModule());
      if (!taken)
        return taken.takeError();
      kernels = std::move(*taken);
    }
  }
  if (options.writesFolder()) {
    llvm::Error error = options.isC() ? writeC(*this, options, progress)
                                      : writeLibrary(*this, options, progress);
    if (error)
      return std::move(error);
    return false;
  }
  progress.step("generating code");
  SymbolAddresses symbols;
  MemoryFunctions memory;
  if (!options.runtime.empty())
    symbols = Accelerator::getSymbols(program->getModule());
  if (device) {
    symbols = KernelDevice::getSymbols();
    memory = KernelDevice::getMemory();
    progress.step("compiling " + Twine(kernels.size()) + " kernels for " +
                  device->getName());
    if (llvm::Error error = device->prepare(kernels))
      return std::move(error);
  }
  auto compiled = program->compile(*machine, symbols, memory);
  if (!compiled)
    return compiled.takeError();
  executable = std::move(*compiled);
  return true;
}
