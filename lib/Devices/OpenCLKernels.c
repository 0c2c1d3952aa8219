/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Kernels of an OpenCL device. */
#include "OpenCL.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static int make_program(mx_device *d, const mx_kernel *kernel,
                        mx_opencl_kernel *result) {
  cl_int status = CL_SUCCESS;
  const char *options = NULL;
  if (d->reads_spirv) {
    result->program = d->CreateProgramWithIL(d->context, kernel->code,
                                             kernel->code_bytes, &status);
  } else {
    unsigned char *code = NULL;
    size_t bytes = 0;
    if (mx_opencl_translate(kernel, &code, &bytes))
      return 1;
    const unsigned char *binary = code;
    cl_int read = CL_SUCCESS;
    result->program = d->CreateProgramWithBinary(
        d->context, 1, &d->device, &bytes, &binary, &read, &status);
    free(code);
    options = "-x spir -spir-std=1.2"; /* Of cl_khr_spir. */
  }
  if (mx_opencl_check(status, "cannot read a kernel's code"))
    return 1;
  status = d->BuildProgram(result->program, 1, &d->device, options, NULL, NULL);
  if (status != CL_SUCCESS) {
    char log[1024] = "";
    (void)d->GetProgramBuildInfo(result->program, d->device,
                                 CL_PROGRAM_BUILD_LOG, sizeof log, log, NULL);
    return mx_base_fail("cannot compile kernel '%s' (OpenCL error %d): %s",
                        kernel->name, (int)status, log);
  }
  result->kernel = d->CreateKernel(result->program, kernel->name, &status);
  return mx_opencl_check(status, "cannot find a kernel by its name");
}

/* Whether the device can hold the kernel. */
static int check_limits(mx_device *d, const mx_kernel *kernel,
                        const mx_opencl_kernel *made) {
  size_t most = 0;
  uint64_t invocations = (uint64_t)kernel->workgroup[0] * kernel->workgroup[1] *
                         kernel->workgroup[2];
  if (kernel->shared_bytes > d->local_bytes)
    return mx_base_fail("kernel '%s' is over a limit of '%s': expected at "
                        "most %" PRIu64 " bytes of workgroup memory, found "
                        "%" PRIu64,
                        kernel->name, d->name, (uint64_t)d->local_bytes,
                        kernel->shared_bytes);
  if (mx_opencl_check(d->GetKernelWorkGroupInfo(made->kernel, d->device,
                                                CL_KERNEL_WORK_GROUP_SIZE,
                                                sizeof most, &most, NULL),
                      "a kernel does not tell its workgroups"))
    return 1;
  if (invocations > most)
    return mx_base_fail("kernel '%s' is over a limit of '%s': expected at "
                        "most %zu invocations in a workgroup, found %" PRIu64,
                        kernel->name, d->name, most, invocations);
  return 0;
}

static void free_kernel(mx_device *d, mx_opencl_kernel *kernel) {
  if (kernel->kernel)
    d->ReleaseKernel(kernel->kernel);
  if (kernel->program)
    d->ReleaseProgram(kernel->program);
  memset(kernel, 0, sizeof *kernel);
}

int mx_opencl_prepare(mx_device *d, uint32_t number, const mx_kernel *kernel) {
  if (number >= d->kernel_count) {
    size_t count = (size_t)number + 1;
    mx_opencl_kernel *kernels = realloc(d->kernels, count * sizeof *d->kernels);
    if (!kernels)
      return mx_base_fail("out of memory");
    memset(kernels + d->kernel_count, 0,
           (count - d->kernel_count) * sizeof *kernels);
    d->kernels = kernels;
    d->kernel_count = count;
  }
  mx_opencl_kernel *result = &d->kernels[number];
  free_kernel(d, result);
  result->buffers = kernel->buffers;
  result->numbers = kernel->numbers;
  for (int axis = 0; axis < 3; ++axis)
    result->workgroup[axis] = kernel->workgroup[axis];
  return make_program(d, kernel, result) || check_limits(d, kernel, result);
}

int mx_opencl_launch(mx_device *d, uint32_t number, const uint64_t groups[3],
                     void *const *buffers, const uint32_t *numbers) {
  if (number >= d->kernel_count || !d->kernels[number].kernel)
    return mx_base_fail("launched kernel %" PRIu32 ", which is none", number);
  const mx_opencl_kernel *kernel = &d->kernels[number];
  size_t size[3];
  for (int axis = 0; axis < 3; ++axis) {
    if (groups[axis] == 0)
      return 0;
    size[axis] = groups[axis] * kernel->workgroup[axis];
  }
  for (uint32_t i = 0; i < kernel->buffers; ++i)
    if (mx_opencl_check(
            d->SetKernelArgSVMPointer(kernel->kernel, i, buffers[i]),
            "a kernel does not take a buffer"))
      return 1;
  for (uint32_t i = 0; i < kernel->numbers; ++i)
    if (mx_opencl_check(d->SetKernelArg(kernel->kernel, kernel->buffers + i,
                                        sizeof *numbers, &numbers[i]),
                        "a kernel does not take a number"))
      return 1;
  return mx_opencl_check(d->EnqueueNDRangeKernel(d->queue, kernel->kernel, 3,
                                                 NULL, size, kernel->workgroup,
                                                 0, NULL, NULL),
                         "cannot launch a kernel");
}

void mx_opencl_free_kernels(mx_device *d) {
  for (size_t i = 0; i < d->kernel_count; ++i)
    free_kernel(d, &d->kernels[i]);
  free(d->kernels);
}
