# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python
# RUN: %python %s %t
"""Convolutions by one index of images that are larger than what is read, with static and
dynamic extents: those of plain NumPy, and quantized the CPU's are the reference's."""

import pathlib
import sys

import numpy as np

from examples.common.mx_run import mx_run

GENERIC = """
func.func @main(%a: tensor<{a}xf32>, %b: tensor<1x1x64x9xf32>, %c: tensor<{c}xf32>) -> tensor<{c}xf32> {{
  %0 = linalg.generic {{indexing_maps = [affine_map<(n, h, w, f, y, x, c) -> (n, 2 * h + y, w + x, c)>,
      affine_map<(n, h, w, f, y, x, c) -> (y, x, c, f)>, affine_map<(n, h, w, f, y, x, c) -> (n, h, w, f)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}}
      ins(%a, %b : tensor<{a}xf32>, tensor<1x1x64x9xf32>) outs(%c : tensor<{c}xf32>) {{
  ^bb0(%x: f32, %y: f32, %z: f32):
    %p = arith.mulf %x, %y : f32
    %s = arith.addf %z, %p : f32
    linalg.yield %s : f32
  }} -> tensor<{c}xf32>
  return %0 : tensor<{c}xf32>
}}
"""
NAMED = """
func.func @main(%a: tensor<{a}xf32>, %b: tensor<1x1x64x9xf32>, %c: tensor<{c}xf32>) -> tensor<{c}xf32> {{
  %0 = linalg.conv_2d_nhwc_hwcf {{strides = dense<[2, 1]> : tensor<2xi64>}}
      ins(%a, %b : tensor<{a}xf32>, tensor<1x1x64x9xf32>) outs(%c : tensor<{c}xf32>) -> tensor<{c}xf32>
  return %0 : tensor<{c}xf32>
}}
"""

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
program = folder / "program.mlir"
rng = np.random.default_rng(23)
image = rng.standard_normal((2, 12, 11, 64), np.float32)
kernel = rng.standard_normal((1, 1, 64, 9), np.float32)
init = rng.standard_normal((2, 4, 7, 9), np.float32)
read = image[:, :8:2, :7].astype(np.float64)
expected = read @ kernel[0, 0] + init
bound = 2.0**-19 * (np.abs(read) @ np.abs(kernel[0, 0]) + np.abs(init))
failures = 0
for text in (GENERIC, NAMED):
    for a, c in (("2x12x11x64", "2x4x7x9"), ("2x?x?x64", "2x?x?x9"), ("?x12x?x64", "?x4x?x9")):
        program.write_text(text.format(a=a, c=c))

        def run(*options):
            return mx_run("mx-run", program, [image, kernel, init], 1, *options).outputs[0]

        for target in ("cpu", "reference"):
            if not (np.abs(run(f"--target={target}") - expected) <= bound).all():
                failures += 1
                print(f"{target} {a}: {np.abs(run() - expected).max()}")
        for weights in ("mxfp8", "mxfp4", "deepseek_fp8"):
            found, plain = (run(f"--weights={weights}", f"--target={target}") for target in ("cpu", "reference"))
            if not (np.abs(found - plain) <= 2 * bound).all():
                failures += 1
                print(f"{weights} {a}: {np.abs(found - plain).max()}")
print(f"{failures} failures")
sys.exit(failures)
