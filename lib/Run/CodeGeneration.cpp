// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "CodeGeneration.h"
#include "Machine.h"
#include "mx/Run/Executable.h"

#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/SmallVectorMemoryBuffer.h"
#include "llvm/TargetParser/SubtargetFeature.h"
#include "llvm/Transforms/Instrumentation/AddressSanitizer.h"

using namespace llvm;
using namespace mlir::mx;

/// Whether `function` calls x86's dot product of bf16.
static bool usesBF16Dot(const Function &function) {
  return any_of(instructions(function), [](const Instruction &instruction) {
    auto call = dyn_cast<CallBase>(&instruction);
    const Function *callee = call ? call->getCalledFunction() : nullptr;
    return callee && callee->getName().starts_with("llvm.x86.avx512bf16.");
  });
}

/// The features that `function` may use. With AVX512-BF16 LLVM moves bf16 bits
/// by way of an f32 and vcvtneps2bf16, which flushes subnormals even where the
/// program only bitcasts; where there are dot products, it has none to move.
static std::string getFeatures(const Function &function,
                               const TargetMachine &machine) {
  SubtargetFeatures features(machine.getTargetFeatureString());
  if (machine.getTargetTriple().isX86())
    features.AddFeature("avx512bf16", usesBF16Dot(function));
  return features.getString();
}

Expected<std::unique_ptr<Module>> mlir::mx::translate(ModuleOp module,
                                                      LLVMContext &context,
                                                      TargetMachine &machine) {
  std::unique_ptr<Module> result = translateModuleToLLVMIR(module, context);
  if (!result)
    return createStringError("the module has no translation to LLVM IR");
  result->setTargetTriple(machine.getTargetTriple());
  result->setDataLayout(machine.createDataLayout());
  bool wide = getVectorBits(machine) == 512;
  for (Function &function : *result) {
    if (function.isDeclaration())
      continue;
    function.addFnAttr("target-cpu", machine.getTargetCPU());
    function.addFnAttr("target-features", getFeatures(function, machine));
    if (wide) // LLVM's default for many such CPUs is half a register.
      function.addFnAttr("prefer-vector-width", "512");
#ifdef MX_SANITIZE
    function.addFnAttr(llvm::Attribute::SanitizeAddress);
#endif
  }
  return result;
}

void mlir::mx::optimize(Module &module, TargetMachine &machine) {
  LoopAnalysisManager loops;
  FunctionAnalysisManager functions;
  CGSCCAnalysisManager components;
  ModuleAnalysisManager modules;
  PassBuilder builder(&machine);
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(components);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, components, modules);
  ModulePassManager passes =
      builder.buildPerModuleDefaultPipeline(OptimizationLevel::O3);
#ifdef MX_SANITIZE
  if (llvm::any_of(module, [](const Function &function) {
        return function.hasFnAttribute(llvm::Attribute::SanitizeAddress);
      }))
    passes.addPass(AddressSanitizerPass(AddressSanitizerOptions()));
#endif
  passes.run(module, modules);
}

/// Writes `module` as assembly text or as an object file.
static Error generate(Module &module, TargetMachine &machine,
                      raw_pwrite_stream &os, CodeGenFileType type) {
  legacy::PassManager passes;
  if (machine.addPassesToEmitFile(passes, os, nullptr, type))
    return createStringError("this target writes no such code");
  passes.run(module);
  return Error::success();
}

Expected<SmallString<0>>
mlir::mx::emitObject(ModuleOp module, orc::JITTargetMachineBuilder builder,
                     ArrayRef<Export> exports) {
  auto machine = builder.createTargetMachine();
  if (!machine)
    return machine.takeError();
  LLVMContext context;
  auto translated = translate(module, context, **machine);
  if (!translated)
    return translated.takeError();
  for (Function &function : **translated) {
    if (function.isDeclaration())
      continue;
    // The sanitizers' runtime is the process's business.
    function.removeFnAttr(llvm::Attribute::SanitizeAddress);
    const Export *exported = find_if(exports, [&](const Export &other) {
      return other.name == function.getName();
    });
    if (exported == exports.end()) {
      function.setLinkage(GlobalValue::InternalLinkage);
      continue;
    }
    function.setName(exported->symbol);
    function.setVisibility(GlobalValue::HiddenVisibility);
  }
  optimize(**translated, **machine);
  SmallString<0> object;
  raw_svector_ostream os(object);
  if (Error error =
          generate(**translated, **machine, os, CodeGenFileType::ObjectFile))
    return std::move(error);
  return object;
}

Expected<std::string> mlir::mx::emitCode(ModuleOp module,
                                         orc::JITTargetMachineBuilder builder,
                                         bool assembly) {
  auto machine = builder.createTargetMachine();
  if (!machine)
    return machine.takeError();
  LLVMContext context;
  auto translated = translate(module, context, **machine);
  if (!translated)
    return translated.takeError();
  optimize(**translated, **machine);
  SmallString<0> text;
  raw_svector_ostream os(text);
  if (!assembly) {
    (*translated)->print(os, nullptr);
    return text.str().str();
  }
  if (Error error =
          generate(**translated, **machine, os, CodeGenFileType::AssemblyFile))
    return std::move(error);
  return text.str().str();
}
