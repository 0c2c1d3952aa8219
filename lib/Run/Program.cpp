// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Run/Program.h"
#include "mx/InitAll.h"
#include "mx/Run/ElementTypes.h"
#include "mx/Transforms/ElementBytes.h"
#include "mx/Transforms/LibraryPasses.h"

#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/OpenMP/OpenMPDialect.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/IR/Verifier.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Support/DebugStringHelper.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/OpenMP/OpenMPToLLVMIRTranslation.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/Support/DynamicLibrary.h"
#include "llvm/TargetParser/Host.h"

using namespace mlir;
using namespace mlir::mx;
using llvm::createStringError;

void mlir::mx::registerRunDialects(DialectRegistry &registry) {
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  mlir::mx::registerAllDialects(registry);
  registerBuiltinDialectTranslation(registry);
  registerLLVMDialectTranslation(registry);
  registerOpenMPDialectTranslation(registry);
}

/// The function `name`, or the only public one.
static llvm::Expected<func::FuncOp> findEntry(ModuleOp module, StringRef name) {
  SmallVector<func::FuncOp> candidates;
  for (auto function : module.getOps<func::FuncOp>())
    if (function.isPublic() && !function.isExternal())
      candidates.push_back(function);
  std::string names = llvm::join(
      llvm::map_range(candidates,
                      [](func::FuncOp f) { return f.getSymName().str(); }),
      ", ");
  if (name.empty() && candidates.size() == 1)
    return candidates.front();
  if (name.empty())
    return createStringError("expected --entry=NAME or one public function, "
                             "found " +
                             Twine(candidates.size()) +
                             (names.empty() ? "" : ": " + names));
  for (func::FuncOp function : candidates)
    if (function.getSymName() == name)
      return function;
  return createStringError("expected the entry '" + name +
                           "' among the public functions, found " +
                           (names.empty() ? "none" : names));
}

/// Checks that `types` are tensors that can travel in files.
static llvm::Error getTensors(TypeRange types, StringRef what,
                              SmallVectorImpl<RankedTensorType> &tensors) {
  for (auto [index, type] : llvm::enumerate(types)) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    if (!tensor || getNpyType(tensor.getElementType()).empty())
      return createStringError("expected a ranked tensor of numbers for " +
                               what + " #" + Twine(index) + ", found " +
                               debugString(type));
    tensors.push_back(tensor);
  }
  return llvm::Error::success();
}

/// Checks that the blob of every dense_resource is there, of the right size.
static LogicalResult checkResources(ModuleOp module) {
  WalkResult result = module.walk([](Operation *op) {
    auto check = [op](DenseResourceElementsAttr attr) {
      std::optional<int64_t> elementBytes =
          getElementBytes(attr.getElementType());
      if (!elementBytes)
        return WalkResult::advance();
      size_t bytes = attr.getNumElements() * *elementBytes;
      DenseResourceElementsHandle handle = attr.getRawHandle();
      AsmResourceBlob *blob = handle.getBlob();
      if (blob && blob->getData().size() == bytes)
        return WalkResult::advance();
      InFlightDiagnostic diagnostic = op->emitError("expected ");
      diagnostic << bytes << " bytes of " << attr.getType()
                 << " for dense_resource<" << handle.getKey() << ">, found ";
      if (blob)
        diagnostic << blob->getData().size();
      else
        diagnostic << "none";
      return WalkResult::interrupt();
    };
    return op->getAttrDictionary().walk(check).wasInterrupted()
               ? WalkResult::interrupt()
               : WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}

static bool isDeclaration(Operation *symbol) {
  if (auto global = dyn_cast<LLVM::GlobalOp>(symbol))
    return !global.getValueOrNull() && global.getInitializerRegion().empty();
  auto function = dyn_cast<LLVM::LLVMFuncOp>(symbol);
  return function && function.isExternal();
}

/// Checks that the symbols that `module` uses and does not define are those of
/// a constant or of this process, such as libm's.
static LogicalResult checkSymbols(ModuleOp module,
                                  const SymbolAddresses &given) {
  auto process = llvm::sys::DynamicLibrary::getPermanentLibrary(nullptr);
  auto constants = module->getAttrOfType<DictionaryAttr>(kConstantsAttr);
  for (auto symbol : module.getOps<SymbolOpInterface>()) {
    StringRef name = symbol.getName();
    if (!isDeclaration(symbol) || (constants && constants.contains(name)) ||
        llvm::is_contained(llvm::make_first_range(given), name) ||
        process.getAddressOfSymbol(name.str().c_str()) ||
        name.starts_with("llvm.") || symbol.symbolKnownUseEmpty(module))
      continue;
    return symbol.emitError("expected a definition of '")
           << name << "', found a declaration alone";
  }
  return success();
}

/// Gives functions other names where code that is made of them calls one of
/// C's library or of OpenMP by that name, or LLVM takes them for that one.
static LogicalResult renameLibraryNames(ModuleOp module) {
  llvm::TargetLibraryInfoImpl library{
      llvm::Triple(llvm::sys::getProcessTriple())};
  SymbolTable symbols(module);
  for (auto function : module.getOps<func::FuncOp>()) {
    StringRef name = function.getSymName();
    llvm::LibFunc known;
    if (!function.isExternal() &&
        (library.getLibFunc(name, known) || name.starts_with("omp_")) &&
        failed(symbols.renameToUnique(function, {})))
      return failure();
  }
  return success();
}

llvm::Expected<Program> Program::load(MLIRContext &context, StringRef path,
                                      StringRef name) {
  Program program;
  program.module = parseSourceFile<ModuleOp>(path, &context);
  if (!program.module)
    return createStringError("cannot read '" + path + "' as an MLIR module");
  auto entry = findEntry(*program.module, name);
  if (!entry)
    return entry.takeError();
  program.entryName = entry->getSymName().str();
  if (llvm::Error error = getTensors(entry->getArgumentTypes(), "argument",
                                     program.signature.inputs))
    return std::move(error);
  if (llvm::Error error = getTensors(entry->getResultTypes(), "result",
                                     program.signature.results))
    return std::move(error);
  (*entry)->setAttr(LLVM::LLVMDialect::getEmitCWrapperAttrName(),
                    UnitAttr::get(&context));
  // Inputs are read again by further runs.
  for (unsigned index = 0; index < entry->getNumArguments(); ++index)
    entry->setArgAttr(index,
                      bufferization::BufferizationDialect::kWritableAttrName,
                      BoolAttr::get(&context, false));
  // Nothing but the entry is called from outside.
  for (auto function : program.module->getOps<func::FuncOp>())
    if (function != *entry && !function.isExternal())
      function.setPrivate();
  PassManager pm(&context);
  pm.addPass(createSymbolDCEPass());
  if (failed(pm.run(*program.module)) ||
      failed(checkResources(*program.module)) ||
      failed(renameLibraryNames(*program.module)))
    return createStringError("'" + path + "' is no program that can run");
  program.entry = entry->getSymName().str();
  return program;
}

llvm::Error Program::inlineCalls() {
  PassManager pm(module->getContext());
  // Nothing else: the stages simplify.
  pm.addPass(createInlinerPass({}, [](OpPassManager &) {}));
  if (failed(pm.run(*module)))
    return createStringError("cannot inline the model's functions");
  return llvm::Error::success();
}

llvm::Error Program::setShapes(const std::vector<std::string> &shapes) {
  MXSetShapesOptions options;
  llvm::append_range(options.shapes, shapes);
  PassManager pm(module->getContext());
  pm.addPass(createMXSetShapes(options));
  if (failed(pm.run(*module)))
    return createStringError("cannot give the model's arguments shapes");
  readSignature();
  return llvm::Error::success();
}

Taps Program::tap() {
  Taps taps =
      tapContractions(*module, module->lookupSymbol<func::FuncOp>(entry));
  readSignature();
  return taps;
}

void Program::readSignature() {
  auto function = module->lookupSymbol<func::FuncOp>(entry);
  signature = {};
  for (Type type : function.getArgumentTypes())
    signature.inputs.push_back(cast<RankedTensorType>(type));
  for (Type type : function.getResultTypes())
    signature.results.push_back(cast<RankedTensorType>(type));
}

llvm::Error Program::run(const PipelineStage &stage) {
  PassManager pm(module->getContext());
  stage.build(pm);
  // After each pass it would take a fifth of the time to compile a model.
  pm.enableVerifier(false);
  if (failed(pm.run(*module)) || failed(verify(*module)))
    return createStringError("stage '" + stage.name + "' failed");
  return llvm::Error::success();
}

llvm::Error Program::checkLowered(const SymbolAddresses &symbols) {
  WalkResult result = module->walk([&](Operation *op) {
    if (op == module->getOperation() ||
        isa_and_nonnull<LLVM::LLVMDialect, omp::OpenMPDialect>(
            op->getDialect()))
      return WalkResult::advance();
    op->emitError("'") << op->getName() << "' is not supported by this target";
    return WalkResult::interrupt();
  });
  if (result.wasInterrupted())
    return createStringError("the module holds an op that has no lowering");
  if (failed(checkSymbols(*module, symbols)))
    return createStringError("the module uses a symbol that nothing defines");
  return llvm::Error::success();
}

llvm::Expected<std::unique_ptr<Executable>>
Program::compile(llvm::orc::JITTargetMachineBuilder machine,
                 const SymbolAddresses &symbols, MemoryFunctions memory) {
  if (llvm::Error error = checkLowered(symbols))
    return std::move(error);
  SmallVector<int64_t> ranks;
  for (RankedTensorType type : signature.results)
    ranks.push_back(type.getRank());
  return Executable::create(*module, std::move(machine), entry,
                            signature.inputs.size(), ranks, symbols, memory);
}
