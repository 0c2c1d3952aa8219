# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python
# RUN: %python %s %t
"""tanh of f32 is within 4.5 ulp of float64's on both targets, special values too."""

import pathlib
import subprocess
import sys

import numpy as np

PROGRAM = """
func.func @main(%x: tensor<?xf32>) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?xf32>
  %y0 = tensor.empty(%n) : tensor<?xf32>
  %y = linalg.tanh ins(%x : tensor<?xf32>) outs(%y0 : tensor<?xf32>) -> tensor<?xf32>
  return %y : tensor<?xf32>
}
"""

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
(folder / "tanh.mlir").write_text(PROGRAM)
# Every 4099th float, a prime: all signs and exponents, many mantissas.
x = np.arange(0, 2**32, 4099, dtype=np.uint64).astype(np.uint32).view(np.float32)
x = np.concatenate([x, np.array([0.0, -0.0, np.inf, -np.inf, np.nan, 1e-45], np.float32)])
np.save(folder / "x.npy", x)
np.seterr(invalid="ignore")
exact = np.tanh(x.astype(np.float64))
ulp = np.spacing(np.abs(exact).astype(np.float32)).astype(np.float64)
for target in ("cpu", "reference"):
    output = folder / f"{target}.npy"
    subprocess.run(
        ["mx-run", str(folder / "tanh.mlir"), f"--target={target}",
         f"--input={folder / 'x.npy'}", f"--output={output}"], check=True)  # fmt: skip
    y = np.load(output)
    assert (np.isnan(y) == np.isnan(x)).all(), target
    number = ~np.isnan(x)
    assert (np.signbit(y) == np.signbit(x))[number].all(), target
    error = np.abs(y - exact)[number] / ulp[number]
    assert error.max() <= 4.5, (target, error.max(), x[number][error.argmax()])
    print(f"{target}: {error.max():.2f} ulp")
