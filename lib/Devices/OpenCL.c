/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* The table of functions of an OpenCL device, its errors and its memory. */
#include "OpenCL.h"
#include "Devices.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static char error_text[2048];

int mx_opencl_fail(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(error_text, sizeof error_text, format, arguments);
  va_end(arguments);
  return 1;
}

int mx_opencl_check(cl_int result, const char *what) {
  if (result == CL_SUCCESS)
    return 0;
  return mx_opencl_fail("%s (OpenCL error %d)", what, (int)result);
}

static int open_device(mx_device **result) {
  mx_device *device = calloc(1, sizeof *device);
  if (!device)
    return mx_opencl_fail("out of memory");
  if (mx_opencl_connect(device)) {
    mx_opencl_disconnect(device);
    free(device);
    return 1;
  }
  *result = device;
  return 0;
}

static int synchronize(mx_device *d) {
  return mx_opencl_check(d->Finish(d->queue), "cannot run kernels");
}

static void close_device(mx_device *device) {
  (void)synchronize(device);
  for (size_t i = 0; i < device->block_count; ++i)
    device->SVMFree(device->context, device->blocks[i].address);
  free(device->blocks);
  mx_opencl_disconnect(device);
  free(device);
}

static const char *get_error(mx_device *device) {
  (void)device;
  return error_text;
}

static const char *get_name(mx_device *device) { return device->name; }

static const char *get_environment(mx_device *device) {
  return device->environment;
}

static int allocate(mx_device *d, uint64_t bytes, void **memory) {
  const uint64_t page = 4096;
  mx_opencl_block *best = NULL;
  bytes = bytes ? (bytes + page - 1) / page * page : page;
  /* The smallest block that waits and is no more than twice as large. */
  for (size_t i = 0; i < d->block_count; ++i) {
    mx_opencl_block *block = &d->blocks[i];
    if (!block->used && block->bytes >= bytes && block->bytes / 2 <= bytes &&
        (!best || block->bytes < best->bytes))
      best = block;
  }
  if (!best) {
    if (d->block_count == d->block_capacity) {
      size_t capacity = d->block_capacity ? 2 * d->block_capacity : 64;
      mx_opencl_block *blocks =
          realloc(d->blocks, capacity * sizeof *d->blocks);
      if (!blocks)
        return mx_opencl_fail("out of memory");
      d->blocks = blocks;
      d->block_capacity = capacity;
    }
    void *address = d->SVMAlloc(
        d->context, CL_MEM_READ_WRITE | CL_MEM_SVM_FINE_GRAIN_BUFFER, bytes, 0);
    if (!address)
      return mx_opencl_fail("cannot allocate %" PRIu64 " bytes on '%s'", bytes,
                            d->name);
    best = &d->blocks[d->block_count++];
    *best = (mx_opencl_block){.address = address, .bytes = bytes};
  }
  best->used = 1;
  *memory = best->address;
  return 0;
}

static int release(mx_device *d, void *memory) {
  if (!memory)
    return 0;
  /* Later launches may use it at once, for they happen later. */
  for (size_t i = d->block_count; i-- > 0;)
    if (d->blocks[i].address == memory && d->blocks[i].used) {
      d->blocks[i].used = 0;
      return 0;
    }
  return mx_opencl_fail("released memory that was not allocated");
}

const mx_accelerator *mx_opencl_get(void) {
  static const mx_accelerator functions = {
      .version = MX_RUNTIME_VERSION,
      .open = open_device,
      .close = close_device,
      .error = get_error,
      .synchronize = synchronize,
      .name = get_name,
      .environment = get_environment,
      .allocate = allocate,
      .release = release,
      .prepare = mx_opencl_prepare,
      .launch = mx_opencl_launch,
  };
  return &functions;
}
