/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* The state of an OpenCL device, for the files that implement mx-c/Runtime.h.
 */
#ifndef MX_LIB_DEVICES_OPENCL_H
#define MX_LIB_DEVICES_OPENCL_H

#include "Base.h"

#define CL_TARGET_OPENCL_VERSION 300
#include <CL/cl.h>

/* Functions that are looked up by name. */
#define MX_OPENCL_FUNCTIONS(X)                                                 \
  X(GetPlatformIDs)                                                            \
  X(GetDeviceIDs)                                                              \
  X(GetDeviceInfo)                                                             \
  X(CreateContext)                                                             \
  X(ReleaseContext)                                                            \
  X(CreateCommandQueueWithProperties)                                          \
  X(ReleaseCommandQueue)                                                       \
  X(SVMAlloc)                                                                  \
  X(SVMFree)                                                                   \
  X(CreateProgramWithIL)                                                       \
  X(CreateProgramWithBinary)                                                   \
  X(BuildProgram)                                                              \
  X(GetProgramBuildInfo)                                                       \
  X(ReleaseProgram)                                                            \
  X(CreateKernel)                                                              \
  X(ReleaseKernel)                                                             \
  X(GetKernelWorkGroupInfo)                                                    \
  X(SetKernelArg)                                                              \
  X(SetKernelArgSVMPointer)                                                    \
  X(EnqueueNDRangeKernel)                                                      \
  X(Finish)

typedef struct {
  cl_program program;
  cl_kernel kernel;
  uint32_t buffers, numbers;
  size_t workgroup[3];
} mx_opencl_kernel;

struct mx_device {
  mx_base base;
  void *library;
  cl_device_id device;
  cl_context context;
  cl_command_queue queue;
  /* Whether the driver reads SPIR-V; otherwise it reads LLVM's bitcode. */
  int reads_spirv;
  cl_ulong local_bytes;
  mx_opencl_kernel *kernels;
  size_t kernel_count;
  char name[256];
  char environment[512];
#define MX_DECLARE(name) __typeof__(&cl##name) name;
  MX_OPENCL_FUNCTIONS(MX_DECLARE)
#undef MX_DECLARE
};

/* mx_base_fail, where a call of OpenCL gave an error. */
int mx_opencl_check(cl_int result, const char *what);

/* mx_kind's functions. */
int mx_opencl_connect(mx_device *device);
void mx_opencl_disconnect(mx_device *device);

/* mx_accelerator's functions. */
int mx_opencl_prepare(mx_device *device, uint32_t number,
                      const mx_kernel *kernel);
int mx_opencl_launch(mx_device *device, uint32_t number,
                     const uint64_t groups[3], void *const *buffers,
                     const uint32_t *numbers);
int mx_opencl_synchronize(mx_device *device);

/* Frees all kernels. */
void mx_opencl_free_kernels(mx_device *device);

/* LLVM's bitcode of a kernel in SPIR-V, by the translator llvm-spirv. */
int mx_opencl_translate(const mx_kernel *kernel, unsigned char **code,
                        size_t *bytes);

#endif
