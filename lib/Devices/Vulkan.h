/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* The state of a Vulkan device, for the files that implement mx-c/Runtime.h. */
#ifndef MX_LIB_DEVICES_VULKAN_H
#define MX_LIB_DEVICES_VULKAN_H

#include "Base.h"

#define VK_NO_PROTOTYPES
#include <vulkan/vulkan_core.h>

/* Functions of an instance and of a device that are looked up by name. */
#define MX_VULKAN_INSTANCE_FUNCTIONS(X)                                        \
  X(DestroyInstance)                                                           \
  X(EnumeratePhysicalDevices)                                                  \
  X(GetPhysicalDeviceProperties2)                                              \
  X(GetPhysicalDeviceFeatures2)                                                \
  X(GetPhysicalDeviceMemoryProperties)                                         \
  X(GetPhysicalDeviceQueueFamilyProperties)                                    \
  X(CreateDevice)                                                              \
  X(GetDeviceProcAddr)
#define MX_VULKAN_DEVICE_FUNCTIONS(X)                                          \
  X(DestroyDevice)                                                             \
  X(GetDeviceQueue)                                                            \
  X(CreateBuffer)                                                              \
  X(DestroyBuffer)                                                             \
  X(GetBufferMemoryRequirements)                                               \
  X(AllocateMemory)                                                            \
  X(FreeMemory)                                                                \
  X(BindBufferMemory)                                                          \
  X(MapMemory)                                                                 \
  X(CreateShaderModule)                                                        \
  X(DestroyShaderModule)                                                       \
  X(CreateDescriptorSetLayout)                                                 \
  X(DestroyDescriptorSetLayout)                                                \
  X(CreatePipelineLayout)                                                      \
  X(DestroyPipelineLayout)                                                     \
  X(CreateComputePipelines)                                                    \
  X(DestroyPipeline)                                                           \
  X(CreateDescriptorPool)                                                      \
  X(DestroyDescriptorPool)                                                     \
  X(ResetDescriptorPool)                                                       \
  X(AllocateDescriptorSets)                                                    \
  X(UpdateDescriptorSets)                                                      \
  X(CreateCommandPool)                                                         \
  X(DestroyCommandPool)                                                        \
  X(AllocateCommandBuffers)                                                    \
  X(BeginCommandBuffer)                                                        \
  X(EndCommandBuffer)                                                          \
  X(CmdBindPipeline)                                                           \
  X(CmdBindDescriptorSets)                                                     \
  X(CmdPushConstants)                                                          \
  X(CmdDispatch)                                                               \
  X(CmdPipelineBarrier)                                                        \
  X(QueueSubmit)                                                               \
  X(CreateFence)                                                               \
  X(DestroyFence)                                                              \
  X(WaitForFences)                                                             \
  X(ResetFences)

typedef struct {
  mx_block base;
  VkBuffer buffer;
  VkDeviceMemory memory;
} mx_vulkan_block;

typedef struct {
  VkDescriptorSetLayout set_layout;
  VkPipelineLayout layout;
  VkPipeline pipeline;
  uint32_t buffers;
  uint32_t numbers;
} mx_vulkan_kernel;

/* Launches that are recorded before they are submitted, at most. */
enum { MX_VULKAN_LAUNCHES = 256 };
/* Buffers of one kernel, at most; no kernel of mx comes near. */
enum { MX_VULKAN_BUFFERS = 32 };

struct mx_device {
  mx_base base;
  void *library;
  VkInstance instance;
  VkPhysicalDevice physical;
  VkPhysicalDeviceProperties properties;
  VkDevice device;
  VkQueue queue;
  uint32_t memory_type;
  VkCommandPool command_pool;
  VkCommandBuffer commands;
  VkDescriptorPool descriptors;
  VkFence fence;
  /* Whether the command buffer takes commands, and launches that it has. */
  int recording;
  uint32_t recorded;
  mx_vulkan_kernel *kernels;
  size_t kernel_count;
  char environment[1024];
#define MX_DECLARE(name) PFN_vk##name name;
  MX_VULKAN_INSTANCE_FUNCTIONS(MX_DECLARE)
  MX_VULKAN_DEVICE_FUNCTIONS(MX_DECLARE)
#undef MX_DECLARE
};

/* mx_base_fail, where a call of Vulkan gave an error. */
int mx_vulkan_check(VkResult result, const char *what);

/* mx_kind's functions. */
int mx_vulkan_connect(mx_device *device);
void mx_vulkan_disconnect(mx_device *device);
int mx_vulkan_make_block(mx_device *device, mx_block *block);
void mx_vulkan_destroy_block(mx_device *device, mx_block *block);

/* mx_accelerator's functions. */
int mx_vulkan_prepare(mx_device *device, uint32_t number,
                      const mx_kernel *kernel);
int mx_vulkan_launch(mx_device *device, uint32_t number,
                     const uint64_t groups[3], void *const *buffers,
                     const uint32_t *numbers);
int mx_vulkan_synchronize(mx_device *device);

#endif
