/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* What a program asks of a device: its owner writes these functions. There are
   two kinds of devices; one has the functions of its kind, and null in place of
   the others.

   An accelerator multiplies tiles, as a description (#mx.accelerator) says. It
   has a memory for tiles of operands and their scales, at byte addresses from 0
   on, and accumulators for tiles of results, counted from 0. It may also have a
   larger memory of its own, for constants. It has two queues, one for copies and
   one for products. Commands of one queue happen in order;
   those of different queues at any time, unless events order them. A function
   may return before its command is done.

   A device of kernels runs SPIR-V. It has memory that the host can also access,
   at the host's addresses, and one queue, in whose order launches happen.

   Functions return 0, or another number if a command cannot be carried out; the
   program then ends with the text that `error` tells. */
#ifndef MX_C_RUNTIME_H
#define MX_C_RUNTIME_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Of this header. */
#define MX_RUNTIME_VERSION 3

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

/* How a block's scale follows from its largest magnitude, as mx.quantize. */
enum mx_scale_rule {
  /* OCP MX v1.0 section 6.3. */
  MX_FLOOR = 0,
  MX_CEIL = 1,
  MX_EVEN = 2,
  MX_RCEIL = 3,
  MX_DEEPSEEK = 4,
  MX_TOSA = 5
};

enum mx_queue { MX_COPY = 0, MX_MMA = 1 };

/* Events are numbers from 0 on, below this. */
#define MX_RUNTIME_EVENTS 8

/* A kernel, in SPIR-V. */
typedef struct {
  /* Its entry point. */
  const char *name;
  const uint32_t *code;
  uint64_t code_bytes;
  /* How many buffers and numbers of 4 bytes it takes. For Vulkan, buffer n is
     the storage buffer that is bound as n in set 0, and number n the push
     constant at 4 n; for OpenCL they are arguments, buffers first. */
  uint32_t buffers;
  uint32_t numbers;
  /* Invocations of a workgroup, and what memory they share. */
  uint32_t workgroup[3];
  uint64_t shared_bytes;
} mx_kernel;

/* A device that is open; its owner knows what it points to. */
typedef struct mx_device mx_device;

typedef struct {
  /* MX_RUNTIME_VERSION of the header that the functions were written with. */
  uint32_t version;

  /* Makes a device. It is used by one thread at a time. */
  int (*open)(mx_device **device);
  void (*close)(mx_device *device);
  /* A text on what failed last. `device` is null if it could not be opened.
     After another failure the program ends, and does not close it. */
  const char *(*error)(mx_device *device);

  /* An accelerator's functions. */

  /* Copies `bytes` to the address `to` from the host's memory, or from what
     `allocate` gave. The host does not change what is copied before
     `synchronize`. */
  int (*load)(mx_device *device, uint64_t to, const void *from, uint64_t bytes);
  /* As `load`, of a tile that it quantizes: `rows` x `depth` f32, whose rows
     begin `stride` bytes apart. The tile has `tile_rows` rows; zeros are in
     place of those that are missing, and of what is missing of its depth. Bits
     are those of mx.quantize: the scale by the rule; elements times the inverse
     of the scale, rounded to nearest, ties to even, the largest at most (127 in
     size for MXINT8), zeros with their sign; in a block with NaN or Inf, scale
     255 and elements 0x7f, or 0 in formats without NaN. Null if the description
     lists no rule. */
  int (*quantize)(mx_device *device, uint32_t mma, enum mx_element element,
                  enum mx_scale_rule rule, uint64_t to, uint64_t to_scales,
                  uint32_t tile_rows, const float *from, uint64_t stride,
                  uint32_t rows, uint32_t depth);
  /* Copies to memory that `allocate` gave. Null if the description has no
     storage. */
  int (*upload)(mx_device *device, void *to, const void *from, uint64_t bytes);
  /* Copies `count` accumulators from `from` on to the host's memory, f32, row
     by row. */
  int (*store)(mx_device *device, void *to, uint64_t from, uint64_t count);
  /* The operation number `mma` of the description on tiles at these addresses.
     The accumulator starts from zeros unless `accumulate`. */
  int (*mma)(mx_device *device, uint32_t mma, enum mx_element lhs_element,
             enum mx_element rhs_element, uint64_t accumulator, uint64_t lhs,
             uint64_t lhs_scales, uint64_t rhs, uint64_t rhs_scales,
             int accumulate);

  /* The event is that all commands that `queue` has so far are done. */
  int (*record)(mx_device *device, enum mx_queue queue, uint32_t event);
  /* Later commands of `queue` happen after the event as it was recorded last;
     if never, at once. */
  int (*wait)(mx_device *device, enum mx_queue queue, uint32_t event);

  /* Cycles from the opening to the end of the last command; may be null. */
  uint64_t (*cycles)(mx_device *device);

  /* Both kinds' functions. */

  /* Returns when all commands are done. */
  int (*synchronize)(mx_device *device);
  /* Gives memory. A device of kernels' is the host's too, when all launches
     before are done; an accelerator's is read by `load` alone, at the addresses
     from this one on, which are none of the host's. All that is asked for, each
     rounded up to the description's alignment, is at most its storage. Null if
     it has none. */
  int (*allocate)(mx_device *device, uint64_t bytes, void **memory);

  /* The functions of a device of kernels. */

  /* A name for people. */
  const char *(*name)(mx_device *device);
  /* What SPIR-V it runs: the text of a #spirv.target_env. */
  const char *(*environment)(mx_device *device);
  /* Takes memory back; launches so far may still use it. Null is no memory. */
  int (*release)(mx_device *device, void *memory);
  /* Makes a kernel ready to be launched as `number`, from 0 on. */
  int (*prepare)(mx_device *device, uint32_t number, const mx_kernel *kernel);
  /* Runs a kernel on so many workgroups along x, y and z; 0 is none. Buffers
     are what `allocate` gave. */
  int (*launch)(mx_device *device, uint32_t number, const uint64_t groups[3],
                void *const *buffers, const uint32_t *numbers);
} mx_accelerator;

/* What a library for an accelerator exports. */
const mx_accelerator *mx_accelerator_get(void);

#ifdef __cplusplus
}
#endif

#endif
