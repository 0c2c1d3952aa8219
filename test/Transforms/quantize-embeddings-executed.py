# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python
# RUN: %python %s %mx_build %t
"""Rows gathered and sliced from constants of f32, f16 and bf16 in every format, on both
targets: the bits of an independent quantization of the whole table, rounded once to its
type. Rows of different size and scale, one of zeros and one of subnormals, a ragged last
block, a batch of indices, some twice."""

import pathlib
import sys

import ml_dtypes
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

TYPES = {"f32": np.float32, "f16": np.float16, "bf16": ml_dtypes.bfloat16}
PROGRAM = """
func.func @main(%ids: tensor<?x?xi64>) -> (ROWS, SLICE) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %words = arith.constant dense_resource<words> : TABLE
  %places = arith.constant dense_resource<places> : TABLE
  %b = tensor.dim %ids, %c0 : tensor<?x?xi64>
  %t = tensor.dim %ids, %c1 : tensor<?x?xi64>
  %empty = tensor.empty(%b, %t) : ROWS
  %x = linalg.generic {
      indexing_maps = [affine_map<(b, t, k) -> (b, t)>, affine_map<(b, t, k) -> (b, t, k)>],
      iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%ids : tensor<?x?xi64>) outs(%empty : ROWS) {
  ^bb0(%id: i64, %out: KIND):
    %row = arith.index_cast %id : i64 to index
    %k = linalg.index 2 : index
    %e = tensor.extract %words[%row, %k] : TABLE
    linalg.yield %e : KIND
  } -> ROWS
  %y = tensor.extract_slice %places[%b, 0] [%t, LENGTH] [1, 1] : TABLE to SLICE
  return %x, %y : ROWS, SLICE
}
{-# dialect_resources: { builtin: { words: "0x04000000WORDS", places: "0x04000000PLACES" } } #-}
"""


def write_program(kind, words, places):
    program = folder / f"embeddings-{kind}.mlir"
    text = PROGRAM.replace("WORDS", words.tobytes().hex()).replace("PLACES", places.tobytes().hex())
    text = text.replace("TABLE", f"tensor<{ROWS}xLENGTHxKIND>").replace("SLICE", "tensor<?xLENGTHxKIND>")
    text = text.replace("ROWS", "tensor<?x?xLENGTHxKIND>").replace("LENGTH", str(LENGTH)).replace("KIND", kind)
    program.write_text(text)
    return program


def is_same(found, expected):
    """Rows of results, that may be bf16's bits, and what was expected in their type; or NaN."""
    found = found.view(expected.dtype)
    return ((found == expected) | (np.isnan(found) & np.isnan(expected))).all()


for kind, dtype in TYPES.items():
    # The least numbers of f16 are rounded to codes of few bits, and few of the largest overflow.
    tables = [(t * np.float32(2.0**-6 if kind == "f16" else 1)).astype(dtype) for t in (words, places)]
    program = write_program(kind, *tables)
    plain = sum(t.nbytes for t in tables)
    for name in FORMATS:
        whole = [dequantize(quantize(t.astype(np.float32), name), LENGTH).astype(dtype) for t in tables]
        for target in ("cpu", "reference"):
            options = ["--weights=mxfp8", f"--embeddings={name}", f"--target={target}", "--memory"]
            run = mx_run(tool, program, [ids], 2, *options)
            x, y = run.outputs
            assert is_same(x, whole[0][ids]), (kind, name, target)
            assert is_same(y, whole[1][3:20]), (kind, name, target)
            after = run.report["memory"]["weights_after"]["total"]
            assert after < plain * 0.29 * 4 / np.dtype(dtype).itemsize, (kind, name, after / plain)
