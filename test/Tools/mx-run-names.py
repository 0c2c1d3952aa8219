# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python
# RUN: rm -rf %t && mkdir %t
# RUN: %python %s %t
"""Functions of a program may have the names of those that compiled code calls."""

import subprocess
import sys
from pathlib import Path

import numpy as np

from examples.common.mx_run import mx_run
from examples.library.model import Model

folder = Path(sys.argv[1])
# An allocation, a call of libm, a check that can fail, and a parallel loop.
PROGRAM = """
func.func private @HELPER(%x: tensor<30x40xf32>) -> tensor<30x40xf32> attributes {no_inline} {
  %y = math.erf %x : tensor<30x40xf32>
  return %y : tensor<30x40xf32>
}
func.func @ENTRY(%x: tensor<30x40xf32>, %w: tensor<40x50xf32>) -> tensor<30x50xf32> {
  %zero = arith.constant 0.0 : f32
  %y = call @HELPER(%x) : (tensor<30x40xf32>) -> tensor<30x40xf32>
  %z = call @HELPER(%y) : (tensor<30x40xf32>) -> tensor<30x40xf32>
  %e = tensor.empty() : tensor<30x50xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<30x50xf32>) -> tensor<30x50xf32>
  %r = linalg.matmul ins(%z, %w : tensor<30x40xf32>, tensor<40x50xf32>) outs(%f : tensor<30x50xf32>) -> tensor<30x50xf32>
  return %r : tensor<30x50xf32>
}
"""
rng = np.random.default_rng(3)
arrays = [rng.standard_normal((30, 40), np.float32), rng.standard_normal((40, 50), np.float32)]


def compute(entry: str, helper: str, *options: str) -> np.ndarray:
    model = folder / f"{entry}_{helper}.mlir"
    model.write_text(PROGRAM.replace("ENTRY", entry).replace("HELPER", helper))
    found = mx_run(Path("mx-run"), model, arrays, 1, *options)
    assert found.report["entry"] == entry, found.report
    named = mx_run(Path("mx-run"), model, arrays, 1, f"--entry={entry}", *options)
    assert found.outputs[0].tobytes() == named.outputs[0].tobytes()
    out = folder / "-".join(["out", *options])  # One path is loaded once.
    subprocess.run(["mx-run", model, *options, "--emit=shared", "-o", out], check=True)
    library = Model(out / f"lib{model.stem}.so").run(*arrays)[0]
    assert found.outputs[0].tobytes() == library.tobytes()
    return library


for target in ("--target=cpu", "--target=reference"):
    expected = compute("main", "helper", target)
    for names in (("malloc", "free"), ("free", "malloc"), ("puts", "abort"), ("erff", "memcpy"),
                  ("omp_get_max_threads", "omp_get_thread_num"), ("exp", "expf")):  # fmt: skip
        assert compute(*names, target).tobytes() == expected.tobytes(), names
