/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* What the generated part of a library tells its runtime. */
#ifndef MX_RUNTIME_MODEL_H
#define MX_RUNTIME_MODEL_H

#include "Interface.h"

/* Calls of the compiled functions. `memrefs` has a descriptor for each input,
   then for each output, then for the workspace; the callee may set `error` to
   a text that is never freed. */
typedef struct {
  const char **error;
  const char *weights;
  void **memrefs;
} mx_call;

typedef struct {
  int32_t num_inputs, num_outputs;
  const mx_array *inputs, *outputs;
  /* The file of weights: a header of this size and hash, then constants. */
  uint64_t file_bytes, header_bytes, header_hash, data_hash;
  /* The most threads that may run the model, and how many OpenMP has: null
     where there is no OpenMP. */
  int32_t most_threads;
  int (*threads)(void);
  /* The extents of all outputs, one after the other. */
  void (*shapes)(const mx_call *, int64_t *extents);
  int64_t (*workspace)(const mx_call *);
  void (*run)(const mx_call *);
} mx_model;

struct mx_context {
  const mx_model *model;
  const unsigned char *file;
};

/* Memory for one call: the generated part knows how much it takes. */
typedef struct {
  /* 3 + 2 * rank for each memref. */
  int64_t *words;
  void **memrefs;
  int64_t *extents;
} mx_scratch;

/* XXH64 of `size` bytes with the seed 0. */
uint64_t mx_hash(const unsigned char *bytes, size_t size);

/* Writes a text for `error`, if not null, and returns `code`. */
int mx_fail(mx_error *error, int code, const char *format, ...);

/* OpenMP's runtime ends the process if OMP_NUM_THREADS is not what it expects,
   and if the system refuses it a thread. The first of these checks comes before
   OpenMP is called first, the second one before each run. */
int mx_check_variables(const mx_model *model, mx_error *error);
int mx_check_threads(const mx_model *model, mx_error *error);

/* What NAME_init and the other functions of a library do. */
int mx_init(const mx_model *model, const char *path, uint32_t flags,
            mx_context **context, mx_error *error);
void mx_free(const mx_model *model, mx_context *context);
int mx_output_shapes(const mx_model *model, const mx_context *context,
                     const mx_scratch *scratch, const mx_tensor *inputs,
                     const mx_tensor *outputs, mx_error *error);
int mx_workspace_size(const mx_model *model, const mx_context *context,
                      const mx_scratch *scratch, const mx_tensor *inputs,
                      size_t *bytes, mx_error *error);
int mx_run(const mx_model *model, const mx_context *context,
           const mx_scratch *scratch, void *workspace, size_t bytes,
           const mx_tensor *inputs, const mx_tensor *outputs, mx_error *error);

#endif
