/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* The embedding of one sentence, given as token ids:

     mx-run minilm.mlirbc --weights=mxfp8 --which=weights --emit=shared -o DIR
     cc -IDIR examples/library/embed.c -LDIR -lminilm -Wl,-rpath,DIR -o embed
     ./embed DIR/minilm.safetensors 101 7592 2088 102
*/
#include "minilm.h"

#include <stdio.h>
#include <stdlib.h>

/* Runs the model on `count` tokens and prints the embedding. */
static int embed(const mx_context *context, int64_t count, int64_t *ids,
                 int64_t *mask, mx_error *error) {
  int64_t tokens[2] = {1, count}, extents[2];
  mx_tensor inputs[2] = {{ids, tokens, 2, MX_INT64},
                         {mask, tokens, 2, MX_INT64}};
  mx_tensor output = {NULL, extents, 2, MX_FLOAT32};
  int code = minilm_output_shapes(context, inputs, &output, error);
  if (code != MX_OK)
    return code;
  size_t bytes;
  code = minilm_workspace_size(context, inputs, &bytes, error);
  if (code != MX_OK)
    return code;
  float *embedding = malloc((size_t)(extents[0] * extents[1]) * sizeof(float));
  void *workspace = malloc(bytes);
  output.data = embedding;
  code = minilm_run(context, workspace, bytes, inputs, &output, error);
  for (int64_t i = 0; code == MX_OK && i < extents[1]; ++i)
    printf("%.9g\n", embedding[i]);
  free(workspace);
  free(embedding);
  return code;
}

int main(int argc, char **argv) {
  if (argc < 3 || minilm_abi_version() != MX_ABI_VERSION) {
    fprintf(stderr, "usage: embed WEIGHTS ID...\n");
    return 1;
  }
  int64_t count = argc - 2;
  int64_t *ids = malloc((size_t)count * sizeof *ids);
  int64_t *mask = malloc((size_t)count * sizeof *mask);
  if (!ids || !mask)
    return 1;
  for (int64_t i = 0; i < count; ++i) {
    ids[i] = atoll(argv[i + 2]);
    mask[i] = 1;
  }
  mx_error error;
  mx_context *context = NULL;
  int code = minilm_init(argv[1], MX_VERIFY, &context, &error);
  if (code == MX_OK)
    code = embed(context, count, ids, mask, &error);
  if (code != MX_OK)
    fprintf(stderr, "embed: %s\n", error.text);
  minilm_free(context);
  free(mask);
  free(ids);
  return code;
}
