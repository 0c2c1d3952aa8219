// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "HostTarget.h"
#include "CodeGeneration.h"

#include <unistd.h>

using namespace mlir;
using namespace mlir::mx;

/// Bits and number of the vector registers that a feature brings.
struct VectorFeature {
  llvm::StringLiteral name;
  int64_t bits, registers;
};
static constexpr VectorFeature kVectorFeatures[] = {
    {"+avx512vl", 512, 32}, {"+avx2", 256, 16}, {"+neon", 128, 32}};

/// What the system says, or `otherwise` where it does not know.
static int64_t getCacheSize(int name, int64_t otherwise) {
  int64_t size = sysconf(name);
  return size > 0 ? size : otherwise;
}

llvm::Expected<TargetAttr> mlir::mx::getHostTarget(MLIRContext *context) {
  auto machine = getHostMachine();
  if (!machine)
    return machine.takeError();
  const std::vector<std::string> &features =
      machine->getFeatures().getFeatures();
  int64_t bits = 128, registers = 16;
  for (const VectorFeature &feature : kVectorFeatures)
    if (llvm::is_contained(features, feature.name)) {
      bits = feature.bits;
      registers = feature.registers;
      break;
    }
  int64_t first = getCacheSize(_SC_LEVEL1_DCACHE_SIZE, 32 << 10);
  int64_t second = getCacheSize(_SC_LEVEL2_CACHE_SIZE, 256 << 10);
  context->getOrLoadDialect<MXDialect>();
  return TargetAttr::get(context, bits, registers,
                         {first, std::max(first, second)});
}
