// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// libMLIR constructs the statistics that lie inside our passes.
#include "mlir/Pass/Pass.h"

#include "gtest/gtest.h"

using namespace mlir;

namespace {
struct Owner : PassWrapper<Owner, OperationPass<>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(Owner)
  void runOnOperation() override {}
};
} // namespace

TEST(Statistic, HasTheLibrarysSize) {
  constexpr unsigned char untouched = 0xa5;
  alignas(Pass::Statistic) std::array<unsigned char, 256> bytes;
  bytes.fill(untouched);
  Owner owner;
  new (bytes.data()) Pass::Statistic(&owner, "name", "description");
  auto isTouched = [](unsigned char byte) { return byte != untouched; };
  auto end = bytes.begin() + sizeof(Pass::Statistic);
  // Beyond our size it would write over the pass; within, without writing, the
  // count would start from whatever was there.
  EXPECT_FALSE(std::any_of(end, bytes.end(), isTouched));
  EXPECT_EQ(std::any_of(bytes.begin(), end, isTouched),
            !std::is_empty_v<llvm::Statistic>);
}
