// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Library.h"
#include "CodeGeneration.h"
#include "LibrarySource.h"
#include "Linker.h"
#include "OutputFiles.h"
#include "Safetensors.h"
#include "mx/Transforms/Passes.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/OpenMP/OpenMPDialect.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/xxhash.h"

using namespace mlir;
using namespace mlir::mx;
namespace path = llvm::sys::path;

std::string mlir::mx::getLibraryName(StringRef model) {
  std::string name = path::stem(model).str();
  for (char &letter : name)
    if (!llvm::isAlnum(letter))
      letter = '_';
  if (name.empty() || llvm::isDigit(name.front()) ||
      StringRef(name).starts_with("mx"))
    name.insert(name.begin(), '_');
  return name;
}

/// Whether compiled code needs OpenMP's runtime.
static bool usesOpenMP(ModuleOp module) {
  WalkResult result = module.walk([](Operation *op) {
    auto function = dyn_cast<LLVM::LLVMFuncOp>(op);
    bool uses = isa_and_nonnull<omp::OpenMPDialect>(op->getDialect()) ||
                (function && function.getSymName().starts_with("omp_"));
    return uses ? WalkResult::interrupt() : WalkResult::advance();
  });
  return result.wasInterrupted();
}

llvm::Error mlir::mx::writeLibrary(Build &build, const RunOptions &options,
                                   Progress &progress) {
  Program &program = *build.program;
  ModuleOp module = program.getModule();
  if (llvm::Error error = program.checkLowered())
    return error;
  SmallVector<ConstantPlace> places = layOutConstants(module);
  // From here on the weights are in memory once.
  auto constants = ConstantSegment::create(module);
  if (!constants)
    return constants.takeError();
  StringRef data = constants->getBytes();
  uint64_t dataHash = llvm::xxHash64(data);
  std::string weightsHeader = getSafetensorsHeader(places, dataHash);
  LibraryDescription library{getLibraryName(options.model),
                             program.getSignature(),
                             weightsHeader.size(),
                             llvm::xxHash64(weightsHeader),
                             data.size(),
                             dataHash,
                             usesOpenMP(module)};

  progress.step("generating code");
  std::string entry = "_mlir_ciface_" + program.getEntry().str();
  auto object = emitObject(module, *build.machine,
                           {{entry, kRunSymbol.str()},
                            {entry + "_shapes", kShapesSymbol.str()},
                            {entry + "_workspace", kWorkspaceSymbol.str()}});
  if (!object)
    return object.takeError();
  std::string file = "lib" + library.name + ".so";
  auto shared = linkLibrary(file, *object, getLibrarySource(library),
                            options.triple, library.openMP);
  if (!shared)
    return shared.takeError();

  return writeToFolder(
      options.folder,
      {{file, [&](llvm::raw_ostream &os) { os << (*shared)->getBuffer(); }},
       {library.name + ".h",
        [&](llvm::raw_ostream &os) { os << getLibraryHeader(library); }},
       {library.name + ".safetensors",
        [&](llvm::raw_ostream &os) { os << weightsHeader << data; }}});
}
