// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Machine.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/TargetSelect.h"

using namespace mlir;
using namespace mlir::mx;
using llvm::createStringError;
using llvm::MCSubtargetInfo;
using llvm::TargetMachine;
using llvm::orc::JITTargetMachineBuilder;

namespace {
/// Features that code does without, whatever its CPU has: LLVM emits their
/// instructions only where a program asks for them by name. They are there for
/// operating systems and libraries, and virtual machines often hide them.
/// ermsb says that rep movsb is fast; all CPUs have that instruction.
constexpr llvm::StringLiteral kNeverEmitted[] = {
    "clflushopt", "clwb",   "clzero",   "cldemote", "enqcmd",    "ermsb",
    "fsgsbase",   "hreset", "invpcid",  "kl",       "lwp",       "movdir64b",
    "movdiri",    "mwaitx", "pconfig",  "pku",      "prefetchi", "ptwrite",
    "rdpid",      "rdpru",  "rdrnd",    "rdseed",   "rtm",       "serialize",
    "sgx",        "shstk",  "tsxldtrk", "uintr",    "usermsr",   "waitpkg",
    "wbnoinvd",   "widekl", "xsave",    "xsavec",   "xsaveopt",  "xsaves"};
} // namespace

/// Those, and all of AMX, whose instructions LLVM has for intrinsics alone.
static bool isNeverEmitted(StringRef feature) {
  return feature.starts_with("amx-") ||
         llvm::is_contained(kNeverEmitted, feature);
}

/// Whether passes know the machine and tests run its code. Some systems of
/// 64-bit machines have pointers of 32 bits.
static bool isSupported(const llvm::Triple &triple) {
  return (triple.getArch() == llvm::Triple::x86_64 ||
          triple.getArch() == llvm::Triple::aarch64 ||
          triple.getArch() == llvm::Triple::riscv64) &&
         triple.isOSBinFormatELF() &&
         llvm::DataLayout(triple.computeDataLayout()).getPointerSize() == 8;
}

/// The machine of a triple, with the features that its system's programs have.
static llvm::Expected<JITTargetMachineBuilder> getBuilder(StringRef name) {
  llvm::InitializeAllTargetInfos();
  llvm::InitializeAllTargets();
  llvm::InitializeAllTargetMCs();
  llvm::InitializeAllAsmPrinters();
  llvm::Triple triple(llvm::Triple::normalize(name));
  std::string reason;
  if (!llvm::TargetRegistry::lookupTarget(triple, reason))
    return createStringError("expected --triple=TRIPLE of a machine that LLVM "
                             "knows, found '" +
                             name + "': " + reason);
  if (!isSupported(triple))
    return createStringError("expected --triple=TRIPLE of x86-64, 64-bit Arm "
                             "or 64-bit RISC-V, with ELF files and pointers of "
                             "64 bits, found '" +
                             name + "'");
  JITTargetMachineBuilder builder(triple);
  // What Linux distributions are built for, RV64GC and its calling convention.
  if (triple.isRISCV64()) {
    builder.addFeatures({"+m", "+a", "+f", "+d", "+c"});
    builder.getOptions().MCOptions.ABIName = "lp64d";
  }
  return builder;
}

/// The machine that is asked for. Takes any name of a CPU.
static llvm::Expected<JITTargetMachineBuilder>
getBuilder(const MachineName &name) {
  llvm::InitializeNativeTarget();
  llvm::InitializeNativeTargetAsmPrinter();
  auto builder = name.triple.empty() ? JITTargetMachineBuilder::detectHost()
                                     : getBuilder(name.triple);
  if (!builder)
    return builder.takeError();
  if (!name.cpu.empty()) {
    builder->setCPU(name.cpu.str());
    builder->setFeatures("");
  }
  builder->setCodeGenOptLevel(llvm::CodeGenOptLevel::Aggressive);
  // LLVM moves bf16 bits by way of an f32 and conversions of this, which flush
  // subnormals; for those of avx512bf16 see getFeatures in CodeGeneration.cpp.
  if (builder->getTargetTriple().isX86())
    builder->addFeatures({"-avxneconvert"});
  // Constants are bound to addresses anywhere in memory, which are looked up in
  // a table beside the code. LLVM's default for code that is not written to a
  // file takes a register for the address of each of the code's own constants.
  builder->setRelocationModel(llvm::Reloc::PIC_);
  builder->setCodeModel(llvm::CodeModel::Small);
  return builder;
}

/// The names of CPUs that the architecture of `triple` has.
static llvm::Expected<SmallVector<StringRef>> getCPUs(StringRef triple) {
  auto builder = getBuilder({triple, ""});
  if (!builder)
    return builder.takeError();
  auto machine = builder->createTargetMachine();
  if (!machine)
    return machine.takeError();
  const MCSubtargetInfo &info = *(*machine)->getMCSubtargetInfo();
  // On x86-64, LLVM also knows CPUs of 32 bits, and crashes if it gets one.
  std::optional<unsigned> wide;
  for (const llvm::SubtargetFeatureKV &feature : info.getAllProcessorFeatures())
    if (StringRef(feature.Key) == "64bit")
      wide = feature.Value;
  SmallVector<StringRef> names;
  for (const llvm::SubtargetSubTypeKV &cpu : info.getAllProcessorDescriptions())
    if (!wide || cpu.Implies.getAsBitset().test(*wide))
      names.push_back(cpu.Key);
  return names;
}

/// Checks that a CPU has the registers that its system's functions get numbers
/// in. LLVM warns and takes others, which no caller knows of.
static llvm::Error
checkCallingConvention(const JITTargetMachineBuilder &builder) {
  if (builder.getOptions().MCOptions.ABIName != "lp64d")
    return llvm::Error::success();
  const llvm::Triple &triple = builder.getTargetTriple();
  std::string reason, features = builder.getFeatures().getString();
  const llvm::Target *target =
      llvm::TargetRegistry::lookupTarget(triple, reason);
  std::unique_ptr<MCSubtargetInfo> info(
      target->createMCSubtargetInfo(triple, builder.getCPU(), features));
  if (info->checkFeatures("+d"))
    return llvm::Error::success();
  return createStringError("expected --cpu=NAME with the feature 'd', which "
                           "the calling convention lp64d needs, found '" +
                           builder.getCPU() + "' without it");
}

llvm::Expected<JITTargetMachineBuilder>
mlir::mx::getMachine(const MachineName &name) {
  auto names = getCPUs(name.triple);
  if (!names)
    return names.takeError();
  if (!name.cpu.empty() && !llvm::is_contained(*names, name.cpu))
    return createStringError("expected --cpu=NAME with one of the names that "
                             "--cpu=help lists, found '" +
                             name.cpu + "'");
  auto builder = getBuilder(name);
  if (!builder)
    return builder.takeError();
  if (llvm::Error error = checkCallingConvention(*builder))
    return std::move(error);
  return builder;
}

llvm::Error mlir::mx::printCPUs(llvm::raw_ostream &os, StringRef triple) {
  auto names = getCPUs(triple);
  if (!names)
    return names.takeError();
  os << llvm::join(*names, "\n") << "\n";
  return llvm::Error::success();
}

llvm::Error mlir::mx::checkRunsHere(StringRef cpu) {
  auto builder = getMachine({"", cpu}), hostBuilder = getMachine({"", ""});
  if (!builder || !hostBuilder)
    return llvm::joinErrors(builder.takeError(), hostBuilder.takeError());
  auto machine = builder->createTargetMachine(),
       host = hostBuilder->createTargetMachine();
  if (!machine || !host)
    return llvm::joinErrors(machine.takeError(), host.takeError());
  const MCSubtargetInfo &has = *(*host)->getMCSubtargetInfo();
  const MCSubtargetInfo &needs = *(*machine)->getMCSubtargetInfo();
  // LLVM's preferences for a CPU are features too.
  llvm::FeatureBitset preferences;
  for (const llvm::SubtargetSubTypeKV &known :
       needs.getAllProcessorDescriptions())
    preferences |= known.TuneImplies.getAsBitset();
  std::string missing;
  for (const llvm::SubtargetFeatureKV &feature :
       needs.getEnabledProcessorFeatures())
    if (!has.hasFeature(feature.Value) && !preferences.test(feature.Value) &&
        !isNeverEmitted(feature.Key))
      missing += (missing.empty() ? "" : ", ") + std::string(feature.Key);
  if (missing.empty())
    return llvm::Error::success();
  return createStringError("--cpu=" + cpu + ": this machine lacks " + missing +
                           ": only --emit and --dump-after work");
}
