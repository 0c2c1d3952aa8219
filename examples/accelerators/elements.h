/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* The numbers that accelerators work on, one at a time: what a unit in hardware
   has to give, bit by bit. */
#ifndef ELEMENTS_H
#define ELEMENTS_H

#include "mx-c/Runtime.h"

/* The value of an element, 0 if it is of an unknown format. */
float get_element(enum mx_element element, unsigned code);

/* Quantizes a block of `count` f32 (OCP MX v1.0 section 6.3): writes a code for
   each, and gives the scale. */
unsigned char quantize_block(enum mx_element element, const float *values,
                             int count, unsigned char *codes);

#endif
