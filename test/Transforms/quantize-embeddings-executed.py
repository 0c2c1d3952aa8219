# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python
# RUN: %python %s %mx_build %t
"""Rows gathered and sliced from constants in every format, on both targets: the bits
of an independent quantization of the whole table. Rows of different size and scale,
one of zeros and one of subnormals, a ragged last block, a batch of indices, some twice."""

import pathlib
import sys

import numpy as np

from examples.common.blocks import dequantize, quantize
from examples.common.mx_run import find_tools, mx_run
from examples.common.recipes import FORMATS

build, folder = map(pathlib.Path, sys.argv[1:])
tool = find_tools(build)[1]
folder.mkdir(parents=True, exist_ok=True)
ROWS, LENGTH = 700, 100

rng = np.random.default_rng(3)
words, places = rng.standard_normal((2, ROWS, LENGTH)).astype(np.float32)
words *= np.exp2(rng.integers(-20, 20, (ROWS, LENGTH))).astype(np.float32)
words[5] = 0
words[6] = words[7] * np.float32(2.0**-140)
ids = rng.integers(0, ROWS, (3, 17))
ids[0, :4] = [5, 6, 699, 699]

table = f"tensor<{ROWS}x{LENGTH}xf32>"
rows = f"tensor<?x?x{LENGTH}xf32>"
program = folder / "embeddings.mlir"
program.write_text(f"""
func.func @main(%ids: tensor<?x?xi64>) -> ({rows}, tensor<?x{LENGTH}xf32>) {{
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %words = arith.constant dense_resource<words> : {table}
  %places = arith.constant dense_resource<places> : {table}
  %b = tensor.dim %ids, %c0 : tensor<?x?xi64>
  %t = tensor.dim %ids, %c1 : tensor<?x?xi64>
  %empty = tensor.empty(%b, %t) : {rows}
  %x = linalg.generic {{
      indexing_maps = [affine_map<(b, t, k) -> (b, t)>, affine_map<(b, t, k) -> (b, t, k)>],
      iterator_types = ["parallel", "parallel", "parallel"]}}
      ins(%ids : tensor<?x?xi64>) outs(%empty : {rows}) {{
  ^bb0(%id: i64, %out: f32):
    %row = arith.index_cast %id : i64 to index
    %k = linalg.index 2 : index
    %e = tensor.extract %words[%row, %k] : {table}
    linalg.yield %e : f32
  }} -> {rows}
  %y = tensor.extract_slice %places[%b, 0] [%t, {LENGTH}] [1, 1] : {table} to tensor<?x{LENGTH}xf32>
  return %x, %y : {rows}, tensor<?x{LENGTH}xf32>
}}
{{-# dialect_resources: {{ builtin: {{
  words: "0x04000000{words.tobytes().hex()}",
  places: "0x04000000{places.tobytes().hex()}"
}} }} #-}}
""")

plain = 2 * ROWS * LENGTH * 4
for name in FORMATS:
    expected = [dequantize(quantize(t, name), LENGTH) for t in (words, places)]
    for target in ("cpu", "reference"):
        run = mx_run(
            tool, program, [ids], 2, "--weights=mxfp8", f"--embeddings={name}", f"--target={target}", "--memory"
        )
        x, y = run.outputs
        assert (x == expected[0][ids]).all(), (name, target)
        assert (y == expected[1][3:20]).all(), (name, target)
        after = run.report["memory"]["weights_after"]["total"]
        assert after < plain * 0.29, (name, after / plain)
