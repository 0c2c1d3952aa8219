/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* The table of functions of a Vulkan device, and its errors. */
#include "Vulkan.h"
#include "Devices.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static char error_text[512];

int mx_vulkan_fail(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(error_text, sizeof error_text, format, arguments);
  va_end(arguments);
  return 1;
}

int mx_vulkan_check(VkResult result, const char *what) {
  const char *name = "an error";
  switch (result) {
  case VK_SUCCESS:
    return 0;
  case VK_ERROR_OUT_OF_HOST_MEMORY:
    name = "out of host memory";
    break;
  case VK_ERROR_OUT_OF_DEVICE_MEMORY:
    name = "out of device memory";
    break;
  case VK_ERROR_DEVICE_LOST:
    name = "the device is lost";
    break;
  case VK_ERROR_INITIALIZATION_FAILED:
    name = "it cannot be initialized";
    break;
  case VK_ERROR_INCOMPATIBLE_DRIVER:
    name = "there is no driver";
    break;
  case VK_ERROR_TOO_MANY_OBJECTS:
    name = "too many objects";
    break;
  default:
    break;
  }
  return mx_vulkan_fail("%s: %s (VkResult %d)", what, name, (int)result);
}

static int open_device(mx_device **result) {
  mx_device *device = calloc(1, sizeof *device);
  if (!device)
    return mx_vulkan_fail("out of memory");
  if (mx_vulkan_connect(device)) {
    mx_vulkan_disconnect(device);
    free(device);
    return 1;
  }
  *result = device;
  return 0;
}

static void close_device(mx_device *device) {
  mx_vulkan_disconnect(device);
  free(device);
}

static const char *get_error(mx_device *device) {
  (void)device;
  return error_text;
}

static const char *get_name(mx_device *device) {
  return device->properties.deviceName;
}

static const char *get_environment(mx_device *device) {
  return device->environment;
}

const mx_accelerator *mx_vulkan_get(void) {
  static const mx_accelerator functions = {
      .version = MX_RUNTIME_VERSION,
      .open = open_device,
      .close = close_device,
      .error = get_error,
      .synchronize = mx_vulkan_synchronize,
      .name = get_name,
      .environment = get_environment,
      .allocate = mx_vulkan_allocate,
      .release = mx_vulkan_release,
      .prepare = mx_vulkan_prepare,
      .launch = mx_vulkan_launch,
  };
  return &functions;
}
