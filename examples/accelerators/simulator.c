/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#include "simulator.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int simulator_fail(mx_device *device, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(device->text, sizeof device->text, format, arguments);
  va_end(arguments);
  return 1;
}

const char *simulator_error(mx_device *device) {
  return device ? device->text : "no such simulator, or no memory for it";
}

int simulator_open(mx_device **result, const simulator_config *config) {
  mx_device *device = calloc(1, sizeof *device);
  if (!device)
    return 1;
  uint64_t units = config->memory_bytes / config->alignment;
  uint64_t tile = config->rows * config->columns;
  device->config = *config;
  device->memory = malloc(config->memory_bytes);
  device->storage = malloc(config->storage_bytes + 1);
  device->accumulators = malloc(config->accumulators * tile * sizeof(float));
  int failed = !device->memory || !device->storage || !device->accumulators;
  for (int queue = 0; queue < 2; ++queue) {
    device->memory_used[queue] = calloc(units, sizeof(uint64_t));
    device->accumulator_used[queue] =
        calloc(config->accumulators, sizeof(uint64_t));
    failed |= !device->memory_used[queue] || !device->accumulator_used[queue];
  }
  if (failed) {
    simulator_close(device);
    return 1;
  }
  /* What has not been written is noise. */
  memset(device->memory, 0xff, config->memory_bytes);
  memset(device->accumulators, 0xff,
         config->accumulators * tile * sizeof(float));
  *result = device;
  return 0;
}

void simulator_close(mx_device *device) {
  for (int queue = 0; queue < 2; ++queue) {
    free(device->memory_used[queue]);
    free(device->accumulator_used[queue]);
  }
  free(device->memory);
  free(device->storage);
  free(device->accumulators);
  free(device);
}

/* Notes that the last command of `queue` uses a part of `used`. The last use by
   the other queue must be known to be done. */
static int use(mx_device *device, uint64_t *used[2], enum mx_queue queue,
               uint64_t from, uint64_t count, const char *what) {
  for (uint64_t unit = from; unit < from + count; ++unit) {
    if (used[!queue][unit] > device->known[queue])
      return simulator_fail(
          device, "%s %llu is used by a %s that a %s does not wait for", what,
          (unsigned long long)unit, queue == MX_COPY ? "product" : "copy",
          queue == MX_COPY ? "copy" : "product");
    used[queue][unit] = device->count[queue];
  }
  return 0;
}

/* Notes that the last command of `queue` uses bytes of memory. */
static int use_memory(mx_device *device, enum mx_queue queue, uint64_t from,
                      uint64_t bytes) {
  uint64_t size = device->config.memory_bytes;
  uint64_t unit = device->config.alignment;
  if (from > size || bytes > size - from)
    return simulator_fail(device, "%llu bytes at %llu are beyond the memory",
                          (unsigned long long)bytes, (unsigned long long)from);
  if (from % unit)
    return simulator_fail(device, "the address %llu is no multiple of %llu",
                          (unsigned long long)from, (unsigned long long)unit);
  return use(device, device->memory_used, queue, from / unit,
             (bytes + unit - 1) / unit, "unit of memory");
}

/* A command that the queue does for so many cycles, the first `latency` of
   which overlap with others. */
static void begin(mx_device *device, enum mx_queue queue, uint64_t latency,
                  uint64_t cycles) {
  uint64_t start = device->start[queue] + latency;
  if (start < device->end[queue])
    start = device->end[queue];
  device->end[queue] = start + cycles;
  ++device->count[queue];
}

void simulator_begin_copy(mx_device *device, uint64_t bytes) {
  uint64_t bandwidth = device->config.bandwidth;
  begin(device, MX_COPY, device->config.latency,
        (bytes + bandwidth - 1) / bandwidth);
}

unsigned char *simulator_tile(mx_device *device, uint64_t to, uint64_t bytes) {
  return use_memory(device, MX_COPY, to, bytes) ? NULL : device->memory + to;
}

int simulator_load(mx_device *device, uint64_t to, const void *from,
                   uint64_t bytes) {
  simulator_begin_copy(device, bytes);
  uintptr_t place = (uintptr_t)from - (uintptr_t)device->storage;
  if (place < device->config.storage_bytes &&
      (place > device->storage_used || bytes > device->storage_used - place))
    return simulator_fail(device, "a copy of storage that is not allocated");
  unsigned char *tile = simulator_tile(device, to, bytes);
  if (tile)
    memcpy(tile, from, bytes);
  return tile == NULL;
}

int simulator_allocate(mx_device *device, uint64_t bytes, void **memory) {
  uint64_t unit = device->config.alignment;
  uint64_t free_bytes = device->config.storage_bytes - device->storage_used;
  if (bytes > free_bytes)
    return simulator_fail(
        device, "%llu bytes are more than the %llu of storage",
        (unsigned long long)bytes, (unsigned long long)free_bytes);
  *memory = device->storage + device->storage_used;
  uint64_t taken = (bytes + unit - 1) / unit * unit;
  device->storage_used += taken < free_bytes ? taken : free_bytes;
  return 0;
}

int simulator_upload(mx_device *device, void *to, const void *from,
                     uint64_t bytes) {
  simulator_begin_copy(device, bytes);
  uint64_t place = (uint64_t)((unsigned char *)to - device->storage);
  if (place > device->storage_used || bytes > device->storage_used - place)
    return simulator_fail(device, "an upload to what is no storage");
  memcpy(to, from, bytes);
  return 0;
}

int simulator_store(mx_device *device, void *to, uint64_t from,
                    uint64_t count) {
  uint64_t tile = device->config.rows * device->config.columns;
  simulator_begin_copy(device, count * tile * sizeof(float));
  if (from > device->config.accumulators ||
      count > device->config.accumulators - from)
    return simulator_fail(device, "there is no accumulator %llu",
                          (unsigned long long)(from + count - 1));
  if (use(device, device->accumulator_used, MX_COPY, from, count,
          "accumulator"))
    return 1;
  memcpy(to, device->accumulators + from * tile, count * tile * sizeof(float));
  return 0;
}

static int check_event(mx_device *device, uint32_t event) {
  return event < MX_RUNTIME_EVENTS
             ? 0
             : simulator_fail(device, "there is no event %u", event);
}

int simulator_record(mx_device *device, enum mx_queue queue, uint32_t event) {
  if (check_event(device, event))
    return 1;
  device->events[event].queue = queue;
  device->events[event].count = device->count[queue];
  device->events[event].known = device->known[queue];
  device->events[event].time = device->end[queue];
  return 0;
}

int simulator_wait(mx_device *device, enum mx_queue queue, uint32_t event) {
  if (check_event(device, event))
    return 1;
  int own = device->events[event].queue == queue;
  uint64_t known =
      own ? device->events[event].known : device->events[event].count;
  if (device->known[queue] < known)
    device->known[queue] = known;
  if (device->start[queue] < device->events[event].time)
    device->start[queue] = device->events[event].time;
  return 0;
}

int simulator_synchronize(mx_device *device) {
  uint64_t end = simulator_cycles(device);
  for (int queue = 0; queue < 2; ++queue) {
    device->known[queue] = device->count[!queue];
    device->start[queue] = end;
  }
  return 0;
}

uint64_t simulator_cycles(mx_device *device) {
  return device->end[0] > device->end[1] ? device->end[0] : device->end[1];
}

void simulator_begin_product(mx_device *device, uint64_t cycles) {
  begin(device, MX_MMA, 0, cycles);
}

const unsigned char *simulator_operand(mx_device *device, uint64_t from,
                                       uint64_t bytes) {
  return use_memory(device, MX_MMA, from, bytes) ? NULL : device->memory + from;
}

float *simulator_accumulator(mx_device *device, uint64_t number) {
  if (number >= device->config.accumulators) {
    simulator_fail(device, "there is no accumulator %llu",
                   (unsigned long long)number);
    return NULL;
  }
  if (use(device, device->accumulator_used, MX_MMA, number, 1, "accumulator"))
    return NULL;
  return device->accumulators +
         number * device->config.rows * device->config.columns;
}
