/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#include "Model.h"

/* Where buffers start in a workspace: at multiples of a cache line. */
enum { kAlignment = 64 };

/* Compiled functions tell no larger size than this exactly. */
static const int64_t kLargestSize = (int64_t)1 << 48;

/* Writes a memref's descriptor, as the LLVM dialect lays it out: two pointers,
   an offset, extents and strides; returns the word behind it. */
static int64_t *describe(int64_t *words, void *data, int32_t rank,
                         const int64_t *shape) {
  int64_t stride = 1;
  words[0] = words[1] = (int64_t)(intptr_t)data;
  words[2] = 0;
  for (int32_t dim = rank; dim-- > 0;) {
    words[3 + dim] = shape[dim];
    words[3 + rank + dim] = stride;
    stride *= shape[dim];
  }
  return words + 3 + 2 * rank;
}

/* Checks an array but for its data; `what` and `index` name it. */
static int check(const mx_tensor *tensor, const mx_array *expected,
                 const char *what, int32_t index, mx_error *error) {
  if (tensor->type != expected->type)
    return mx_fail(error, MX_ERROR_ARGUMENT,
                   "%s %d: expected type %d, found %d", what, (int)index,
                   (int)expected->type, (int)tensor->type);
  if (tensor->rank != expected->rank)
    return mx_fail(error, MX_ERROR_ARGUMENT,
                   "%s %d: expected rank %d, found %d", what, (int)index,
                   (int)expected->rank, (int)tensor->rank);
  if (tensor->rank && !tensor->shape)
    return mx_fail(error, MX_ERROR_ARGUMENT,
                   "%s %d: expected a shape, found null", what, (int)index);
  return MX_OK;
}

/* Checks extents, and that the array has a size in memory. */
static int check_extents(const int64_t *shape, const mx_array *expected,
                         const char *what, int32_t index, mx_error *error) {
  int64_t limit = PTRDIFF_MAX / expected->element_bytes;
  for (int32_t dim = 0; dim < expected->rank; ++dim) {
    if (shape[dim] < 0 ||
        (expected->shape[dim] >= 0 && shape[dim] != expected->shape[dim]))
      return mx_fail(
          error, MX_ERROR_ARGUMENT,
          "%s %d: expected an extent of %s%lld in dimension %d, "
          "found %lld",
          what, (int)index, expected->shape[dim] < 0 ? ">= " : "",
          (long long)(expected->shape[dim] < 0 ? 0 : expected->shape[dim]),
          (int)dim, (long long)shape[dim]);
    if (shape[dim] > limit)
      return mx_fail(error, MX_ERROR_ARGUMENT,
                     "%s %d: expected an array that fits into memory, found "
                     "an extent of %lld in dimension %d",
                     what, (int)index, (long long)shape[dim], (int)dim);
    if (shape[dim] > 1)
      limit /= shape[dim];
  }
  return MX_OK;
}

/* Checks inputs, and computes the shapes of outputs and the workspace. Fills
   the descriptors of all of them, with null for data. */
static int measure(const mx_model *model, const mx_context *context,
                   const mx_scratch *scratch, const mx_tensor *inputs,
                   uint64_t *bytes, mx_error *error) {
  if (!context || context->model != model)
    return mx_fail(error, MX_ERROR_ARGUMENT,
                   "expected a context of this library, found %s",
                   context ? "another" : "null");
  if (!inputs && model->num_inputs)
    return mx_fail(error, MX_ERROR_ARGUMENT, "expected inputs, found null");
  int checked = mx_check_threads(model, error);
  if (checked != MX_OK)
    return checked;
  int64_t *words = scratch->words;
  void **memrefs = scratch->memrefs;
  for (int32_t i = 0; i < model->num_inputs; ++i) {
    int code = check(&inputs[i], &model->inputs[i], "input", i, error);
    if (code == MX_OK)
      code =
          check_extents(inputs[i].shape, &model->inputs[i], "input", i, error);
    if (code != MX_OK)
      return code;
    *memrefs++ = words;
    words = describe(words, NULL, inputs[i].rank, inputs[i].shape);
  }
  const char *failure = NULL;
  mx_call call = {&failure, (const char *)context->file + model->header_bytes,
                  scratch->memrefs};
  model->shapes(&call, scratch->extents);
  if (failure)
    return mx_fail(error, MX_ERROR_MODEL, "%s", failure);
  const int64_t *shape = scratch->extents;
  for (int32_t i = 0; i < model->num_outputs; ++i) {
    int code = check_extents(shape, &model->outputs[i], "output", i, error);
    if (code != MX_OK)
      return code;
    *memrefs++ = words;
    words = describe(words, NULL, model->outputs[i].rank, shape);
    shape += model->outputs[i].rank;
  }
  *memrefs = words;
  int64_t needed = model->workspace(&call);
  if (failure)
    return mx_fail(error, MX_ERROR_MODEL, "%s", failure);
  if (needed < 0 || needed >= kLargestSize)
    return mx_fail(error, MX_ERROR_ARGUMENT,
                   "expected shapes whose buffers fit into memory, found "
                   "larger ones");
  /* Its start is moved to a multiple of the alignment. */
  *bytes = (uint64_t)needed + kAlignment;
  return MX_OK;
}

int mx_output_shapes(const mx_model *model, const mx_context *context,
                     const mx_scratch *scratch, const mx_tensor *inputs,
                     const mx_tensor *outputs, mx_error *error) {
  uint64_t bytes;
  if (!outputs && model->num_outputs)
    return mx_fail(error, MX_ERROR_ARGUMENT, "expected outputs, found null");
  int code = measure(model, context, scratch, inputs, &bytes, error);
  const int64_t *shape = scratch->extents;
  for (int32_t i = 0; code == MX_OK && i < model->num_outputs; ++i) {
    code = check(&outputs[i], &model->outputs[i], "output", i, error);
    for (int32_t dim = 0; code == MX_OK && dim < outputs[i].rank; ++dim)
      outputs[i].shape[dim] = *shape++;
  }
  return code;
}

int mx_workspace_size(const mx_model *model, const mx_context *context,
                      const mx_scratch *scratch, const mx_tensor *inputs,
                      size_t *bytes, mx_error *error) {
  uint64_t needed;
  if (!bytes)
    return mx_fail(error, MX_ERROR_ARGUMENT,
                   "expected a place for the size, found null");
  int code = measure(model, context, scratch, inputs, &needed, error);
  if (code == MX_OK)
    *bytes = (size_t)needed;
  return code;
}

/* Puts `data` into a descriptor, unless null stands for what has elements. */
static int bind_data(int64_t *words, int32_t rank, void *data, const char *what,
                     int32_t index, mx_error *error) {
  int empty = 0;
  for (int32_t dim = 0; dim < rank; ++dim)
    empty |= words[3 + dim] == 0;
  if (!data && !empty)
    return mx_fail(error, MX_ERROR_ARGUMENT, "%s %d: expected data, found null",
                   what, (int)index);
  words[0] = words[1] = (int64_t)(intptr_t)data;
  return MX_OK;
}

int mx_run(const mx_model *model, const mx_context *context,
           const mx_scratch *scratch, void *workspace, size_t bytes,
           const mx_tensor *inputs, const mx_tensor *outputs, mx_error *error) {
  uint64_t needed;
  if (!outputs && model->num_outputs)
    return mx_fail(error, MX_ERROR_ARGUMENT, "expected outputs, found null");
  int code = measure(model, context, scratch, inputs, &needed, error);
  if (code != MX_OK)
    return code;
  if (!workspace || bytes < needed)
    return mx_fail(error, MX_ERROR_ARGUMENT,
                   "expected a workspace of at least %llu bytes, found %llu",
                   (unsigned long long)needed,
                   (unsigned long long)(workspace ? bytes : 0));
  void **memrefs = scratch->memrefs;
  for (int32_t i = 0; code == MX_OK && i < model->num_inputs; ++i)
    code = bind_data(*memrefs++, inputs[i].rank, inputs[i].data, "input", i,
                     error);
  const int64_t *shape = scratch->extents;
  for (int32_t i = 0; code == MX_OK && i < model->num_outputs; ++i) {
    code = check(&outputs[i], &model->outputs[i], "output", i, error);
    for (int32_t dim = 0; code == MX_OK && dim < outputs[i].rank; ++dim)
      if (outputs[i].shape[dim] != shape[dim])
        code = mx_fail(error, MX_ERROR_ARGUMENT,
                       "output %d: expected an extent of %lld in dimension "
                       "%d, found %lld",
                       (int)i, (long long)shape[dim], (int)dim,
                       (long long)outputs[i].shape[dim]);
    shape += model->outputs[i].rank;
    if (code == MX_OK)
      code = bind_data(*memrefs++, outputs[i].rank, outputs[i].data, "output",
                       i, error);
  }
  if (code != MX_OK)
    return code;
  uintptr_t start =
      ((uintptr_t)workspace + kAlignment - 1) / kAlignment * kAlignment;
  int64_t size = (int64_t)(needed - kAlignment);
  describe(*memrefs, (void *)start, 1, &size);
  const char *failure = NULL;
  mx_call call = {&failure, (const char *)context->file + model->header_bytes,
                  scratch->memrefs};
  model->run(&call);
  return failure ? mx_fail(error, MX_ERROR_MODEL, "%s", failure) : MX_OK;
}
