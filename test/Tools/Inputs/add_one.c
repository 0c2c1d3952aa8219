/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Adds one to three numbers, by a library that mx-run has written. */
#include "add_one.h"

#include <stdio.h>
#include <stdlib.h>

int main(int count, char **arguments) {
  mx_error error;
  mx_context *context = NULL;
  float x[] = {1, 2.5f, 4}, y[3];
  int64_t rows = 3, result = 0;
  mx_tensor input = {x, &rows, 1, MX_FLOAT32};
  mx_tensor output = {y, &result, 1, MX_FLOAT32};
  size_t bytes = 0;
  void *workspace = NULL;
  int failed = count != 2 || add_one_abi_version() != MX_ABI_VERSION ||
               add_one_init(arguments[1], MX_VERIFY, &context, &error) ||
               add_one_output_shapes(context, &input, &output, &error) ||
               result != 3 ||
               add_one_workspace_size(context, &input, &bytes, &error) ||
               !(workspace = malloc(bytes)) ||
               add_one_run(context, workspace, bytes, &input, &output, &error);
  if (!failed)
    printf("%g %g %g\n", y[0], y[1], y[2]);
  free(workspace);
  add_one_free(context);
  return failed;
}
