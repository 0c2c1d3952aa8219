/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Runs a library that mx-run --emit=shared has written, on a machine that may have
   nothing but C's library:

     run_library FOLDER NAME EXTENTS...

   loads FOLDER/libNAME.so and reads FOLDER/in0, FOLDER/in1 and so on, arrays of the
   extents that are given, as 3x40; writes FOLDER/out0 and so on, and prints the
   mx_type and the extents of each. */
#include "Interface.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *folder, *name;
static void *library;
static mx_error error;

static void fail(const char *what) {
  fprintf(stderr, "run_library: %s\n", what);
  exit(1);
}

static void check(int code) {
  if (code != MX_OK)
    fail(error.text);
}

/* The library's function NAME_what. POSIX lets pointers be copied so. */
static void find(const char *what, void *function) {
  char symbol[512];
  snprintf(symbol, sizeof symbol, "%s_%s", name, what);
  void *found = dlsym(library, symbol);
  if (!found)
    fail(symbol);
  memcpy(function, &found, sizeof found);
}

static FILE *open_array(const char *what, int index, const char *mode) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s%d", folder, what, index);
  FILE *file = fopen(path, mode);
  if (!file)
    fail(path);
  return file;
}

static mx_tensor make_tensor(const mx_array *array) {
  mx_tensor tensor = {NULL, calloc((size_t)array->rank + 1, sizeof(int64_t)),
                      array->rank, array->type};
  return tensor;
}

/* Gives the tensor memory; returns its bytes. */
static size_t allocate(mx_tensor *tensor, const mx_array *array) {
  size_t bytes = (size_t)array->element_bytes;
  for (int32_t dim = 0; dim < tensor->rank; ++dim)
    bytes *= (size_t)tensor->shape[dim];
  tensor->data = malloc(bytes + 1);
  return bytes;
}

int main(int argc, char **argv) {
  if (argc < 3)
    fail("expected a folder and a name");
  folder = argv[1], name = argv[2];
  char path[4096];
  snprintf(path, sizeof path, "%s/lib%s.so", folder, name);
  library = dlopen(path, RTLD_NOW);
  if (!library)
    fail(dlerror());
  const mx_array *(*get_inputs)(int32_t *), *(*get_outputs)(int32_t *);
  int (*init)(const char *, uint32_t, mx_context **, mx_error *);
  int (*output_shapes)(const mx_context *, const mx_tensor *,
                       const mx_tensor *, mx_error *);
  int (*workspace_size)(const mx_context *, const mx_tensor *, size_t *,
                        mx_error *);
  int (*run)(const mx_context *, void *, size_t, const mx_tensor *,
             const mx_tensor *, mx_error *);
  find("inputs", &get_inputs);
  find("outputs", &get_outputs);
  find("init", &init);
  find("output_shapes", &output_shapes);
  find("workspace_size", &workspace_size);
  find("run", &run);

  int32_t num_inputs, num_outputs;
  const mx_array *inputs = get_inputs(&num_inputs);
  const mx_array *outputs = get_outputs(&num_outputs);
  if (argc != 3 + num_inputs)
    fail("expected the extents of every input");
  mx_tensor *in = calloc((size_t)num_inputs + 1, sizeof *in);
  mx_tensor *out = calloc((size_t)num_outputs + 1, sizeof *out);
  for (int i = 0; i < num_inputs; ++i) {
    in[i] = make_tensor(&inputs[i]);
    char *extents = argv[3 + i];
    for (int32_t dim = 0; dim < inputs[i].rank; ++dim)
      in[i].shape[dim] = strtoll(extents + (dim > 0), &extents, 10);
    size_t bytes = allocate(&in[i], &inputs[i]);
    FILE *file = open_array("in", i, "rb");
    if (fread(in[i].data, 1, bytes, file) != bytes)
      fail("expected a longer input");
    fclose(file);
  }
  for (int i = 0; i < num_outputs; ++i)
    out[i] = make_tensor(&outputs[i]);

  mx_context *context;
  size_t bytes;
  snprintf(path, sizeof path, "%s/%s.safetensors", folder, name);
  check(init(path, MX_VERIFY, &context, &error));
  check(output_shapes(context, in, out, &error));
  check(workspace_size(context, in, &bytes, &error));
  void *workspace = malloc(bytes + 1);
  size_t *sizes = calloc((size_t)num_outputs + 1, sizeof *sizes);
  for (int i = 0; i < num_outputs; ++i)
    sizes[i] = allocate(&out[i], &outputs[i]);
  check(run(context, workspace, bytes, in, out, &error));
  for (int i = 0; i < num_outputs; ++i) {
    FILE *file = open_array("out", i, "wb");
    if (fwrite(out[i].data, 1, sizes[i], file) != sizes[i] || fclose(file))
      fail("cannot write an output");
    printf("%d", (int)out[i].type);
    for (int32_t dim = 0; dim < out[i].rank; ++dim)
      printf(" %lld", (long long)out[i].shape[dim]);
    printf("\n");
  }
  return 0;
}
