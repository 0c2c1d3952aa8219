/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* A library for an accelerator that takes no copy. */
#include "mx-c/Runtime.h"

#include <stdio.h>

#ifndef VERSION
#define VERSION MX_RUNTIME_VERSION
#endif
#ifndef MMA
#define MMA mma
#endif
#ifndef OPENS
#define OPENS 1
#endif

struct mx_device {
  char text[100];
} only;

static int open_device(mx_device **device) {
  if (OPENS)
    *device = &only;
  return !OPENS;
}
static void close_device(mx_device *device) { (void)device; }
static const char *error(mx_device *device) {
  return device ? device->text : "the device is switched off";
}
static int load(mx_device *device, uint64_t to, const void *from,
                uint64_t bytes) {
  (void)to, (void)from;
  snprintf(device->text, sizeof device->text, "%d bytes are too many",
           (int)bytes);
  return 1;
}
static int store(mx_device *device, void *to, uint64_t from, uint64_t count) {
  return (void)device, (void)to, (void)from, (void)count, 0;
}
int mma(mx_device *device, uint32_t number, enum mx_element lhs_element,
        enum mx_element rhs_element, uint64_t accumulator, uint64_t lhs,
        uint64_t lhs_scales, uint64_t rhs, uint64_t rhs_scales,
        int accumulate) {
  return (void)device, (void)number, (void)lhs_element, (void)rhs_element,
         (void)accumulator, (void)lhs, (void)lhs_scales, (void)rhs,
         (void)rhs_scales, (void)accumulate, 0;
}
static int event(mx_device *device, enum mx_queue queue, uint32_t number) {
  return (void)device, (void)queue, (void)number, 0;
}
static int synchronize(mx_device *device) { return (void)device, 0; }

static const mx_accelerator faulty = {
    .version = VERSION,
    .open = open_device,
    .close = close_device,
    .error = error,
    .load = load,
    .store = store,
    .mma = MMA,
    .record = event,
    .wait = event,
    .synchronize = synchronize,
};
#ifndef EMPTY
const mx_accelerator *mx_accelerator_get(void) { return &faulty; }
#endif
