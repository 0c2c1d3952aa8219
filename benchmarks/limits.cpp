// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// What this machine can do at most: multiply-adds of each kind that its vector
/// registers offer, and reads of memory. All ratios to "peak" are to these.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <cstring>
#include <thread>
#include <vector>

#ifdef __AVX512BF16__
#include <immintrin.h>
#endif

namespace {
#ifdef __AVX512F__
constexpr int kBytes = 64;
#elif defined(__AVX__)
constexpr int kBytes = 32;
#else
constexpr int kBytes = 16;
#endif
using Floats = float __attribute__((vector_size(kBytes)));

/// Sums that do not wait for each other: more than the latency of a
/// multiply-add times the number that a core starts in a cycle.
constexpr int kSums = 12;

/// Calls `step` on each of the sums, which stay in registers.
template <typename Vector, typename Step>
void repeat(benchmark::State &state, double operationsPerStep, Step step) {
  Vector sums[kSums] = {};
  for (auto _ : state) {
    for (int i = 0; i < 1000; ++i) {
      for (Vector &sum : sums) {
        step(sum);
        // Keeps the sum in a register, and the steps apart.
        asm volatile("" : "+v"(sum));
      }
    }
  }
  for (Vector &sum : sums)
    benchmark::DoNotOptimize(sum);
  state.counters["rate"] = benchmark::Counter(state.iterations() * 1000.0 *
                                                  kSums * operationsPerStep,
                                              benchmark::Counter::kIsRate);
}

void fma_f32(benchmark::State &state) {
  Floats a = {}, b = {};
  asm volatile("" : "+v"(a), "+v"(b));
  repeat<Floats>(state, 2.0 * kBytes / 4, [&](Floats &sum) {
#pragma clang fp contract(fast)
    sum = a * b + sum;
  });
}

#ifdef __AVX512BF16__
void dot_bf16(benchmark::State &state) {
  __m512bh a = {}, b = {};
  asm volatile("" : "+v"(a), "+v"(b));
  repeat<__m512>(state, 2.0 * 32,
                 [&](__m512 &sum) { sum = _mm512_dpbf16_ps(sum, a, b); });
}
#endif

#ifdef __AVX512VNNI__
void dot_i8(benchmark::State &state) {
  __m512i a = {}, b = {};
  asm volatile("" : "+v"(a), "+v"(b));
  repeat<__m512i>(state, 2.0 * 64,
                  [&](__m512i &sum) { sum = _mm512_dpbusd_epi32(sum, a, b); });
}
#endif

/// Reads far more than the last cache holds, each thread its own part.
void read_memory(benchmark::State &state) {
  constexpr size_t bytes = size_t(512) << 20;
  static std::vector<char> memory;
  if (state.thread_index() == 0)
    memory.assign(bytes, 1);
  size_t part = bytes / state.threads();
  for (auto _ : state) {
    const char *start = memory.data() + part * state.thread_index();
    Floats sums[8] = {};
    for (size_t at = 0; at + sizeof(sums) <= part; at += sizeof(sums))
      for (int i = 0; i < 8; ++i) {
        Floats value;
        std::memcpy(&value, start + at + i * kBytes, kBytes);
        sums[i] += value;
      }
    for (Floats &sum : sums)
      benchmark::DoNotOptimize(sum);
  }
  state.counters["rate"] = benchmark::Counter(double(state.iterations()) * part,
                                              benchmark::Counter::kIsRate);
}

void threads(benchmark::internal::Benchmark *b) {
  b->UseRealTime()->ThreadRange(
      1, std::max(1u, std::thread::hardware_concurrency()));
}
} // namespace

BENCHMARK(fma_f32)->Apply(threads);
#ifdef __AVX512BF16__
BENCHMARK(dot_bf16)->Apply(threads);
#endif
#ifdef __AVX512VNNI__
BENCHMARK(dot_i8)->Apply(threads);
#endif
BENCHMARK(read_memory)->Apply(threads);
BENCHMARK_MAIN();
