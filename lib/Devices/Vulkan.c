/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* The table of functions of a Vulkan device, and its errors. */
#include "Vulkan.h"
#include "Devices.h"

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
  return mx_base_fail("%s: %s (VkResult %d)", what, name, (int)result);
}

static int open_device(mx_device **device) {
  static const mx_kind kind = {
      .device_size = sizeof(mx_device),
      .block_size = sizeof(mx_vulkan_block),
      .connect = mx_vulkan_connect,
      .disconnect = mx_vulkan_disconnect,
      .make = mx_vulkan_make_block,
      .destroy = mx_vulkan_destroy_block,
  };
  return mx_base_open(&kind, device);
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
      .close = mx_base_close,
      .error = mx_base_error,
      .synchronize = mx_vulkan_synchronize,
      .name = get_name,
      .environment = get_environment,
      .allocate = mx_base_allocate,
      .release = mx_base_release,
      .prepare = mx_vulkan_prepare,
      .launch = mx_vulkan_launch,
  };
  return &functions;
}
