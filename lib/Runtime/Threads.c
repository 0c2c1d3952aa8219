/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#include "Model.h"

#include <stdlib.h>
#include <string.h>

/* Whether `list` has numbers from 1 to `most` with commas between them. */
static int is_thread_list(const char *list, int most) {
  static const char kSpace[] = " \t\n\v\f\r";
  for (;; ++list) {
    int number = 0;
    list += strspn(list, kSpace);
    for (; *list >= '0' && *list <= '9' && number <= most; ++list)
      number = 10 * number + (*list - '0');
    list += strspn(list, kSpace);
    if (number < 1 || number > most || (*list && *list != ','))
      return 0;
    if (!*list)
      return 1;
  }
}

int mx_check_variables(const mx_model *model, mx_error *error) {
  const char *list = model->threads ? getenv("OMP_NUM_THREADS") : NULL;
  if (list && !is_thread_list(list, model->most_threads))
    return mx_fail(error, MX_ERROR_ARGUMENT,
                   "expected OMP_NUM_THREADS=N with a number from 1 to %d, "
                   "found '%.200s'",
                   (int)model->most_threads, list);
  /* OpenMP reads its variables when it is called first: now. */
  return mx_check_threads(model, error);
}

int mx_check_threads(const mx_model *model, mx_error *error) {
  int threads = model->threads ? model->threads() : 1;
  if (threads < 1 || threads > model->most_threads)
    return mx_fail(error, MX_ERROR_ARGUMENT,
                   "expected 1 to %d threads of OpenMP, found %d",
                   (int)model->most_threads, threads);
  return MX_OK;
}
