/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Finds a Vulkan device and says what it can do. */
#include "Vulkan.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What kernels may use, by what the device has. */
typedef struct {
  VkPhysicalDeviceFeatures2 features;
  VkPhysicalDeviceVulkan11Features features11;
  VkPhysicalDeviceVulkan12Features features12;
  VkPhysicalDeviceVulkan13Features features13;
  VkPhysicalDeviceVulkan12Properties properties12;
} capabilities;

/* ISO C has no cast from an object's address to a function's. */
static PFN_vkVoidFunction find_symbol(void *library, const char *name) {
  PFN_vkVoidFunction function = NULL;
  void *address = dlsym(library, name);
  memcpy(&function, &address, sizeof function);
  return function;
}

static int make_instance(mx_device *d, PFN_vkGetInstanceProcAddr get) {
  PFN_vkCreateInstance create =
      (PFN_vkCreateInstance)get(NULL, "vkCreateInstance");
  VkApplicationInfo application = {
      .sType = VK_STRUCTURE_TYPE_APPLICATION_INFO,
      .pApplicationName = "mx",
      .apiVersion = VK_API_VERSION_1_3,
  };
  VkInstanceCreateInfo info = {
      .sType = VK_STRUCTURE_TYPE_INSTANCE_CREATE_INFO,
      .pApplicationInfo = &application,
  };
  if (!create)
    return mx_base_fail("libvulkan.so.1 has no vkCreateInstance");
  if (mx_vulkan_check(create(&info, NULL, &d->instance),
                      "cannot make a Vulkan instance"))
    return 1;
#define MX_LOOK_UP(function)                                                   \
  d->function = (PFN_vk##function)get(d->instance, "vk" #function);            \
  if (!d->function)                                                            \
    return mx_base_fail("Vulkan has no vk" #function);
  MX_VULKAN_INSTANCE_FUNCTIONS(MX_LOOK_UP)
#undef MX_LOOK_UP
  return 0;
}

/* Discrete GPUs first, a CPU last. */
static int rank(VkPhysicalDeviceType type) {
  switch (type) {
  case VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU:
    return 4;
  case VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU:
    return 3;
  case VK_PHYSICAL_DEVICE_TYPE_VIRTUAL_GPU:
    return 2;
  case VK_PHYSICAL_DEVICE_TYPE_CPU:
    return 1;
  default:
    return 0;
  }
}

static int choose_device(mx_device *d) {
  enum { most = 16 };
  VkPhysicalDevice devices[most];
  uint32_t count = most;
  VkResult result = d->EnumeratePhysicalDevices(d->instance, &count, devices);
  int best = -1;
  uint32_t newest = 0;
  if (result != VK_INCOMPLETE &&
      mx_vulkan_check(result, "cannot list Vulkan devices"))
    return 1;
  for (uint32_t i = 0; i < count; ++i) {
    VkPhysicalDeviceProperties2 properties = {
        .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2};
    d->GetPhysicalDeviceProperties2(devices[i], &properties);
    if (properties.properties.apiVersion > newest)
      newest = properties.properties.apiVersion;
    if (properties.properties.apiVersion < VK_API_VERSION_1_2 ||
        rank(properties.properties.deviceType) <= best)
      continue;
    best = rank(properties.properties.deviceType);
    d->physical = devices[i];
    d->properties = properties.properties;
  }
  if (best >= 0)
    return 0;
  if (count == 0)
    return mx_base_fail("there is no Vulkan device");
  return mx_base_fail("expected a device of Vulkan 1.2 or later, found %u.%u",
                      VK_API_VERSION_MAJOR(newest),
                      VK_API_VERSION_MINOR(newest));
}

static void query(mx_device *d, capabilities *c) {
  VkPhysicalDeviceProperties2 properties = {
      .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2,
      .pNext = &c->properties12};
  memset(c, 0, sizeof *c);
  c->features.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_FEATURES_2;
  c->features.pNext = &c->features11;
  c->features11.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_1_FEATURES;
  c->features11.pNext = &c->features12;
  c->features12.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_2_FEATURES;
  c->features13.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_3_FEATURES;
  if (d->properties.apiVersion >= VK_API_VERSION_1_3)
    c->features12.pNext = &c->features13;
  c->properties12.sType =
      VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_2_PROPERTIES;
  d->GetPhysicalDeviceFeatures2(d->physical, &c->features);
  d->GetPhysicalDeviceProperties2(d->physical, &properties);
}

static void describe(mx_device *d, const capabilities *c) {
  const VkPhysicalDeviceFeatures *core = &c->features.features;
  const char *version =
      d->properties.apiVersion >= VK_API_VERSION_1_3 ? "v1.6" : "v1.3";
  /* Its operands are vectors of i8. */
  int has_dot =
      c->features13.shaderIntegerDotProduct && c->features12.shaderInt8;
  snprintf(
      d->environment, sizeof d->environment,
      "#spirv.target_env<#spirv.vce<%s, [Shader%s%s%s%s%s%s%s%s%s], "
      "[SPV_KHR_storage_buffer_storage_class, SPV_KHR_8bit_storage, "
      "SPV_KHR_16bit_storage, SPV_KHR_float_controls%s]>, api=Vulkan, "
      "#spirv.resource_limits<max_compute_shared_memory_size = %u>>",
      version, c->features12.shaderInt8 ? ", Int8" : "",
      core->shaderInt16 ? ", Int16" : "", core->shaderInt64 ? ", Int64" : "",
      c->features12.shaderFloat16 ? ", Float16" : "",
      core->shaderFloat64 ? ", Float64" : "",
      c->features12.storageBuffer8BitAccess ? ", StorageBuffer8BitAccess" : "",
      c->features11.storageBuffer16BitAccess ? ", StorageBuffer16BitAccess"
                                             : "",
      c->properties12.shaderSignedZeroInfNanPreserveFloat32
          ? ", SignedZeroInfNanPreserve"
          : "",
      has_dot ? ", DotProduct, DotProductInput4x8Bit" : "",
      has_dot ? ", SPV_KHR_integer_dot_product" : "",
      d->properties.limits.maxComputeSharedMemorySize);
}

static int find_queue_family(mx_device *d, uint32_t *family) {
  enum { most = 32 };
  VkQueueFamilyProperties families[most];
  uint32_t count = most;
  d->GetPhysicalDeviceQueueFamilyProperties(d->physical, &count, families);
  for (*family = 0; *family < count; ++*family)
    if (families[*family].queueFlags & VK_QUEUE_COMPUTE_BIT)
      return 0;
  return mx_base_fail("'%s' has no queue for compute",
                      d->properties.deviceName);
}

/* Memory that the host can access; the device's own if there is such. */
static int find_memory_type(mx_device *d) {
  VkPhysicalDeviceMemoryProperties memory;
  const VkMemoryPropertyFlags wanted = VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT |
                                       VK_MEMORY_PROPERTY_HOST_COHERENT_BIT;
  int best = -1;
  d->GetPhysicalDeviceMemoryProperties(d->physical, &memory);
  for (uint32_t i = 0; i < memory.memoryTypeCount; ++i) {
    VkMemoryPropertyFlags flags = memory.memoryTypes[i].propertyFlags;
    int value = ((flags & VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT) != 0) * 2 +
                ((flags & VK_MEMORY_PROPERTY_HOST_CACHED_BIT) != 0);
    if ((flags & wanted) != wanted || value <= best)
      continue;
    best = value;
    d->memory_type = i;
  }
  if (best < 0) /* Vulkan 1.3 section 11.2 demands it. */
    return mx_base_fail("'%s' has no memory that the host can access",
                        d->properties.deviceName);
  return 0;
}

static int make_device(mx_device *d, capabilities *c, uint32_t family) {
  const float priority = 1.0f;
  VkDeviceQueueCreateInfo queue = {
      .sType = VK_STRUCTURE_TYPE_DEVICE_QUEUE_CREATE_INFO,
      .queueFamilyIndex = family,
      .queueCount = 1,
      .pQueuePriorities = &priority,
  };
  VkDeviceCreateInfo info = {
      .sType = VK_STRUCTURE_TYPE_DEVICE_CREATE_INFO,
      .pNext = &c->features,
      .queueCreateInfoCount = 1,
      .pQueueCreateInfos = &queue,
  };
  /* Costs time in every access, and kernels stay within bounds. */
  c->features.features.robustBufferAccess = VK_FALSE;
  if (mx_vulkan_check(d->CreateDevice(d->physical, &info, NULL, &d->device),
                      "cannot open the Vulkan device"))
    return 1;
#define MX_LOOK_UP(function)                                                   \
  d->function =                                                                \
      (PFN_vk##function)d->GetDeviceProcAddr(d->device, "vk" #function);       \
  if (!d->function)                                                            \
    return mx_base_fail("the Vulkan device has no vk" #function);
  MX_VULKAN_DEVICE_FUNCTIONS(MX_LOOK_UP)
#undef MX_LOOK_UP
  d->GetDeviceQueue(d->device, family, 0, &d->queue);
  return 0;
}

static int make_commands(mx_device *d, uint32_t family) {
  VkCommandPoolCreateInfo commands = {
      .sType = VK_STRUCTURE_TYPE_COMMAND_POOL_CREATE_INFO,
      .flags = VK_COMMAND_POOL_CREATE_RESET_COMMAND_BUFFER_BIT,
      .queueFamilyIndex = family,
  };
  VkDescriptorPoolSize size = {
      .type = VK_DESCRIPTOR_TYPE_STORAGE_BUFFER,
      .descriptorCount = MX_VULKAN_LAUNCHES * MX_VULKAN_BUFFERS,
  };
  VkDescriptorPoolCreateInfo descriptors = {
      .sType = VK_STRUCTURE_TYPE_DESCRIPTOR_POOL_CREATE_INFO,
      .maxSets = MX_VULKAN_LAUNCHES,
      .poolSizeCount = 1,
      .pPoolSizes = &size,
  };
  VkFenceCreateInfo fence = {.sType = VK_STRUCTURE_TYPE_FENCE_CREATE_INFO};
  if (mx_vulkan_check(
          d->CreateCommandPool(d->device, &commands, NULL, &d->command_pool),
          "cannot make a command pool") ||
      mx_vulkan_check(d->CreateDescriptorPool(d->device, &descriptors, NULL,
                                              &d->descriptors),
                      "cannot make a descriptor pool") ||
      mx_vulkan_check(d->CreateFence(d->device, &fence, NULL, &d->fence),
                      "cannot make a fence"))
    return 1;
  VkCommandBufferAllocateInfo buffer = {
      .sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO,
      .commandPool = d->command_pool,
      .level = VK_COMMAND_BUFFER_LEVEL_PRIMARY,
      .commandBufferCount = 1,
  };
  return mx_vulkan_check(
      d->AllocateCommandBuffers(d->device, &buffer, &d->commands),
      "cannot make a command buffer");
}

int mx_vulkan_connect(mx_device *d) {
  capabilities found;
  uint32_t family = 0;
  d->library = dlopen("libvulkan.so.1", RTLD_NOW | RTLD_LOCAL);
  if (!d->library)
    return mx_base_fail("there is no Vulkan: %s", dlerror());
  PFN_vkGetInstanceProcAddr get = (PFN_vkGetInstanceProcAddr)find_symbol(
      d->library, "vkGetInstanceProcAddr");
  if (!get)
    return mx_base_fail("libvulkan.so.1 has no vkGetInstanceProcAddr");
  if (make_instance(d, get) || choose_device(d) ||
      find_queue_family(d, &family) || find_memory_type(d))
    return 1;
  query(d, &found);
  describe(d, &found);
  return make_device(d, &found, family) || make_commands(d, family);
}
