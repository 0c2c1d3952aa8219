/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#include "elements.h"

#include <math.h>
#include <string.h>

/* A format of elements (OCP MX v1.0 section 5.3). */
typedef struct {
  /* Of a float; no exponent bits are MX INT8. */
  int exponent_bits, mantissa_bits;
  /* The exponent of the largest value, and that value. */
  int largest_exponent;
  float largest;
  /* What codes of a block with NaN or Inf are. */
  unsigned char nan;
} format;

static format get_format(enum mx_element element) {
  switch (element) {
  case MX_E4M3:
    return (format){4, 3, 8, 448, 0x7f};
  case MX_E5M2:
    return (format){5, 2, 15, 57344, 0x7f};
  case MX_E2M3:
    return (format){2, 3, 2, 7.5f, 0};
  case MX_E3M2:
    return (format){3, 2, 4, 28, 0};
  case MX_E2M1:
    return (format){2, 1, 2, 6, 0};
  case MX_MXINT8:
    return (format){0, 6, 0, 127 / 64.0f, 0};
  }
  return (format){0, 0, 0, 0, 0};
}

static int get_bias(format f) { return (1 << (f.exponent_bits - 1)) - 1; }

float get_element(enum mx_element element, unsigned code) {
  format f = get_format(element);
  if (f.exponent_bits == 0)
    return ldexpf((float)(signed char)code, -f.mantissa_bits);
  if (element == MX_E4M3 && (code & 0x7f) == 0x7f)
    return NAN;
  if (element == MX_E5M2 && (code & 0x7c) == 0x7c)
    return code & 3 ? NAN : code >> 7 ? -INFINITY : INFINITY;
  unsigned mantissa = code & ((1u << f.mantissa_bits) - 1);
  int exponent = (int)(code >> f.mantissa_bits) & ((1 << f.exponent_bits) - 1);
  if (exponent)
    mantissa += 1u << f.mantissa_bits;
  float value = ldexpf((float)mantissa, (exponent ? exponent : 1) -
                                            get_bias(f) - f.mantissa_bits);
  return code >> (f.exponent_bits + f.mantissa_bits) & 1 ? -value : value;
}

/* The code of the element that is nearest to a number, of two the even one, and
   the largest one at most. */
static unsigned char encode(format f, float value) {
  float size = fminf(fabsf(value), f.largest);
  if (f.exponent_bits == 0) {
    int rounded = (int)rintf(ldexpf(size, f.mantissa_bits));
    return (unsigned char)(value < 0 ? -rounded : rounded);
  }
  int exponent;
  frexpf(size, &exponent);
  /* As 1.xx * 2^exponent; subnormals have the least one. */
  int least = 1 - get_bias(f);
  exponent = size == 0 || exponent - 1 < least ? least : exponent - 1;
  /* One that is rounded up to the next power of two goes into its field. */
  int mantissa = (int)rintf(ldexpf(size, f.mantissa_bits - exponent));
  int code = ((exponent - least) << f.mantissa_bits) + mantissa;
  int sign = signbit(value) ? 1 << (f.exponent_bits + f.mantissa_bits) : 0;
  return (unsigned char)(code | sign);
}

unsigned char quantize_block(enum mx_element element, const float *values,
                             int count, unsigned char *codes) {
  format f = get_format(element);
  uint32_t largest = 0;
  for (int i = 0; i < count; ++i) {
    uint32_t bits;
    memcpy(&bits, &values[i], sizeof bits);
    bits &= 0x7fffffff;
    largest = bits > largest ? bits : largest;
  }
  int exponent = (int)(largest >> 23);
  if (exponent == 255) {
    memset(codes, f.nan, (size_t)count);
    return 255;
  }
  int scale = exponent - f.largest_exponent;
  scale = scale < 0 ? 0 : scale;
  for (int i = 0; i < count; ++i)
    codes[i] = encode(f, ldexpf(values[i], 127 - scale));
  return (unsigned char)scale;
}
