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
using llvm::createStringError;
namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

/// The model's file name as a C identifier that is none of the runtime's.
static std::string getName(StringRef model) {
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
  SmallVector<ConstantPlace> places;
  if (auto table = module->getAttrOfType<DictionaryAttr>(kConstantsAttr))
    places = layOutConstants(table);
  // From here on the weights are in memory once.
  auto constants = ConstantSegment::create(module);
  if (!constants)
    return constants.takeError();
  StringRef data(static_cast<const char *>(constants->getData()),
                 constants->size());
  uint64_t dataHash = llvm::xxHash64(data);
  std::string weightsHeader = getSafetensorsHeader(places, dataHash);
  LibraryDescription library{getName(options.model),
                             program.getSignature(),
                             weightsHeader.size(),
                             llvm::xxHash64(weightsHeader),
                             data.size(),
                             dataHash};

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
                            options.triple, usesOpenMP(module));
  if (!shared)
    return shared.takeError();

  StringRef folder = options.folder;
  if (std::error_code code =
          fs::create_directory(folder, /*IgnoreExisting=*/true, fs::all_all))
    return createStringError(code, "cannot make the folder '" + folder +
                                       "': " + code.message());
  OutputFiles files;
  for (const std::string &name :
       {file, library.name + ".h", library.name + ".safetensors"}) {
    SmallString<128> target = folder;
    path::append(target, name);
    if (llvm::Error error = files.add(target))
      return error;
  }
  if (llvm::Error error = files.write(
          {[&](llvm::raw_ostream &os) { os << (*shared)->getBuffer(); },
           [&](llvm::raw_ostream &os) { os << getLibraryHeader(library); },
           [&](llvm::raw_ostream &os) { os << weightsHeader << data; }}))
    return error;
  return files.commit();
}
