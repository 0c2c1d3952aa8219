/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* What all libraries that mx-run --emit=shared writes have in common. */
#ifndef MX_INTERFACE_H
#define MX_INTERFACE_H

#include <stddef.h>
#include <stdint.h>

/* Of this header; a library tells its own by NAME_abi_version. */
#define MX_ABI_VERSION 1

/* What functions return; all but MX_OK come with a text. */
enum mx_code {
  MX_OK = 0,
  /* A null pointer, a wrong type, rank or shape, too little memory, or more
     threads than a library takes. */
  MX_ERROR_ARGUMENT = 1,
  /* The file of weights cannot be read, is damaged or another model's. */
  MX_ERROR_FILE = 2,
  /* The system has no memory left. */
  MX_ERROR_MEMORY = 3,
  /* A check of the model failed, such as that of an index. */
  MX_ERROR_MODEL = 4
};

typedef struct {
  char text[512];
} mx_error;

enum mx_type {
  MX_BOOL = 1,
  MX_INT8 = 2,
  MX_INT16 = 3,
  MX_INT32 = 4,
  MX_INT64 = 5,
  MX_FLOAT16 = 6,
  MX_BFLOAT16 = 7,
  MX_FLOAT32 = 8,
  MX_FLOAT64 = 9,
  /* A float of 4 to 8 bits, one code per byte. */
  MX_CODE8 = 10
};

/* A dense array in row-major order. Integers may have either sign. */
typedef struct {
  void *data;
  /* `rank` extents. */
  int64_t *shape;
  int32_t rank;
  /* An mx_type. */
  int32_t type;
} mx_tensor;

/* What a model takes or gives; an extent of -1 is any. */
typedef struct {
  /* An mx_type. */
  int32_t type;
  int32_t rank;
  int64_t element_bytes;
  const int64_t *shape;
} mx_array;

/* The mapped weights of one model. Several threads may use one at once. */
typedef struct mx_context mx_context;

/* Flags of NAME_init. */
enum mx_flag {
  /* Check every byte of the weights, not the header and sizes alone. */
  MX_VERIFY = 1
};

#endif
