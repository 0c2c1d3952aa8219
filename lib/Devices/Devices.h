/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Devices of kernels that mx-run knows. Their drivers are loaded when a device
   is opened; nothing is linked against them. */
#ifndef MX_LIB_DEVICES_DEVICES_H
#define MX_LIB_DEVICES_DEVICES_H

#include "mx-c/Runtime.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Vulkan 1.2 or later, through libvulkan.so.1. */
const mx_accelerator *mx_vulkan_get(void);
/* OpenCL 2.0 or later with fine-grained shared memory, through libOpenCL.so.1.
 */
const mx_accelerator *mx_opencl_get(void);

#ifdef __cplusplus
}
#endif

#endif
