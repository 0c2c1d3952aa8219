/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* What simulators of accelerators share: memory, two queues in time, and checks
   that commands are in an order that the hardware needs. */
#ifndef SIMULATOR_H
#define SIMULATOR_H

#include "mx-c/Runtime.h"

#include <stddef.h>

/* The accelerator that is simulated. */
typedef struct {
  uint64_t memory_bytes, alignment, accumulators;
  /* Of a tile of results. */
  uint64_t rows, columns;
  /* Bytes that are copied in a cycle, and cycles before the first. */
  uint64_t bandwidth, latency;
  /* Bytes of a second memory, for constants. */
  uint64_t storage_bytes;
} simulator_config;

struct mx_device {
  simulator_config config;
  unsigned char *memory, *storage;
  uint64_t storage_used;
  float *accumulators;
  char text[256];
  /* Commands so far; those of the other queue that are known to be done before
     the next one; and the times at which a queue's next command may start, and
     its last one ends. */
  uint64_t count[2], known[2], start[2], end[2];
  /* An event has been recorded by a queue, which had so many commands then. */
  struct {
    enum mx_queue queue;
    uint64_t count, known, time;
  } events[MX_RUNTIME_EVENTS];
  /* For every unit of memory and accumulator: the last copy and the last
     product that used it, counted from 1. */
  uint64_t *memory_used[2], *accumulator_used[2];
};

int simulator_open(mx_device **device, const simulator_config *config);
void simulator_close(mx_device *device);
const char *simulator_error(mx_device *device);
int simulator_load(mx_device *device, uint64_t to, const void *from,
                   uint64_t bytes);
int simulator_allocate(mx_device *device, uint64_t bytes, void **memory);
int simulator_upload(mx_device *device, void *to, const void *from,
                     uint64_t bytes);
int simulator_store(mx_device *device, void *to, uint64_t from, uint64_t count);
int simulator_record(mx_device *device, enum mx_queue queue, uint32_t event);
int simulator_wait(mx_device *device, enum mx_queue queue, uint32_t event);
int simulator_synchronize(mx_device *device);
uint64_t simulator_cycles(mx_device *device);

/* Notes a text, and gives 1. */
int simulator_fail(mx_device *device, const char *format, ...);

/* A copy of so many bytes, and memory for tiles that it writes to; null if it
   cannot now. */
void simulator_begin_copy(mx_device *device, uint64_t bytes);
unsigned char *simulator_tile(mx_device *device, uint64_t to, uint64_t bytes);

/* A product that takes `cycles`: its parts say what they read and write. */
void simulator_begin_product(mx_device *device, uint64_t cycles);
/* Operands of the product, null if they cannot be read now. */
const unsigned char *simulator_operand(mx_device *device, uint64_t from,
                                       uint64_t bytes);
/* The tile of results, null if it cannot be used now. */
float *simulator_accumulator(mx_device *device, uint64_t number);

#endif
