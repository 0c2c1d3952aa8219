/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Memory of a Vulkan device: buffers that stay mapped. */
#include "Vulkan.h"

#include <inttypes.h>

int mx_vulkan_make_block(mx_device *d, mx_block *base) {
  mx_vulkan_block *block = (mx_vulkan_block *)base;
  VkBufferCreateInfo info = {
      .sType = VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO,
      .size = base->bytes,
      .usage = VK_BUFFER_USAGE_STORAGE_BUFFER_BIT,
      .sharingMode = VK_SHARING_MODE_EXCLUSIVE,
  };
  VkMemoryRequirements needs;
  if (mx_vulkan_check(d->CreateBuffer(d->device, &info, NULL, &block->buffer),
                      "cannot make a buffer"))
    return 1;
  d->GetBufferMemoryRequirements(d->device, block->buffer, &needs);
  if (!(needs.memoryTypeBits & (1u << d->memory_type)))
    return mx_base_fail("'%s' has no storage buffers that the host can "
                        "access",
                        d->properties.deviceName);
  VkMemoryAllocateInfo memory = {
      .sType = VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO,
      .allocationSize = needs.size,
      .memoryTypeIndex = d->memory_type,
  };
  if (d->AllocateMemory(d->device, &memory, NULL, &block->memory))
    return mx_base_fail("cannot allocate %" PRIu64 " bytes on '%s'",
                        base->bytes, d->properties.deviceName);
  return mx_vulkan_check(
             d->BindBufferMemory(d->device, block->buffer, block->memory, 0),
             "cannot bind memory") ||
         mx_vulkan_check(d->MapMemory(d->device, block->memory, 0,
                                      VK_WHOLE_SIZE, 0, &base->address),
                         "cannot map memory");
}

void mx_vulkan_destroy_block(mx_device *d, mx_block *base) {
  mx_vulkan_block *block = (mx_vulkan_block *)base;
  if (block->buffer)
    d->DestroyBuffer(d->device, block->buffer, NULL);
  if (block->memory) /* This unmaps it, too. */
    d->FreeMemory(d->device, block->memory, NULL);
}
