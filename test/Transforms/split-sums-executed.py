# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python
# RUN: %python %s %t
"""Sums of the cubes of rows of any length, also none, have the bits of 16 sums that
are added up, or of one if they are short, on several CPUs; plain loops' sums are in
order."""

import pathlib
import platform
import subprocess
import sys

import numpy as np

from examples.common import ordered

PROGRAM = """
func.func @main(%x: tensor<{m}x{n}xf32>, %y: tensor<{m}xf32>) -> tensor<{m}xf32> {{
  %0 = linalg.generic {{
      indexing_maps = [affine_map<(m, k) -> (m, k)>, affine_map<(m, k) -> (m)>],
      iterator_types = ["parallel", "reduction"]}}
      ins(%x : tensor<{m}x{n}xf32>) outs(%y : tensor<{m}xf32>) {{
  ^bb0(%in: f32, %out: f32):
    %1 = arith.mulf %in, %in : f32
    %2 = arith.mulf %1, %in : f32
    %3 = arith.addf %2, %out : f32
    linalg.yield %3 : f32
  }} -> tensor<{m}xf32>
  return %0 : tensor<{m}xf32>
}}
"""
CPUS = ["x86-64-v2", "haswell", None] if platform.machine() == "x86_64" else [None]

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
np.seterr(all="ignore")
rng = np.random.default_rng(5)


def run(shape, x, y, *options):
    m, n = shape
    (folder / "sum.mlir").write_text(PROGRAM.format(m=m, n=n))
    np.save(folder / "x.npy", x)
    np.save(folder / "y.npy", y)
    files = [f"--input={folder / name}.npy" for name in "xy"] + [f"--output={folder / 'z.npy'}"]
    subprocess.run(["mx-run", str(folder / "sum.mlir"), *files, *options], check=True)
    return np.load(folder / "z.npy")


def add_in_order(values, first):
    return ordered.total(np.column_stack([first, values]), -1)[:, 0]


def check(found, expected, what):
    assert found.shape == expected.shape, what
    number = ~np.isnan(expected)
    assert (np.isnan(found) == ~number).all(), what
    assert (found.view(np.uint32) == expected.view(np.uint32))[number].all(), what


for rows, length in [(3, 0), (1, 1), (5, 15), (37, 16), (2, 17), (40, 31), (7, 32), (33, 100), (50, 384), (2, 4099)]:
    x = rng.standard_normal((rows, length)).astype(np.float32)
    x *= np.exp2(rng.integers(-6, 6, (rows, length))).astype(np.float32)
    y = rng.standard_normal(rows).astype(np.float32)
    if length > 20 and rows > 4:
        x[0, 3], x[1, 19] = np.nan, np.inf
        x[2, 1], x[2, 2] = np.inf, -np.inf
        x[3] *= np.float32(2**-47)  # Products are subnormal.
        x[4], y[4] = -0.0, -0.0
    products = x * x * x
    parts = ordered.parts_of_rows(products)
    for shape in ("?", "?"), (rows, length), ("?", length), (rows, "?"):
        for cpu in CPUS:
            found = run(shape, x, y, *([f"--cpu={cpu}"] if cpu else []))
            check(found, add_in_order(parts, y), (rows, length, shape, cpu))
    check(run(shape, x, y, "--target=reference"), add_in_order(products, y), (rows, length))
