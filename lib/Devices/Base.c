/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#include "Base.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static char error_text[2048];

int mx_base_fail(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(error_text, sizeof error_text, format, arguments);
  va_end(arguments);
  return 1;
}

const char *mx_base_error(mx_device *device) {
  (void)device;
  return error_text;
}

int mx_base_open(const mx_kind *kind, mx_device **device) {
  mx_base *base = calloc(1, kind->device_size);
  if (!base)
    return mx_base_fail("out of memory");
  base->kind = kind;
  if (kind->connect((mx_device *)base)) {
    mx_base_close((mx_device *)base);
    return 1;
  }
  *device = (mx_device *)base;
  return 0;
}

void mx_base_close(mx_device *device) {
  ((mx_base *)device)->kind->disconnect(device);
  free(device);
}
