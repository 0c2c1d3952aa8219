/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* The table of functions of an OpenCL device, its errors and its memory. */
#include "OpenCL.h"
#include "Devices.h"

#include <inttypes.h>

int mx_opencl_check(cl_int result, const char *what) {
  if (result == CL_SUCCESS)
    return 0;
  return mx_base_fail("%s (OpenCL error %d)", what, (int)result);
}

int mx_opencl_synchronize(mx_device *d) {
  return mx_opencl_check(d->Finish(d->queue), "cannot run kernels");
}

static const char *get_name(mx_device *device) { return device->name; }

static const char *get_environment(mx_device *device) {
  return device->environment;
}

static int make_block(mx_device *d, mx_block *block) {
  block->address =
      d->SVMAlloc(d->context, CL_MEM_READ_WRITE | CL_MEM_SVM_FINE_GRAIN_BUFFER,
                  block->bytes, 0);
  if (block->address)
    return 0;
  return mx_base_fail("cannot allocate %" PRIu64 " bytes on '%s'", block->bytes,
                      d->name);
}

static void destroy_block(mx_device *d, mx_block *block) {
  if (block->address)
    d->SVMFree(d->context, block->address);
}

static int open_device(mx_device **device) {
  static const mx_kind kind = {
      .device_size = sizeof(mx_device),
      .block_size = sizeof(mx_block),
      .connect = mx_opencl_connect,
      .disconnect = mx_opencl_disconnect,
      .make = make_block,
      .destroy = destroy_block,
  };
  return mx_base_open(&kind, device);
}

const mx_accelerator *mx_opencl_get(void) {
  static const mx_accelerator functions = {
      .version = MX_RUNTIME_VERSION,
      .open = open_device,
      .close = mx_base_close,
      .error = mx_base_error,
      .synchronize = mx_opencl_synchronize,
      .name = get_name,
      .environment = get_environment,
      .allocate = mx_base_allocate,
      .release = mx_base_release,
      .prepare = mx_opencl_prepare,
      .launch = mx_opencl_launch,
  };
  return &functions;
}
