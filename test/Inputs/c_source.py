# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compiles and runs the C99 that mx-run --emit=c writes."""

import math
import pathlib
import re
import subprocess

import numpy as np

# Every warning is an error. -std=c99 keeps products and sums apart.
FLAGS = ["-std=c99", "-pedantic", "-Wall", "-Wextra", "-Wconversion", "-Werror"]
DTYPES = {"float": np.float32, "double": np.float64, "bool": np.bool_}
PARAMETER = re.compile(r"^ +(?:const )?(\w+) \*?((?:in|out)put\d+)(?:\[([\d *]+)\])?[,)]", re.MULTILINE)

MAIN = r"""
#include "@NAME@.h"
#include <stdio.h>
#include <stdlib.h>

/* Memory with other values than zeros. */
static void *take(size_t size) {
  unsigned char *memory = malloc(size + 1);
  for (size_t index = 0; index < size; ++index)
    memory[index] = 0xff;
  return memory;
}

static void *read_file(const char *path, long offset, size_t size) {
  void *memory = take(size);
  FILE *file = fopen(path, "rb");
  if (!file || fseek(file, offset, SEEK_SET) || fread(memory, 1, size, file) != size || fclose(file))
    exit(2);
  return memory;
}

static void write_file(const char *path, const void *memory, size_t size) {
  FILE *file = fopen(path, "wb");
  if (!file || fwrite(memory, 1, size, file) != size || fclose(file))
    exit(3);
}

int main(void) {
  const void *weights = @WEIGHTS@;
  void *workspace = take(@NAME@_WORKSPACE_BYTES);
@BODY@
  return 0;
}
"""


def _dtype(name: str) -> np.dtype:
    return np.dtype(DTYPES.get(name) or name.removesuffix("_t"))


class CSource:
    """Code by `compiler` with `flags`, run after the words `emulator`; files stay in `folder`."""

    def __init__(self, folder: pathlib.Path, compiler: str, *flags: str, emulator: list[str] = ()):
        self.folder, self.compiler, self.emulator = folder, compiler, list(emulator)
        self.flags = [*FLAGS, *flags]
        folder.mkdir(parents=True, exist_ok=True)

    def run(self, model: pathlib.Path, arrays: list[np.ndarray], *options: str) -> list[np.ndarray]:
        """The outputs of `model`, compiled under `options` for `arrays`, each as one row. The
        text of a check that fails is a RuntimeError."""
        for path in self.folder.glob("*"):
            path.unlink()
        subprocess.run(["mx-run", model, *options, "--emit=c", "-o", self.folder], check=True)
        outputs = self._write_main(arrays)
        sources = [path.name for path in sorted(self.folder.glob("*.c"))]
        command = [self.compiler, *self.flags, *sources, "-o", "main", "-lm"]
        subprocess.run(command, check=True, cwd=self.folder)
        run = subprocess.run([*self.emulator, self.folder / "main"], cwd=self.folder, capture_output=True, text=True)
        if run.returncode:
            raise RuntimeError(run.stderr or f"exit status {run.returncode}")
        return [np.fromfile(self.folder / name, dtype) for name, dtype in outputs]

    def _write_main(self, arrays: list[np.ndarray]) -> list[tuple[str, np.dtype]]:
        header = next(self.folder.glob("*.h"))
        text, name = header.read_text(), header.stem
        weights = "NULL"
        if offset := re.search(r"_WEIGHTS_OFFSET (\d+)", text):
            size = re.search(r"_WEIGHTS_BYTES (\d+)", text)[1]
            weights = f'read_file("{name}.safetensors", {offset[1]}, {size})'
        elif f"{name}_weights;" in text:
            weights = f"&{name}_weights"
        reads, writes, names, outputs = [], [], [], []
        for element, parameter, extents in PARAMETER.findall(text[text.index(f"{name}_run(") :]):
            count = math.prod(int(extent) for extent in extents.split("*")) if extents else 0
            names.append(parameter)
            size = count * _dtype(element).itemsize
            if parameter.startswith("input"):
                data = np.ascontiguousarray(arrays[len(reads)]).tobytes()
                assert len(data) == size, (parameter, len(data), size)
                (self.folder / parameter).write_bytes(data)
                reads.append(f'  {element} *{parameter} = read_file("{parameter}", 0, {size});')
            else:
                outputs.append((parameter, _dtype(element)))
                reads.append(f"  {element} *{parameter} = take({size});")
                writes.append(f'  write_file("{parameter}", {parameter}, {size});')
        call = f"  const char *error = {name}_run(weights, workspace, {', '.join(names)});"
        check = '  if (error)\n    return fputs(error, stderr), 1;'
        body = "\n".join([*reads, call, check, *writes])
        main = MAIN.replace("@NAME@", name).replace("@WEIGHTS@", weights).replace("@BODY@", body)
        (self.folder / "main.c").write_text(main)
        return outputs


def shape_options(arrays: list[np.ndarray]) -> list[str]:
    """What gives arguments whose extents are all dynamic those of `arrays`."""
    return [f"--shape={'x'.join(map(str, a.shape))}" for a in arrays if a.ndim]
