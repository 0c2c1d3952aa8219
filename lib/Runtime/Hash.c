/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#include "Model.h"

#include <string.h>

/* XXH64, as in https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md
   and in LLVM, which wrote the hash to compare with. */
static const uint64_t kPrime1 = 0x9E3779B185EBCA87u;
static const uint64_t kPrime2 = 0xC2B2AE3D27D4EB4Fu;
static const uint64_t kPrime3 = 0x165667B19E3779F9u;
static const uint64_t kPrime4 = 0x85EBCA77C2B2AE63u;
static const uint64_t kPrime5 = 0x27D4EB2F165667C5u;

static uint64_t rotate(uint64_t value, int bits) {
  return value << bits | value >> (64 - bits);
}

static uint64_t load64(const unsigned char *bytes) {
  uint64_t value;
  memcpy(&value, bytes, sizeof value);
  return value;
}

static uint64_t load32(const unsigned char *bytes) {
  uint32_t value;
  memcpy(&value, bytes, sizeof value);
  return value;
}

static uint64_t add_lane(uint64_t sum, uint64_t lane) {
  return rotate(sum + lane * kPrime2, 31) * kPrime1;
}

static uint64_t merge(uint64_t hash, uint64_t sum) {
  return (hash ^ add_lane(0, sum)) * kPrime1 + kPrime4;
}

uint64_t mx_hash(const unsigned char *bytes, size_t size) {
  const unsigned char *end = bytes + size;
  uint64_t hash = kPrime5;
  if (size >= 32) {
    uint64_t sums[4] = {kPrime1 + kPrime2, kPrime2, 0, 0 - kPrime1};
    for (; end - bytes >= 32; bytes += 32)
      for (int i = 0; i < 4; ++i)
        sums[i] = add_lane(sums[i], load64(bytes + 8 * i));
    hash = rotate(sums[0], 1) + rotate(sums[1], 7) + rotate(sums[2], 12) +
           rotate(sums[3], 18);
    for (int i = 0; i < 4; ++i)
      hash = merge(hash, sums[i]);
  }
  hash += size;
  for (; end - bytes >= 8; bytes += 8)
    hash = rotate(hash ^ add_lane(0, load64(bytes)), 27) * kPrime1 + kPrime4;
  if (end - bytes >= 4) {
    hash = rotate(hash ^ load32(bytes) * kPrime1, 23) * kPrime2 + kPrime3;
    bytes += 4;
  }
  for (; bytes < end; ++bytes)
    hash = rotate(hash ^ *bytes * kPrime5, 11) * kPrime1;
  hash = (hash ^ hash >> 33) * kPrime2;
  hash = (hash ^ hash >> 29) * kPrime3;
  return hash ^ hash >> 32;
}
