/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* What devices of kernels share: opening and closing, errors and memory. */
#ifndef MX_LIB_DEVICES_BASE_H
#define MX_LIB_DEVICES_BASE_H

#include "mx-c/Runtime.h"

#include <stddef.h>

/* Memory that was given, or that was given back and waits for its next use. */
typedef struct mx_block {
  struct mx_block *next;
  void *address;
  uint64_t bytes;
  int used;
} mx_block;

/* A kind of devices. */
typedef struct {
  /* Of its struct mx_device, which begins with mx_base, and of its blocks,
     which begin with mx_block. */
  size_t device_size, block_size;
  /* Opens, and closes, a device; what was opened so far if that failed. */
  int (*connect)(mx_device *device);
  void (*disconnect)(mx_device *device);
  /* Makes a block of `bytes` and sets its address, and destroys a block; what
     was made so far if that failed. */
  int (*make)(mx_device *device, mx_block *block);
  void (*destroy)(mx_device *device, mx_block *block);
} mx_kind;

/* What is the same in devices of all kinds. */
typedef struct {
  const mx_kind *kind;
  mx_block *blocks;
} mx_base;

int mx_base_open(const mx_kind *kind, mx_device **device);

/* mx_accelerator's functions. */
void mx_base_close(mx_device *device);
const char *mx_base_error(mx_device *device);
int mx_base_allocate(mx_device *device, uint64_t bytes, void **memory);
int mx_base_release(mx_device *device, void *memory);

/* Sets the text of mx_accelerator.error; gives 1. */
int mx_base_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The block that starts at `address`, or null. */
mx_block *mx_base_find(mx_device *device, const void *address);

/* Destroys all blocks. */
void mx_base_destroy_blocks(mx_device *device);

#endif
