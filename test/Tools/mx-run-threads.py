# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python
# RUN: rm -rf %t && mkdir %t
# RUN: %python %s %t
"""Numbers of threads that OpenMP's runtime would end the process for are errors: of
mx-run, and of a library, whose process lives on."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np

folder = Path(sys.argv[1])
model, array = folder / "model.mlir", folder / "x.npy"
model.write_text(
    """func.func @main(%x: tensor<256x256xf32>) -> tensor<256x256xf32> {
  %z = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<256x256xf32>
  %f = linalg.fill ins(%z : f32) outs(%e : tensor<256x256xf32>) -> tensor<256x256xf32>
  %y = linalg.matmul ins(%x, %x : tensor<256x256xf32>, tensor<256x256xf32>) outs(%f : tensor<256x256xf32>) -> tensor<256x256xf32>
  return %y : tensor<256x256xf32>
}"""
)
np.save(array, np.eye(256, dtype=np.float32))
USER = """
import ctypes, sys
import numpy as np
from examples.library.model import Model, ModelError
x = np.load(sys.argv[2])
try:
    model = Model(sys.argv[1])
    assert (model.run(x)[0] == x).all()
    # A program that uses OpenMP may set any number before a run.
    openmp = ctypes.CDLL("libomp.so.5", mode=ctypes.RTLD_GLOBAL) if "set" in sys.argv else None
    if openmp:
        openmp.omp_set_num_threads(100000)
        model.run(x)
except ModelError as error:
    print(error.code, error)
"""


def run(variables: dict[str, str], *command: str) -> subprocess.CompletedProcess:
    clean = {k: v for k, v in os.environ.items() if k != "OMP_NUM_THREADS"}
    return subprocess.run(command, env=clean | variables, capture_output=True, text=True)


def use(library: Path, variables: dict[str, str], *options: str) -> str:
    done = run(variables, sys.executable, "-c", USER, str(library), str(array), *options)
    assert done.returncode == 0, (variables, done.returncode, done.stderr)
    return done.stdout.strip()


libraries = {}
for name, options in (("many", []), ("one", ["--threads=1"])):
    subprocess.run(["mx-run", model, "--emit=shared", "-o", folder / name, *options], check=True)
    libraries[name] = folder / name / "libmodel.so"
started = ["mx-run", str(model), f"--input={array}"]

for text in ("", " ", "-3", "+", "abc", "2x", "0", "2,", ",2", "2,,2", "2 2", "4097", "100000", "4294967297", "9" * 40):
    variables = {"OMP_NUM_THREADS": text}
    expected = f"expected OMP_NUM_THREADS=N with a number from 1 to 4096, found '{text}'"
    assert use(libraries["many"], variables) == f"1 {expected}", text
    assert use(libraries["one"], variables) == "", text
    for options in ([], ["--threads=2"]):
        done = run(variables, *started, *options)
        assert (done.returncode, done.stderr) == (1, f"mx-run: error: {expected}\n"), (text, done)
for variables in [{}] + [{"OMP_NUM_THREADS": text} for text in ("1", "2", " 2 ", "2,1", "2 , 3", "0002", "33")]:
    assert use(libraries["many"], variables) == "", variables
    done = run(variables, *started)
    assert (done.returncode, done.stderr) == (0, ""), (variables, done)

# What the program that uses the library sets.
found = use(libraries["many"], {}, "set")
assert found == "1 expected 1 to 4096 threads of OpenMP, found 100000", found

# What the command line sets.
for number in ("0", "4097", "100000", "4294967295"):
    done = run({}, *started, f"--threads={number}")
    assert done.returncode == 1 and f"expected a number from 1 to 4096, found {number}\n" in done.stderr, done

# Threads that the system refuses.
done = run({"OMP_STACKSIZE": "100T"}, *started, "--threads=2")
assert done.returncode == 1, done
assert done.stderr.endswith("mx-run: error: the entry 'main' crashed: SIGABRT, such as OpenMP's where the system refuses a thread\n"), done
