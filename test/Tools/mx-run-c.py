# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python
# RUN: %python %s %t
"""mx-run --emit=c: weights as a file and as an array, checks of the model that fail, and
names that are words of C."""

import pathlib
import subprocess
import sys

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "Inputs"))
from c_source import CSource

from examples.common.mx_run import mx_run

folder = pathlib.Path(sys.argv[1])
code = CSource(folder / "c", "gcc", "-O2")
rng = np.random.default_rng(1)

# A layer with weights that are a constant: its codes and scales leave the program.
w = (rng.standard_normal((96, 128)) * 2.0 ** rng.integers(-3, 3, (96, 128))).astype(np.float32)
layer = folder / "layer.mlir"
layer.write_text(f"""
func.func @layer(%x: tensor<?x96xf32>) -> tensor<?x128xf32> {{
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : f32
  %w = arith.constant dense<"0x{w.tobytes().hex()}"> : tensor<96x128xf32>
  %n = tensor.dim %x, %c0 : tensor<?x96xf32>
  %e = tensor.empty(%n) : tensor<?x128xf32>
  %i = linalg.fill ins(%zero : f32) outs(%e : tensor<?x128xf32>) -> tensor<?x128xf32>
  %y = linalg.matmul ins(%x, %w : tensor<?x96xf32>, tensor<96x128xf32>) outs(%i : tensor<?x128xf32>) -> tensor<?x128xf32>
  return %y : tensor<?x128xf32>
}}
""")
x = rng.standard_normal((3, 96)).astype(np.float32)
for weights in ("mxfp8", "mxfp4"):
    expected = mx_run("mx-run", layer, [x], 1, f"--weights={weights}", "--target=reference").outputs[0]
    for constants in ("file", "array"):
        options = [f"--weights={weights}", "--shape=3x96", f"--constants={constants}"]
        (found,) = code.run(layer, [x], *options)
        assert found.reshape(3, 128).tobytes() == expected.tobytes(), (weights, constants)
        names = {path.name for path in code.folder.iterdir()} & {"layer.safetensors", "layer_weights.c"}
        assert names == {{"file": "layer.safetensors", "array": "layer_weights.c"}[constants]}, names
# The header is one for C++ too.
subprocess.run(["g++", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", "-x", "c++", code.folder / "layer.h"], check=True)

# Numbers with a sign that count a loop, constants that are returned, functions of math.h,
# elementwise ops on tensors of any extent.
loops = folder / "loops.mlir"
loops.write_text("""
func.func @loops(%x: tensor<?xf32>) -> (tensor<?xf32>, tensor<3xf32>, tensor<?xf32>, tensor<?xi1>) {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?xf32>
  %e = tensor.empty(%n) : tensor<?xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
      ins(%x : tensor<?xf32>) outs(%e : tensor<?xf32>) {
  ^bb0(%in: f32, %out: f32):
    %a = arith.constant -3 : i32
    %b = arith.constant 4 : i32
    %s = arith.constant 2 : i32
    %sum, %product = scf.for %i = %a to %b step %s iter_args(%t = %in, %p = %in) -> (f32, f32) : i32 {
      %f = arith.sitofp %i : i32 to f32
      %u = arith.addf %t, %f : f32
      %v = arith.mulf %p, %t : f32
      scf.yield %u, %v : f32, f32
    }
    linalg.yield %product : f32
  } -> tensor<?xf32>
  %c = arith.constant dense<[1.0, -0.0, 3.5]> : tensor<3xf32>
  %two = arith.addf %x, %x : tensor<?xf32>
  %sin = math.sin %two : tensor<?xf32>
  %bit = arith.fptoui %x : tensor<?xf32> to tensor<?xi1>
  return %y, %c, %sin, %bit : tensor<?xf32>, tensor<3xf32>, tensor<?xf32>, tensor<?xi1>
}
""")
x = np.array([0.5, 1.0, 0.0, 0.75], dtype=np.float32)
expected = mx_run("mx-run", loops, [x], 4, "--target=reference").outputs
for a, b in zip(code.run(loops, [x], "--shape=4"), expected):
    assert a.tobytes() == b.tobytes(), (a, b)

# A row of a table by an index that may be none of its rows; names that C has.
rows = folder / "double.mlir"
rows.write_text("""
func.func @main(%index: tensor<2xi64>, %table: tensor<5x3xf32>) -> tensor<2x3xf32> {
  %e = tensor.empty() : tensor<2x3xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i)>, affine_map<(i, j) -> (i, j)>],
                       iterator_types = ["parallel", "parallel"]}
      ins(%index : tensor<2xi64>) outs(%e : tensor<2x3xf32>) {
  ^bb0(%in: i64, %out: f32):
    %row = arith.index_cast %in : i64 to index
    %column = linalg.index 1 : index
    %value = tensor.extract %table[%row, %column] : tensor<5x3xf32>
    linalg.yield %value : f32
  } -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}
""")
table = rng.standard_normal((5, 3)).astype(np.float32)
(found,) = code.run(rows, [np.array([4, 0]), table])
assert found.tobytes() == table[[4, 0]].tobytes()
for index in (5, -1):
    try:
        code.run(rows, [np.array([1, index]), table])
    except RuntimeError as error:
        assert "out-of-bounds" in str(error) and "double.mlir:10" in str(error), error
    else:
        raise AssertionError(f"index {index} was taken")
