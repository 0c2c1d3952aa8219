/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Kernels of a Vulkan device: pipelines, and launches in one command buffer. */
#include "Vulkan.h"

#include <dlfcn.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Whether the device can hold the kernel. */
static int check_limits(const mx_device *d, const mx_kernel *kernel) {
  const VkPhysicalDeviceLimits *limits = &d->properties.limits;
  uint64_t invocations = 1;
  uint32_t buffers = limits->maxPerStageDescriptorStorageBuffers;
  if (buffers > MX_VULKAN_BUFFERS)
    buffers = MX_VULKAN_BUFFERS;
#define MX_LIMIT(what, found, most)                                            \
  if ((found) > (most))                                                        \
    return mx_base_fail("kernel '%s' is over a limit of '%s': expected at "    \
                        "most %" PRIu64 " " what ", found %" PRIu64,           \
                        kernel->name, d->properties.deviceName,                \
                        (uint64_t)(most), (uint64_t)(found));
  MX_LIMIT("buffers", kernel->buffers, buffers)
  MX_LIMIT("bytes of push constants", kernel->numbers * 4,
           limits->maxPushConstantsSize)
  MX_LIMIT("bytes of workgroup memory", kernel->shared_bytes,
           limits->maxComputeSharedMemorySize)
  for (int axis = 0; axis < 3; ++axis) {
    MX_LIMIT("invocations along an axis of a workgroup",
             kernel->workgroup[axis], limits->maxComputeWorkGroupSize[axis])
    invocations *= kernel->workgroup[axis];
  }
  MX_LIMIT("invocations in a workgroup", invocations,
           limits->maxComputeWorkGroupInvocations)
  return 0;
}

static int make_layout(mx_device *d, const mx_kernel *kernel,
                       mx_vulkan_kernel *result) {
  VkDescriptorSetLayoutBinding bindings[MX_VULKAN_BUFFERS];
  for (uint32_t i = 0; i < kernel->buffers; ++i)
    bindings[i] = (VkDescriptorSetLayoutBinding){
        .binding = i,
        .descriptorType = VK_DESCRIPTOR_TYPE_STORAGE_BUFFER,
        .descriptorCount = 1,
        .stageFlags = VK_SHADER_STAGE_COMPUTE_BIT,
    };
  VkDescriptorSetLayoutCreateInfo set = {
      .sType = VK_STRUCTURE_TYPE_DESCRIPTOR_SET_LAYOUT_CREATE_INFO,
      .bindingCount = kernel->buffers,
      .pBindings = bindings,
  };
  if (mx_vulkan_check(d->CreateDescriptorSetLayout(d->device, &set, NULL,
                                                   &result->set_layout),
                      "cannot make a descriptor set layout"))
    return 1;
  VkPushConstantRange range = {
      .stageFlags = VK_SHADER_STAGE_COMPUTE_BIT,
      .size = kernel->numbers * 4,
  };
  VkPipelineLayoutCreateInfo layout = {
      .sType = VK_STRUCTURE_TYPE_PIPELINE_LAYOUT_CREATE_INFO,
      .setLayoutCount = 1,
      .pSetLayouts = &result->set_layout,
      .pushConstantRangeCount = kernel->numbers > 0,
      .pPushConstantRanges = &range,
  };
  return mx_vulkan_check(
      d->CreatePipelineLayout(d->device, &layout, NULL, &result->layout),
      "cannot make a pipeline layout");
}

static int make_pipeline(mx_device *d, const mx_kernel *kernel,
                         mx_vulkan_kernel *result) {
  VkShaderModule module;
  VkShaderModuleCreateInfo code = {
      .sType = VK_STRUCTURE_TYPE_SHADER_MODULE_CREATE_INFO,
      .codeSize = kernel->code_bytes,
      .pCode = kernel->code,
  };
  if (mx_vulkan_check(d->CreateShaderModule(d->device, &code, NULL, &module),
                      "cannot read a kernel's SPIR-V"))
    return 1;
  VkComputePipelineCreateInfo info = {
      .sType = VK_STRUCTURE_TYPE_COMPUTE_PIPELINE_CREATE_INFO,
      .stage =
          {
              .sType = VK_STRUCTURE_TYPE_PIPELINE_SHADER_STAGE_CREATE_INFO,
              .stage = VK_SHADER_STAGE_COMPUTE_BIT,
              .module = module,
              .pName = kernel->name,
          },
      .layout = result->layout,
  };
  int failed =
      mx_vulkan_check(d->CreateComputePipelines(d->device, VK_NULL_HANDLE, 1,
                                                &info, NULL, &result->pipeline),
                      "cannot compile a kernel");
  d->DestroyShaderModule(d->device, module, NULL);
  return failed;
}

/* No null handle is destroyed. */
static void free_kernel(mx_device *d, mx_vulkan_kernel *kernel) {
  d->DestroyPipeline(d->device, kernel->pipeline, NULL);
  d->DestroyPipelineLayout(d->device, kernel->layout, NULL);
  d->DestroyDescriptorSetLayout(d->device, kernel->set_layout, NULL);
  memset(kernel, 0, sizeof *kernel);
}

int mx_vulkan_prepare(mx_device *d, uint32_t number, const mx_kernel *kernel) {
  /* What is recorded may use the kernel that had this number. */
  if (check_limits(d, kernel) || mx_vulkan_synchronize(d))
    return 1;
  if (number >= d->kernel_count) {
    size_t count = (size_t)number + 1;
    mx_vulkan_kernel *kernels = realloc(d->kernels, count * sizeof *d->kernels);
    if (!kernels)
      return mx_base_fail("out of memory");
    memset(kernels + d->kernel_count, 0,
           (count - d->kernel_count) * sizeof *kernels);
    d->kernels = kernels;
    d->kernel_count = count;
  }
  mx_vulkan_kernel *result = &d->kernels[number];
  free_kernel(d, result);
  result->buffers = kernel->buffers;
  result->numbers = kernel->numbers;
  return make_layout(d, kernel, result) || make_pipeline(d, kernel, result);
}

/* A command buffer that takes commands, and room for another descriptor set. */
static int begin(mx_device *d) {
  if (d->recorded == MX_VULKAN_LAUNCHES && mx_vulkan_synchronize(d))
    return 1;
  if (d->recording)
    return 0;
  VkCommandBufferBeginInfo info = {
      .sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO,
      .flags = VK_COMMAND_BUFFER_USAGE_ONE_TIME_SUBMIT_BIT,
  };
  d->recording = 1;
  return mx_vulkan_check(d->BeginCommandBuffer(d->commands, &info),
                         "cannot record commands");
}

static int bind_buffers(mx_device *d, const mx_vulkan_kernel *kernel,
                        void *const *buffers) {
  VkDescriptorSet set;
  VkDescriptorBufferInfo places[MX_VULKAN_BUFFERS];
  VkWriteDescriptorSet writes[MX_VULKAN_BUFFERS];
  VkDescriptorSetAllocateInfo info = {
      .sType = VK_STRUCTURE_TYPE_DESCRIPTOR_SET_ALLOCATE_INFO,
      .descriptorPool = d->descriptors,
      .descriptorSetCount = 1,
      .pSetLayouts = &kernel->set_layout,
  };
  if (mx_vulkan_check(d->AllocateDescriptorSets(d->device, &info, &set),
                      "cannot make a descriptor set"))
    return 1;
  for (uint32_t i = 0; i < kernel->buffers; ++i) {
    const mx_vulkan_block *block =
        (mx_vulkan_block *)mx_base_find(d, buffers[i]);
    if (!block)
      return mx_base_fail("a kernel was given memory that the device did "
                          "not allocate");
    if (block->base.bytes > d->properties.limits.maxStorageBufferRange)
      return mx_base_fail(
          "a buffer is over a limit of '%s': expected at most %" PRIu32
          " bytes, found %" PRIu64,
          d->properties.deviceName, d->properties.limits.maxStorageBufferRange,
          block->base.bytes);
    places[i] = (VkDescriptorBufferInfo){.buffer = block->buffer,
                                         .range = VK_WHOLE_SIZE};
    writes[i] = (VkWriteDescriptorSet){
        .sType = VK_STRUCTURE_TYPE_WRITE_DESCRIPTOR_SET,
        .dstSet = set,
        .dstBinding = i,
        .descriptorCount = 1,
        .descriptorType = VK_DESCRIPTOR_TYPE_STORAGE_BUFFER,
        .pBufferInfo = &places[i],
    };
  }
  d->UpdateDescriptorSets(d->device, kernel->buffers, writes, 0, NULL);
  d->CmdBindDescriptorSets(d->commands, VK_PIPELINE_BIND_POINT_COMPUTE,
                           kernel->layout, 0, 1, &set, 0, NULL);
  return 0;
}

int mx_vulkan_launch(mx_device *d, uint32_t number, const uint64_t groups[3],
                     void *const *buffers, const uint32_t *numbers) {
  if (number >= d->kernel_count || !d->kernels[number].pipeline)
    return mx_base_fail("launched kernel %" PRIu32 ", which is none", number);
  for (int axis = 0; axis < 3; ++axis) {
    if (groups[axis] == 0)
      return 0;
    uint32_t most = d->properties.limits.maxComputeWorkGroupCount[axis];
    if (groups[axis] > most)
      return mx_base_fail("a launch is over a limit of '%s': expected at most "
                          "%" PRIu32 " workgroups along %c, found %" PRIu64,
                          d->properties.deviceName, most, 'x' + axis,
                          groups[axis]);
  }
  const mx_vulkan_kernel *kernel = &d->kernels[number];
  if (begin(d) || bind_buffers(d, kernel, buffers))
    return 1;
  d->CmdBindPipeline(d->commands, VK_PIPELINE_BIND_POINT_COMPUTE,
                     kernel->pipeline);
  if (kernel->numbers)
    d->CmdPushConstants(d->commands, kernel->layout,
                        VK_SHADER_STAGE_COMPUTE_BIT, 0, kernel->numbers * 4,
                        numbers);
  d->CmdDispatch(d->commands, (uint32_t)groups[0], (uint32_t)groups[1],
                 (uint32_t)groups[2]);
  /* What it wrote, the next one and the host see. */
  VkMemoryBarrier barrier = {
      .sType = VK_STRUCTURE_TYPE_MEMORY_BARRIER,
      .srcAccessMask = VK_ACCESS_SHADER_WRITE_BIT,
      .dstAccessMask = VK_ACCESS_SHADER_READ_BIT | VK_ACCESS_SHADER_WRITE_BIT |
                       VK_ACCESS_HOST_READ_BIT,
  };
  d->CmdPipelineBarrier(d->commands, VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT,
                        VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT |
                            VK_PIPELINE_STAGE_HOST_BIT,
                        0, 1, &barrier, 0, NULL, 0, NULL);
  ++d->recorded;
  return 0;
}

int mx_vulkan_synchronize(mx_device *d) {
  if (!d->recording)
    return 0;
  VkSubmitInfo submit = {
      .sType = VK_STRUCTURE_TYPE_SUBMIT_INFO,
      .commandBufferCount = 1,
      .pCommandBuffers = &d->commands,
  };
  d->recording = 0;
  d->recorded = 0;
  return mx_vulkan_check(d->EndCommandBuffer(d->commands),
                         "cannot record commands") ||
         mx_vulkan_check(d->QueueSubmit(d->queue, 1, &submit, d->fence),
                         "cannot submit commands") ||
         mx_vulkan_check(
             d->WaitForFences(d->device, 1, &d->fence, VK_TRUE, UINT64_MAX),
             "cannot run kernels") ||
         mx_vulkan_check(d->ResetFences(d->device, 1, &d->fence),
                         "cannot run kernels") ||
         mx_vulkan_check(d->ResetDescriptorPool(d->device, d->descriptors, 0),
                         "cannot run kernels");
}

static void free_kernels(mx_device *d) {
  for (size_t i = 0; i < d->kernel_count; ++i)
    free_kernel(d, &d->kernels[i]);
  free(d->kernels);
}

void mx_vulkan_disconnect(mx_device *d) {
  if (d->fence) { /* What kernels and memory need was made before it. */
    (void)mx_vulkan_synchronize(d);
    free_kernels(d);
    mx_base_destroy_blocks(d);
    d->DestroyFence(d->device, d->fence, NULL);
  }
  if (d->descriptors)
    d->DestroyDescriptorPool(d->device, d->descriptors, NULL);
  if (d->command_pool)
    d->DestroyCommandPool(d->device, d->command_pool, NULL);
  if (d->device && d->DestroyDevice)
    d->DestroyDevice(d->device, NULL);
  if (d->instance && d->DestroyInstance)
    d->DestroyInstance(d->instance, NULL);
  if (d->library)
    dlclose(d->library);
}
