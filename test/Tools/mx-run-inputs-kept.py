# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python
# RUN: %python %s %t
"""A program that adds to its argument does not change the input of further runs:
neither of timed ones nor of the one in f32 that --compare makes."""

import json
import pathlib
import subprocess
import sys

import numpy as np

PROGRAM = """
func.func @main(%x: tensor<4x64xf32>, %w: tensor<64x8xf32>, %z: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %0 = linalg.matmul ins(%x, %w : tensor<4x64xf32>, tensor<64x8xf32>) outs(%z : tensor<4x8xf32>) -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}
"""

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
rng = np.random.default_rng(4)
x, w, z = (rng.standard_normal(shape).astype(np.float32) for shape in ((4, 64), (64, 8), (4, 8)))
model, output, report = folder / "model.mlir", folder / "y.npy", folder / "report.json"
model.write_text(PROGRAM)
command = ["mx-run", model, "--weights=mxint8", "--compare=f32", "--time=3", f"--output={output}", f"--json={report}"]
for name, array in (("x", x), ("w", w), ("z", z)):
    np.save(folder / f"{name}.npy", array)
    command.append(f"--input={folder / f'{name}.npy'}")
subprocess.run(command, check=True)
exact = x.astype(np.float64) @ w + z
error = np.abs(np.load(output) - exact).max()
assert 0 < error < 0.5, error  # Adding twice would be off by several units.
(contraction,) = json.loads(report.read_text())["contractions"]
assert abs(contraction["max_abs"] - error) < 1e-4, (contraction, error)
