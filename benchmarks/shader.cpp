// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Times a product of f32 matrices by a Vulkan shader: benchmarks/matmul.comp as
// SPIR-V. Prints milliseconds of each run and the largest error.
#include "../lib/Devices/Devices.h"

#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>
#include <vector>

static const mx_accelerator *vulkan;
static mx_device *device;

static void check(int code) {
  if (code == 0)
    return;
  std::fprintf(stderr, "mx-bench-shader: error: %s\n", vulkan->error(device));
  std::exit(1);
}

static float *allocate(size_t count) {
  void *memory;
  check(vulkan->allocate(device, count * sizeof(float), &memory));
  return static_cast<float *>(memory);
}

int main(int argc, char **argv) {
  if (argc != 6) {
    std::fprintf(stderr, "usage: mx-bench-shader FILE.spv TILE INVOCATIONS "
                         "EXTENT RUNS\n");
    return 1;
  }
  unsigned tile = std::atoi(argv[2]), invocations = std::atoi(argv[3]);
  unsigned n = std::atoi(argv[4]), runs = std::atoi(argv[5]);
  std::ifstream file(argv[1], std::ios::binary);
  std::vector<char> bytes((std::istreambuf_iterator<char>(file)), {});
  std::vector<uint32_t> code(bytes.size() / 4);
  std::copy(bytes.begin(), bytes.end(), reinterpret_cast<char *>(code.data()));
  vulkan = mx_vulkan_get();
  check(vulkan->open(&device));
  mx_kernel kernel = {};
  kernel.name = "main";
  kernel.code = code.data();
  kernel.code_bytes = bytes.size();
  kernel.buffers = 3;
  kernel.numbers = 3;
  kernel.workgroup[0] = invocations;
  kernel.workgroup[1] = kernel.workgroup[2] = 1;
  kernel.shared_bytes = 2 * tile * tile * sizeof(float);
  check(vulkan->prepare(device, 0, &kernel));
  float *a = allocate(n * n), *b = allocate(n * n), *c = allocate(n * n);
  std::mt19937 random(1);
  std::normal_distribution<float> normal;
  for (unsigned i = 0; i < n * n; ++i) {
    a[i] = normal(random);
    b[i] = normal(random);
  }
  const uint64_t groups[3] = {n / tile, n / tile, 1};
  void *buffers[3] = {a, b, c};
  const uint32_t sizes[3] = {n, n, n};
  for (unsigned run = 0; run < runs; ++run) {
    auto start = std::chrono::steady_clock::now();
    check(vulkan->launch(device, 0, groups, buffers, sizes));
    check(vulkan->synchronize(device));
    std::chrono::duration<double, std::milli> time =
        std::chrono::steady_clock::now() - start;
    std::printf("%.3f ", time.count());
  }
  double error = 0;
  for (unsigned place = 0; place < n * n; place += n * n / 97) {
    double sum = 0;
    for (unsigned k = 0; k < n; ++k)
      sum += double(a[place / n * n + k]) * b[k * n + place % n];
    error = std::fmax(error, std::fabs(sum - c[place]));
  }
  std::printf("%.3g\n", error);
  vulkan->close(device);
}
