/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Memory of devices: blocks that are used again, and destroyed at the end. */
#include "Base.h"

#include <stdlib.h>

/* The smallest block that waits and is no more than twice as large, or null. */
static mx_block *find_free(mx_block *blocks, uint64_t bytes) {
  mx_block *best = NULL;
  for (mx_block *block = blocks; block; block = block->next)
    if (!block->used && block->bytes >= bytes && block->bytes / 2 <= bytes &&
        (!best || block->bytes <= best->bytes))
      best = block;
  return best;
}

static void destroy(mx_device *device, mx_block *block) {
  ((mx_base *)device)->kind->destroy(device, block);
  free(block);
}

int mx_base_allocate(mx_device *device, uint64_t bytes, void **memory) {
  /* A page at least: many buffers of few sizes are found again. */
  const uint64_t page = 4096;
  mx_base *base = (mx_base *)device;
  bytes = bytes ? (bytes + page - 1) / page * page : page;
  mx_block *block = find_free(base->blocks, bytes);
  if (!block) {
    block = calloc(1, base->kind->block_size);
    if (!block)
      return mx_base_fail("out of memory");
    block->bytes = bytes;
    if (base->kind->make(device, block)) {
      destroy(device, block);
      return 1;
    }
    block->next = base->blocks;
    base->blocks = block;
  }
  block->used = 1;
  *memory = block->address;
  return 0;
}

int mx_base_release(mx_device *device, void *memory) {
  if (!memory)
    return 0;
  mx_block *block = mx_base_find(device, memory);
  if (!block || !block->used)
    return mx_base_fail("released memory that was not allocated");
  /* Later launches may use it at once, for they happen later. */
  block->used = 0;
  return 0;
}

mx_block *mx_base_find(mx_device *device, const void *address) {
  mx_block *block = ((mx_base *)device)->blocks;
  while (block && block->address != address)
    block = block->next;
  return block;
}

void mx_base_destroy_blocks(mx_device *device) {
  mx_base *base = (mx_base *)device;
  for (mx_block *block = base->blocks; block; block = base->blocks) {
    base->blocks = block->next;
    destroy(device, block);
  }
}
