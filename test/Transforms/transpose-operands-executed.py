# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python
# RUN: %python %s %t
"""Matmuls in f16 and bf16 with a transposed operand have the bits of plain loops, which
add in order, for sizes that are no multiples of vectors, one and none."""

import pathlib
import sys

import ml_dtypes
import numpy as np

from examples.common.mx_run import mx_run

PROGRAM = """
func.func @main(%a: tensor<?x?x?xKIND>, %b: tensor<?x?x?xKIND>, %c: tensor<?x?x?xKIND>) -> tensor<?x?x?xKIND> {
  %y = linalg.batch_matmul indexing_maps = [affine_map<(b, m, n, k) -> (b, m, k)>,
      affine_map<(b, m, n, k) -> (b, n, k)>, affine_map<(b, m, n, k) -> (b, m, n)>]
    ins(%a, %b : tensor<?x?x?xKIND>, tensor<?x?x?xKIND>) outs(%c : tensor<?x?x?xKIND>) -> tensor<?x?x?xKIND>
  return %y : tensor<?x?x?xKIND>
}
"""

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
rng = np.random.default_rng(17)
for kind, dtype in {"f16": np.float16, "bf16": ml_dtypes.bfloat16}.items():
    model = folder / f"matmul-{kind}.mlir"
    model.write_text(PROGRAM.replace("KIND", kind))
    for batch, m, n, k in ((3, 17, 45, 33), (1, 1, 40, 64), (2, 8, 1, 7), (2, 5, 0, 8), (2, 5, 8, 0)):
        shapes = (batch, m, k), (batch, n, k), (batch, m, n)
        arrays = [rng.standard_normal(shape).astype(dtype).view(np.uint16) for shape in shapes]
        if kind == "f16":  # .npy has this one.
            arrays = [array.view(dtype) for array in arrays]
        found, expected = (
            mx_run("mx-run", model, arrays, 1, f"--target={target}").outputs[0].view(np.uint16)
            for target in ("cpu", "reference")
        )
        assert (found == expected).all(), (kind, batch, m, n, k, (found != expected).sum())
