// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Lines that share sets of a first cache. x86's and many Arm CPUs' have 64
/// sets of 8 lines of 64 bytes, or more.
#ifndef MX_TRANSFORMS_CACHESETS_H
#define MX_TRANSFORMS_CACHESETS_H

#include <algorithm>
#include <cstdint>
#include <numeric>

namespace mlir::mx {

/// The bytes of a line, and those after which the next line has the same set.
inline constexpr int64_t kLineBytes = 64, kSetDistance = 64 * kLineBytes;

/// The most lines `distance` bytes apart of which no set has more than half of
/// its own: what else a loop reads and writes wants lines, too.
inline int64_t getMostLines(int64_t distance) {
  constexpr int64_t kHalf = 8 / 2;
  return kHalf * kSetDistance /
         std::max(std::gcd(distance, kSetDistance), kLineBytes);
}

} // namespace mlir::mx

#endif // MX_TRANSFORMS_CACHESETS_H
