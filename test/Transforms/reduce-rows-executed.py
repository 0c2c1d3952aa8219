# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python
# RUN: %python %s %t %if cpu-x86-64-v2 %{x86-64-v2%} %if cpu-haswell %{haswell%} %if cpu-skylake-avx512 %{skylake-avx512%}
"""Rows of integers are reduced to what numpy finds, by every operation, for any number
and length of rows, on several CPUs and by plain loops."""

import pathlib
import subprocess
import sys

import numpy as np

# Of two inputs of different widths; `first` is what results start from.
PROGRAM = """
func.func @main(%x: tensor<{b}x{m}x{k}xi8>, %z: tensor<{m}x{k}xi32>, %first: tensor<{b}x{m}xi32>) -> tensor<{b}x{m}xi32> {{
  %five = arith.constant 5 : i32
  %0 = linalg.generic {{
      indexing_maps = [affine_map<(b, m, k) -> (b, m, k)>, affine_map<(b, m, k) -> (m, k)>,
                       affine_map<(b, m, k) -> (b, m)>],
      iterator_types = ["parallel", "parallel", "reduction"]}}
      ins(%x, %z : tensor<{b}x{m}x{k}xi8>, tensor<{m}x{k}xi32>) outs(%first : tensor<{b}x{m}xi32>) {{
  ^bb0(%a: i8, %c: i32, %out: i32):
    %1 = arith.extsi %a : i8 to i32
    %2 = arith.addi %1, %five : i32
    %3 = arith.xori %2, %c : i32
    %4 = arith.{operation} {operands} : i32
    linalg.yield %4 : i32
  }} -> tensor<{b}x{m}xi32>
  return %0 : tensor<{b}x{m}xi32>
}}
"""
OPERATIONS = {
    "addi": (np.add, np.int32),
    "muli": (np.multiply, np.int32),
    "andi": (np.bitwise_and, np.int32),
    "ori": (np.bitwise_or, np.int32),
    "xori": (np.bitwise_xor, np.int32),
    "maxsi": (np.maximum, np.int32),
    "maxui": (np.maximum, np.uint32),
    "minsi": (np.minimum, np.int32),
    "minui": (np.minimum, np.uint32),
}
TARGETS = [f"--cpu={cpu}" for cpu in sys.argv[2:]] + ["--target=cpu", "--target=reference"]

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
rng = np.random.default_rng(6)
shapes = [(1, 1, 32), (2, 2, 4), (1, 37, 16), (3, 12, 128), (2, 33, 24), (1, 70, 7), (2, 3, 0), (1, 16, 2)]
for number, (b, m, k) in enumerate(shapes * 2):
    inputs = {
        "x": rng.integers(-128, 128, (b, m, k), np.int8),
        "z": rng.integers(-(2**31), 2**31, (m, k), np.int32),
        "first": rng.integers(-(2**31), 2**31, (b, m), np.int32),
    }
    for name, array in inputs.items():
        np.save(folder / f"{name}.npy", array)
    values = (inputs["x"].astype(np.int32) + np.int32(5)) ^ inputs["z"]
    rows = "?" if number >= len(shapes) else m
    for place, (operation, (function, kind)) in enumerate(OPERATIONS.items()):
        operands = "%3, %out" if place % 2 else "%out, %3"
        program = PROGRAM.format(b=b, m=rows, k=k, operation=operation, operands=operands)
        (folder / "rows.mlir").write_text(program)
        all_values = np.concatenate([inputs["first"][..., None], values], -1).view(kind)
        expected = function.reduce(all_values, -1, dtype=kind).view(np.int32)
        for target in TARGETS:
            files = [f"--input={folder / name}.npy" for name in inputs]
            output = folder / "y.npy"
            command = ["mx-run", str(folder / "rows.mlir"), *files, f"--output={output}", target]
            subprocess.run(command, check=True)
            assert np.array_equal(np.load(output), expected), (operation, b, m, k, rows, target)
