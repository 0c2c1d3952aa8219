/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#include "Model.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

int mx_fail(mx_error *error, int code, const char *format, ...) {
  if (error) {
    va_list values;
    va_start(values, format);
    vsnprintf(error->text, sizeof error->text, format, values);
    va_end(values);
  }
  return code;
}

/* Maps the file, if it has the size that the model's has. */
static int map_file(const mx_model *model, const char *path,
                    mx_context *context, mx_error *error) {
  struct stat status;
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0 || fstat(file, &status) != 0) {
    int reason = errno;
    if (file >= 0)
      close(file);
    return mx_fail(error, MX_ERROR_FILE, "cannot read '%s': %s", path,
                   strerror(reason));
  }
  int regular = S_ISREG(status.st_mode);
  if (!regular || (uint64_t)status.st_size != model->file_bytes) {
    close(file);
    if (!regular)
      return mx_fail(error, MX_ERROR_FILE,
                     "'%s': expected a regular file, found another kind", path);
    return mx_fail(
        error, MX_ERROR_FILE, "'%s': expected a file of %llu bytes, found %lld",
        path, (unsigned long long)model->file_bytes, (long long)status.st_size);
  }
  void *bytes =
      mmap(NULL, (size_t)model->file_bytes, PROT_READ, MAP_PRIVATE, file, 0);
  int reason = errno;
  close(file);
  if (bytes == MAP_FAILED)
    return mx_fail(error, MX_ERROR_FILE, "cannot map '%s': %s", path,
                   strerror(reason));
  context->file = bytes;
  return MX_OK;
}

/* The header is known to the byte, and with it where every constant stands. It
   holds the hash of the rest. */
static int check_header(const mx_model *model, const char *path, uint32_t flags,
                        const mx_context *context, mx_error *error) {
  if (mx_hash(context->file, (size_t)model->header_bytes) != model->header_hash)
    return mx_fail(error, MX_ERROR_FILE,
                   "'%s': expected the weights that were written with this "
                   "library, found others",
                   path);
  if ((flags & MX_VERIFY) &&
      mx_hash(context->file + model->header_bytes,
              (size_t)(model->file_bytes - model->header_bytes)) !=
          model->data_hash)
    return mx_fail(error, MX_ERROR_FILE,
                   "'%s': expected weights of the hash in the header, found "
                   "damaged ones",
                   path);
  return MX_OK;
}

int mx_init(const mx_model *model, const char *path, uint32_t flags,
            mx_context **context, mx_error *error) {
  if (!path || !context)
    return mx_fail(error, MX_ERROR_ARGUMENT,
                   "expected a path and a place for the context, found null");
  *context = NULL;
  if (flags & ~(uint32_t)MX_VERIFY)
    return mx_fail(error, MX_ERROR_ARGUMENT,
                   "expected flags of mx_flag, found 0x%x", (unsigned)flags);
  int code = mx_check_variables(model, error);
  if (code != MX_OK)
    return code;
  mx_context *made = calloc(1, sizeof *made);
  if (!made)
    return mx_fail(error, MX_ERROR_MEMORY, "no memory for a context");
  made->model = model;
  code = map_file(model, path, made, error);
  if (code == MX_OK)
    code = check_header(model, path, flags, made, error);
  if (code == MX_OK)
    *context = made;
  else
    mx_free(model, made);
  return code;
}

void mx_free(const mx_model *model, mx_context *context) {
  if (!context)
    return;
  if (context->file)
    munmap((void *)context->file, (size_t)model->file_bytes);
  free(context);
}
