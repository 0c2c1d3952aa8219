// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Machine.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/TargetParser/Host.h"

#include <unistd.h>

using namespace mlir;
using namespace mlir::mx;
using llvm::createStringError;
using llvm::MCSubtargetInfo;
using llvm::TargetMachine;
using llvm::orc::JITTargetMachineBuilder;

namespace {
/// Vector registers by the feature that brings them, the widest first.
struct VectorRegisters {
  llvm::StringLiteral feature;
  int64_t bits, count;
};
constexpr VectorRegisters kVectorRegisters[] = {
    {"avx512f", 512, 32}, {"avx2", 256, 16}, {"neon", 128, 32}};
/// Where there is none of these, as with SSE.
constexpr VectorRegisters kNarrowest{"", 128, 16};

/// Dot products by the feature and the width of vectors that bring them.
struct Dot {
  llvm::StringLiteral feature;
  int64_t bits;
  bool isLhsUnsigned;
  llvm::StringLiteral intrinsic;
};
constexpr Dot kDots[] = {
    {"avx512vnni", 512, true, "llvm.x86.avx512.vpdpbusd.512"},
    {"avxvnni", 256, true, "llvm.x86.avx512.vpdpbusd.256"},
    {"dotprod", 128, false, "llvm.aarch64.neon.sdot.v4i32.v16i8"}};

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

/// The machine for `cpu`, or this one if that is empty. Takes any name.
static llvm::Expected<JITTargetMachineBuilder> getBuilder(StringRef cpu) {
  llvm::InitializeNativeTarget();
  llvm::InitializeNativeTargetAsmPrinter();
  auto builder = JITTargetMachineBuilder::detectHost();
  if (!builder)
    return builder.takeError();
  if (!cpu.empty()) {
    builder->setCPU(cpu.str());
    builder->setFeatures("");
  }
  builder->setCodeGenOptLevel(llvm::CodeGenOptLevel::Aggressive);
  // With these LLVM moves bf16 bits by way of an f32 and vcvtneps2bf16, which
  // flushes subnormals even where the program only bitcasts.
  if (builder->getTargetTriple().isX86())
    builder->addFeatures({"-avx512bf16", "-avxneconvert"});
  // Constants are bound to addresses anywhere in memory.
  builder->setRelocationModel(llvm::Reloc::PIC_);
  return builder;
}

/// The names of CPUs that this machine's architecture has.
static llvm::Expected<SmallVector<StringRef>> getCPUs() {
  auto builder = getBuilder("");
  if (!builder)
    return builder.takeError();
  auto host = builder->createTargetMachine();
  if (!host)
    return host.takeError();
  const MCSubtargetInfo &info = *(*host)->getMCSubtargetInfo();
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

llvm::Expected<JITTargetMachineBuilder> mlir::mx::getMachine(StringRef cpu) {
  auto names = getCPUs();
  if (!names)
    return names.takeError();
  if (!cpu.empty() && !llvm::is_contained(*names, cpu))
    return createStringError("expected --cpu=NAME with one of the names that "
                             "--cpu=help lists, found '" +
                             cpu + "'");
  return getBuilder(cpu);
}

llvm::Error mlir::mx::printCPUs(llvm::raw_ostream &os) {
  auto names = getCPUs();
  if (!names)
    return names.takeError();
  os << llvm::join(*names, "\n") << "\n";
  return llvm::Error::success();
}

llvm::Error mlir::mx::checkRunsHere(StringRef cpu) {
  auto builder = getMachine(cpu), hostBuilder = getMachine("");
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

/// The registers of the widest vectors that `machine` has.
static VectorRegisters getVectorRegisters(const TargetMachine &machine) {
  std::vector<llvm::SubtargetFeatureKV> features =
      machine.getMCSubtargetInfo()->getEnabledProcessorFeatures();
  for (const VectorRegisters &registers : kVectorRegisters)
    for (const llvm::SubtargetFeatureKV &feature : features)
      if (feature.Key == registers.feature)
        return registers;
  return kNarrowest;
}

int64_t mlir::mx::getVectorBits(const TargetMachine &machine) {
  return getVectorRegisters(machine).bits;
}

/// The dot products of `machine` on vectors of `bits`.
static SmallVector<DotAttr>
getDots(MLIRContext *context, const TargetMachine &machine, int64_t bits) {
  std::vector<llvm::SubtargetFeatureKV> features =
      machine.getMCSubtargetInfo()->getEnabledProcessorFeatures();
  Type i8 = IntegerType::get(context, 8), i32 = IntegerType::get(context, 32);
  Type ui8 = IntegerType::get(context, 8, IntegerType::Unsigned);
  SmallVector<DotAttr> dots;
  for (const Dot &dot : kDots)
    if (dot.bits == bits &&
        llvm::any_of(features, [&](const llvm::SubtargetFeatureKV &feature) {
          return feature.Key == dot.feature;
        }))
      dots.push_back(DotAttr::get(context, dot.isLhsUnsigned ? ui8 : i8, i8,
                                  i32, /*length=*/4, dot.intrinsic));
  return dots;
}

/// What the system says, or `otherwise` where it does not know.
static int64_t getCacheSize(int name, int64_t otherwise) {
  int64_t size = sysconf(name);
  return size > 0 ? size : otherwise;
}

TargetAttr mlir::mx::describe(MLIRContext *context,
                              const TargetMachine &machine) {
  // LLVM does not know caches. For other machines than this one take the
  // smallest that CPUs with AVX2 have, Haswell's: what fits them fits all.
  int64_t first = 32 << 10, second = 256 << 10;
  if (machine.getTargetCPU() == llvm::sys::getHostCPUName()) {
    first = getCacheSize(_SC_LEVEL1_DCACHE_SIZE, first);
    second = std::max(first, getCacheSize(_SC_LEVEL2_CACHE_SIZE, second));
  }
  VectorRegisters registers = getVectorRegisters(machine);
  context->getOrLoadDialect<MXDialect>();
  return TargetAttr::get(context, registers.bits, registers.count,
                         {first, second},
                         getDots(context, machine, registers.bits));
}
