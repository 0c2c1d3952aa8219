/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* SPIR-V to LLVM's bitcode, for OpenCL drivers that do not read SPIR-V, such as
   PoCL's for CPUs. */
#include "OpenCL.h"

#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* The translator has the version of the driver's LLVM in its name. */
static int run(const char *input, const char *output) {
  static const char *const names[] = {"llvm-spirv",    "llvm-spirv-18",
                                      "llvm-spirv-17", "llvm-spirv-16",
                                      "llvm-spirv-15", "llvm-spirv-14"};
  for (size_t i = 0; i < sizeof names / sizeof *names; ++i) {
    char *arguments[] = {(char *)names[i], "-r", (char *)input, "-o",
                         (char *)output,   NULL};
    pid_t child;
    int status = 0;
    int code = posix_spawnp(&child, names[i], NULL, NULL, arguments, environ);
    if (code == ENOENT)
      continue;
    if (code || waitpid(child, &status, 0) != child || status)
      return mx_base_fail("%s cannot translate a kernel", names[i]);
    return 0;
  }
  return mx_base_fail("the OpenCL driver does not read SPIR-V, and "
                      "llvm-spirv, which would translate it, is not there");
}

static int write_file(const char *path, const void *data, size_t bytes) {
  FILE *file = fopen(path, "wb");
  if (!file)
    return mx_base_fail("cannot write '%s': %s", path, strerror(errno));
  size_t written = fwrite(data, 1, bytes, file);
  if (fclose(file) || written != bytes)
    return mx_base_fail("cannot write '%s'", path);
  return 0;
}

static int read_file(const char *path, unsigned char **data, size_t *bytes) {
  FILE *file = fopen(path, "rb");
  long size = -1;
  if (file && fseek(file, 0, SEEK_END) == 0)
    size = ftell(file);
  if (size > 0) {
    rewind(file);
    *data = malloc((size_t)size);
    if (*data && fread(*data, 1, (size_t)size, file) != (size_t)size) {
      free(*data);
      *data = NULL;
    }
    *bytes = (size_t)size;
  }
  if (file)
    fclose(file);
  return *data ? 0 : mx_base_fail("cannot read '%s'", path);
}

int mx_opencl_translate(const mx_kernel *kernel, unsigned char **code,
                        size_t *bytes) {
  const char *parent = getenv("TMPDIR");
  char folder[512], input[544], output[544];
  int length = snprintf(folder, sizeof folder, "%s/mx-opencl-XXXXXX",
                        parent ? parent : "/tmp");
  if (length < 0 || (size_t)length >= sizeof folder || !mkdtemp(folder))
    return mx_base_fail("cannot make a folder in '%s'",
                        parent ? parent : "/tmp");
  snprintf(input, sizeof input, "%s/kernel.spv", folder);
  snprintf(output, sizeof output, "%s/kernel.bc", folder);
  int failed = write_file(input, kernel->code, kernel->code_bytes) ||
               run(input, output) || read_file(output, code, bytes);
  (void)unlink(input);
  (void)unlink(output);
  (void)rmdir(folder);
  return failed;
}
