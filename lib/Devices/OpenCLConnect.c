/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Finds an OpenCL device and says what it can do. */
#include "OpenCL.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

static int look_up(mx_device *d) {
  d->library = dlopen("libOpenCL.so.1", RTLD_NOW | RTLD_LOCAL);
  if (!d->library)
    return mx_base_fail("there is no OpenCL: %s", dlerror());
    /* ISO C has no cast from an object's address to a function's. */
#define MX_LOOK_UP(function)                                                   \
  {                                                                            \
    void *address = dlsym(d->library, "cl" #function);                         \
    if (!address)                                                              \
      return mx_base_fail("libOpenCL.so.1 has no cl" #function);               \
    memcpy(&d->function, &address, sizeof address);                            \
  }
  MX_OPENCL_FUNCTIONS(MX_LOOK_UP)
#undef MX_LOOK_UP
  return 0;
}

/* The first GPU, or else the first device of any kind. */
static int choose_device(mx_device *d) {
  enum { most = 16 };
  cl_platform_id platforms[most];
  cl_uint count = 0;
  cl_device_type types[] = {CL_DEVICE_TYPE_GPU, CL_DEVICE_TYPE_ALL};
  if (d->GetPlatformIDs(most, platforms, &count) != CL_SUCCESS)
    count = 0;
  if (count > most)
    count = most;
  for (int type = 0; type < 2; ++type)
    for (cl_uint i = 0; i < count; ++i)
      if (d->GetDeviceIDs(platforms[i], types[type], 1, &d->device, NULL) ==
          CL_SUCCESS)
        return 0;
  return mx_base_fail("there is no OpenCL device");
}

static int describe(mx_device *d) {
  char extensions[8192] = "";
  cl_device_svm_capabilities shared = 0;
  size_t versions = 0;
  if (mx_opencl_check(d->GetDeviceInfo(d->device, CL_DEVICE_NAME,
                                       sizeof d->name, d->name, NULL),
                      "the OpenCL device has no name") ||
      mx_opencl_check(d->GetDeviceInfo(d->device, CL_DEVICE_EXTENSIONS,
                                       sizeof extensions, extensions, NULL),
                      "the OpenCL device does not tell its extensions") ||
      mx_opencl_check(d->GetDeviceInfo(d->device, CL_DEVICE_LOCAL_MEM_SIZE,
                                       sizeof d->local_bytes, &d->local_bytes,
                                       NULL),
                      "the OpenCL device does not tell its local memory"))
    return 1;
  /* A device of OpenCL 1.2 does not know the question. */
  (void)d->GetDeviceInfo(d->device, CL_DEVICE_SVM_CAPABILITIES, sizeof shared,
                         &shared, NULL);
  if (!(shared & CL_DEVICE_SVM_FINE_GRAIN_BUFFER))
    return mx_base_fail("expected an OpenCL device with fine-grained shared "
                        "memory (SVM), found '%s' without",
                        d->name);
  d->reads_spirv = d->GetDeviceInfo(d->device, CL_DEVICE_IL_VERSION, 0, NULL,
                                    &versions) == CL_SUCCESS &&
                   versions > 1;
  snprintf(d->environment, sizeof d->environment,
           "#spirv.target_env<#spirv.vce<v1.0, [Kernel, Addresses, Linkage, "
           "Int8, Int16, Int64%s%s], []>, api=OpenCL, "
           "#spirv.resource_limits<>>",
           strstr(extensions, "cl_khr_fp16") ? ", Float16" : "",
           strstr(extensions, "cl_khr_fp64") ? ", Float64" : "");
  return 0;
}

int mx_opencl_connect(mx_device *d) {
  cl_int result = CL_SUCCESS;
  if (look_up(d) || choose_device(d) || describe(d))
    return 1;
  d->context = d->CreateContext(NULL, 1, &d->device, NULL, NULL, &result);
  if (mx_opencl_check(result, "cannot open the OpenCL device"))
    return 1;
  d->queue =
      d->CreateCommandQueueWithProperties(d->context, d->device, NULL, &result);
  return mx_opencl_check(result, "cannot make a command queue");
}

void mx_opencl_disconnect(mx_device *d) {
  if (d->queue) { /* What kernels and memory need was made before it. */
    (void)mx_opencl_synchronize(d);
    mx_opencl_free_kernels(d);
    mx_base_destroy_blocks(d);
    d->ReleaseCommandQueue(d->queue);
  }
  if (d->context)
    d->ReleaseContext(d->context);
  /* Drivers run threads of their own to the end: the library stays. */
}
