// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Machine.h"

#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/TargetParser/Host.h"

#include <unistd.h>

using namespace mlir;
using namespace mlir::mx;
using llvm::TargetMachine;

namespace {
/// Vector registers by the feature that brings them, the widest first. Of 32,
/// Arm leaves 28 for a tile and RISC-V 24: what AVX-512 takes from memory in an
/// operand, the rows' elements, has registers there, and their addresses, of
/// which RISC-V's offsets reach few, have the other kind.
struct VectorRegisters {
  llvm::StringLiteral feature;
  int64_t bits, count;
};
constexpr VectorRegisters kVectorRegisters[] = {
    {"avx512f", 512, 32}, {"avx2", 256, 16},    {"neon", 128, 28},
    {"zvl512b", 512, 24}, {"zvl256b", 256, 24}, {"zvl128b", 128, 24}};
/// Where there is none of these, as with SSE.
constexpr VectorRegisters kNarrowest{"", 128, 16};

/// Dot products by the feature and the width of vectors that bring them; short
/// ones have sums of i16.
struct Dot {
  enum Elements { U8I8, I8I8, ShortU8I8, I16, BF16 };
  llvm::StringLiteral feature;
  int64_t bits;
  Elements elements;
  llvm::StringLiteral intrinsic;
};
constexpr Dot kDots[] = {
    {"avx512vnni", 512, Dot::U8I8, "llvm.x86.avx512.vpdpbusd.512"},
    {"avxvnni", 256, Dot::U8I8, "llvm.x86.avx512.vpdpbusd.256"},
    {"avx512bf16", 512, Dot::BF16, "llvm.x86.avx512bf16.dpbf16ps.512"},
    {"dotprod", 128, Dot::I8I8, "llvm.aarch64.neon.sdot.v4i32.v16i8"},
    {"avx512bw", 512, Dot::ShortU8I8, "llvm.x86.avx512.pmaddubs.w.512"},
    {"avx512bw", 512, Dot::I16, "llvm.x86.avx512.pmaddw.d.512"},
    {"avx2", 256, Dot::ShortU8I8, "llvm.x86.avx2.pmadd.ub.sw"},
    {"avx2", 256, Dot::I16, "llvm.x86.avx2.pmadd.wd"},
    {"ssse3", 128, Dot::ShortU8I8, "llvm.x86.ssse3.pmadd.ub.sw.128"},
    {"ssse3", 128, Dot::I16, "llvm.x86.sse2.pmadd.wd"}};

/// What moves the lanes of vectors by the feature and the width of vectors that
/// bring it.
struct Permutation {
  llvm::StringLiteral feature;
  int64_t bits;
  llvm::StringLiteral intrinsic;
};
/// Of vectors of f32. That of AVX2 has no room for the codes of any element.
constexpr Permutation kPermutes[] = {
    {"avx512f", 512, "llvm.x86.avx512.permvar.sf.512"}};
/// Of bytes, where there is none of f32.
constexpr Permutation kShuffles[] = {{"avx2", 256, "llvm.x86.avx2.pshuf.b"}};

/// CPUs whose vdpbf16ps makes twice as many products in a cycle as their f32
/// multiply-adds. Intel's makes half as many.
constexpr llvm::StringLiteral kFastBF16[] = {"znver4", "znver5"};

/// Features that bring an instruction from vectors of f16 to f32.
constexpr llvm::StringLiteral kExtendF16[] = {"f16c", "avx512f", "neon",
                                              "zvfhmin"};
} // namespace

static bool hasFeature(const TargetMachine &machine, StringRef name) {
  return llvm::any_of(
      machine.getMCSubtargetInfo()->getEnabledProcessorFeatures(),
      [&](const llvm::SubtargetFeatureKV &feature) {
        return feature.Key == name;
      });
}

/// The registers of the widest vectors that `machine` has.
static VectorRegisters getVectorRegisters(const TargetMachine &machine) {
  for (const VectorRegisters &registers : kVectorRegisters)
    if (hasFeature(machine, registers.feature))
      return registers;
  return kNarrowest;
}

int64_t mlir::mx::getVectorBits(const TargetMachine &machine) {
  return getVectorRegisters(machine).bits;
}

/// `dot` as it stands in a description.
static DotAttr getDot(MLIRContext *context, const Dot &dot) {
  auto integer = [&](unsigned bits) -> Type {
    return IntegerType::get(context, bits);
  };
  Type ui8 = IntegerType::get(context, 8, IntegerType::Unsigned);
  Type bf16 = BFloat16Type::get(context), f32 = Float32Type::get(context);
  auto get = [&](Type lhs, Type rhs, Type sum, int64_t length) {
    return DotAttr::get(context, lhs, rhs, sum, length, dot.intrinsic);
  };
  switch (dot.elements) {
  case Dot::U8I8:
    return get(ui8, integer(8), integer(32), 4);
  case Dot::I8I8:
    return get(integer(8), integer(8), integer(32), 4);
  case Dot::ShortU8I8:
    return get(ui8, integer(8), integer(16), 2);
  case Dot::I16:
    return get(integer(16), integer(16), integer(32), 2);
  case Dot::BF16:
    return get(bf16, bf16, f32, 2);
  }
  llvm_unreachable("all are listed");
}

/// The dot products of `machine` on vectors of `bits`.
static SmallVector<DotAttr>
getDots(MLIRContext *context, const TargetMachine &machine, int64_t bits) {
  SmallVector<DotAttr> dots;
  // With sums of i32 there is no need of short ones and what adds these up.
  bool hasBytes = false;
  for (const Dot &dot : kDots) {
    bool isShort = dot.elements == Dot::ShortU8I8 || dot.elements == Dot::I16;
    if (dot.bits != bits || !hasFeature(machine, dot.feature) ||
        (isShort && hasBytes))
      continue;
    if (dot.elements == Dot::BF16 &&
        !llvm::is_contained(kFastBF16, machine.getTargetCPU()))
      continue;
    hasBytes |= dot.elements == Dot::U8I8 || dot.elements == Dot::I8I8;
    dots.push_back(getDot(context, dot));
  }
  return dots;
}

/// How far ahead memory is to be asked for: a page, at whose end x86's cores
/// stop by themselves. One row by 11008x4096 in MXFP8 went from 5.6 GB/s to 9.8
/// with that as constants, of 10.8 that DRAM gives (Intel Xeon, one core,
/// 2026-11-29), and raw from 6.3 to 7.7 (AMD EPYC, Zen 3, one core,
/// 2026-11-30).
static int64_t getPrefetch(const TargetMachine &machine) {
  return machine.getTargetTriple().isX86() ? 4096 : 0;
}

/// What the system says, or `otherwise` where it does not know.
static int64_t getCacheSize(int name, int64_t otherwise) {
  int64_t size = sysconf(name);
  return size > 0 ? size : otherwise;
}

/// That of `permutations` which `machine` has on vectors of `bits`, or an empty
/// name.
static StringRef getPermutation(ArrayRef<Permutation> permutations,
                                const TargetMachine &machine, int64_t bits) {
  for (const Permutation &permutation : permutations)
    if (permutation.bits == bits && hasFeature(machine, permutation.feature))
      return permutation.intrinsic;
  return "";
}

llvm::Error mlir::mx::checkIntrinsics(TargetAttr target,
                                      const TargetMachine &machine) {
  auto check = [&](StringRef what, StringRef intrinsic,
                   const auto &known) -> llvm::Error {
    if (known.intrinsic != intrinsic)
      return llvm::Error::success();
    std::string named =
        ("the program's mx.target has a " + what + " by " + intrinsic).str();
    if (!hasFeature(machine, known.feature))
      return llvm::createStringError(named + ", for which " +
                                     machine.getTargetCPU() + " lacks " +
                                     known.feature);
    if (known.bits != target.getVectorBits())
      return llvm::createStringError(named + ", which takes vectors of " +
                                     llvm::Twine(known.bits) +
                                     " bits, but its vector_bits is " +
                                     llvm::Twine(target.getVectorBits()));
    return llvm::Error::success();
  };
  for (DotAttr dot : target.getDots())
    for (const Dot &known : kDots)
      if (llvm::Error error = check("dot product", dot.getIntrinsic(), known))
        return error;
  for (const Permutation &known : kPermutes)
    if (llvm::Error error = check("permutation", target.getPermute(), known))
      return error;
  for (const Permutation &known : kShuffles)
    if (llvm::Error error = check("shuffle", target.getShuffle(), known))
      return error;
  return llvm::Error::success();
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
  SmallVector<Type> extends;
  if (llvm::any_of(kExtendF16, [&](StringRef feature) {
        return hasFeature(machine, feature);
      }))
    extends.push_back(Float16Type::get(context));
  return TargetAttr::get(context, registers.bits, registers.count, extends,
                         {first, second}, getPrefetch(machine),
                         getPermutation(kPermutes, machine, registers.bits),
                         getPermutation(kShuffles, machine, registers.bits),
                         getDots(context, machine, registers.bits));
}
