/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* What a program asks of an accelerator: its owner writes these functions, and a
   description (#mx.accelerator) that tells mx what they can do.

   An accelerator has a memory for tiles of operands and their scales, at byte
   addresses from 0 on, and accumulators for tiles of results, counted from 0.
   It has two queues, one for copies and one for products. Commands of one queue
   happen in order; those of different queues at any time, unless events order
   them. A function may return before its command is done.

   Functions return 0, or another number if a command cannot be carried out; the
   program then ends with the text that `error` tells. */
#ifndef MX_C_RUNTIME_H
#define MX_C_RUNTIME_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Of this header. */
#define MX_RUNTIME_VERSION 1

/* Elements by their formats (OCP MX v1.0 table 1). */
enum mx_element {
  MX_E4M3 = 1,
  MX_E5M2 = 2,
  MX_E2M3 = 3,
  MX_E3M2 = 4,
  MX_E2M1 = 5,
  /* Two's complement, 6 fraction bits. */
  MX_MXINT8 = 6
};

enum mx_queue { MX_COPY = 0, MX_MMA = 1 };

/* Events are numbers from 0 on, below this. */
#define MX_RUNTIME_EVENTS 8

/* An accelerator that is open; its owner knows what it points to. */
typedef struct mx_device mx_device;

typedef struct {
  /* MX_RUNTIME_VERSION of the header that the functions were written with. */
  uint32_t version;

  /* Makes a device. It is used by one thread at a time. */
  int (*open)(mx_device **device);
  void (*close)(mx_device *device);
  /* A text on what failed last. `device` is null if it could not be opened. */
  const char *(*error)(mx_device *device);

  /* Copies `bytes` from the host's memory to the address `to`. The host does
     not change what is copied before `synchronize`. */
  int (*load)(mx_device *device, uint64_t to, const void *from, uint64_t bytes);
  /* Copies `count` accumulators from `from` on to the host's memory, f32, row by
     row. */
  int (*store)(mx_device *device, void *to, uint64_t from, uint64_t count);
  /* The operation number `mma` of the description on tiles at these addresses.
     The accumulator starts from zeros unless `accumulate`. */
  int (*mma)(mx_device *device, uint32_t mma, enum mx_element lhs_element,
             enum mx_element rhs_element, uint64_t accumulator, uint64_t lhs,
             uint64_t lhs_scales, uint64_t rhs, uint64_t rhs_scales,
             int accumulate);

  /* The event is that all commands that `queue` has so far are done. */
  int (*record)(mx_device *device, enum mx_queue queue, uint32_t event);
  /* Later commands of `queue` happen after the event as it was recorded last; if
     never, at once. */
  int (*wait)(mx_device *device, enum mx_queue queue, uint32_t event);
  /* Returns when all commands are done. */
  int (*synchronize)(mx_device *device);

  /* Cycles from the opening to the end of the last command; may be null. */
  uint64_t (*cycles)(mx_device *device);
} mx_accelerator;

/* What a library for an accelerator exports. */
const mx_accelerator *mx_accelerator_get(void);

#ifdef __cplusplus
}
#endif

#endif
