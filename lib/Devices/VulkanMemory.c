/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Memory of a Vulkan device: buffers that stay mapped, and that are used again.
 */
#include "Vulkan.h"

#include <inttypes.h>
#include <stdlib.h>

const mx_vulkan_block *mx_vulkan_find(const mx_device *d, const void *address) {
  for (size_t i = d->block_count; i-- > 0;)
    if (d->blocks[i].address == address)
      return &d->blocks[i];
  return NULL;
}

/* The smallest block that waits and is no more than twice as large, or null. */
static mx_vulkan_block *find_free(mx_device *d, uint64_t bytes) {
  mx_vulkan_block *best = NULL;
  for (size_t i = 0; i < d->block_count; ++i) {
    mx_vulkan_block *block = &d->blocks[i];
    if (!block->used && block->bytes >= bytes && block->bytes / 2 <= bytes &&
        (!best || block->bytes < best->bytes))
      best = block;
  }
  return best;
}

static void destroy(mx_device *d, mx_vulkan_block *block) {
  if (block->buffer)
    d->DestroyBuffer(d->device, block->buffer, NULL);
  if (block->memory) /* This unmaps it, too. */
    d->FreeMemory(d->device, block->memory, NULL);
}

/* A new block, which is left to the caller to destroy on failure. */
static int make_block(mx_device *d, uint64_t bytes, mx_vulkan_block *block) {
  VkBufferCreateInfo info = {
      .sType = VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO,
      .size = bytes,
      .usage = VK_BUFFER_USAGE_STORAGE_BUFFER_BIT,
      .sharingMode = VK_SHARING_MODE_EXCLUSIVE,
  };
  VkMemoryRequirements needs;
  block->bytes = bytes;
  if (mx_vulkan_check(d->CreateBuffer(d->device, &info, NULL, &block->buffer),
                      "cannot make a buffer"))
    return 1;
  d->GetBufferMemoryRequirements(d->device, block->buffer, &needs);
  if (!(needs.memoryTypeBits & (1u << d->memory_type)))
    return mx_vulkan_fail("'%s' has no storage buffers that the host can "
                          "access",
                          d->properties.deviceName);
  VkMemoryAllocateInfo memory = {
      .sType = VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO,
      .allocationSize = needs.size,
      .memoryTypeIndex = d->memory_type,
  };
  if (d->AllocateMemory(d->device, &memory, NULL, &block->memory))
    return mx_vulkan_fail("cannot allocate %" PRIu64 " bytes on '%s'", bytes,
                          d->properties.deviceName);
  return mx_vulkan_check(
             d->BindBufferMemory(d->device, block->buffer, block->memory, 0),
             "cannot bind memory") ||
         mx_vulkan_check(d->MapMemory(d->device, block->memory, 0,
                                      VK_WHOLE_SIZE, 0, &block->address),
                         "cannot map memory");
}

int mx_vulkan_allocate(mx_device *d, uint64_t bytes, void **memory) {
  /* A page at least: many buffers of few sizes are found again. */
  const uint64_t page = 4096;
  bytes = bytes ? (bytes + page - 1) / page * page : page;
  mx_vulkan_block *block = find_free(d, bytes);
  if (!block) {
    mx_vulkan_block made = {0};
    if (d->block_count == d->block_capacity) {
      size_t capacity = d->block_capacity ? 2 * d->block_capacity : 64;
      mx_vulkan_block *blocks =
          realloc(d->blocks, capacity * sizeof *d->blocks);
      if (!blocks)
        return mx_vulkan_fail("out of memory");
      d->blocks = blocks;
      d->block_capacity = capacity;
    }
    if (make_block(d, bytes, &made)) {
      destroy(d, &made);
      return 1;
    }
    block = &d->blocks[d->block_count++];
    *block = made;
  }
  block->used = 1;
  *memory = block->address;
  return 0;
}

int mx_vulkan_release(mx_device *d, void *memory) {
  if (!memory)
    return 0;
  /* Later launches may use it at once, for they happen later. */
  for (size_t i = d->block_count; i-- > 0;)
    if (d->blocks[i].address == memory && d->blocks[i].used) {
      d->blocks[i].used = 0;
      return 0;
    }
  return mx_vulkan_fail("released memory that was not allocated");
}

void mx_vulkan_free_blocks(mx_device *d) {
  for (size_t i = 0; i < d->block_count; ++i)
    destroy(d, &d->blocks[i]);
  free(d->blocks);
}
