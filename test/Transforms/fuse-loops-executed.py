# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python
# RUN: %python %s %t
"""Transposes of every type and of many shapes move every element, alone and in a sum."""

import itertools
import pathlib
import sys

import numpy as np

from examples.common.mx_run import mx_run

TYPES = {"f32": np.float32, "f16": np.float16, "i8": np.uint8}
# Shapes of inputs, and where their dimensions go: many rows, few rows, few columns, ragged, one.
SHAPES = [
    ((1000, 300), (1, 0)),
    ((5, 3001), (1, 0)),
    ((3001, 5), (1, 0)),
    ((17, 65, 33), (2, 1, 0)),
    ((3, 257, 130), (0, 2, 1)),
    ((2, 100, 1, 259), (3, 2, 0, 1)),
    ((1, 4096), (1, 0)),
    ((20, 9001), (1, 0)),
]


def program(shape, order, element, dynamic, adds):
    """A transpose to `order`, to which the second argument is added if `adds`."""
    extents = [shape[dim] for dim in order]
    source, result = (
        f"tensor<{'x'.join('?' if dynamic else str(e) for e in es)}x{element}>" for es in (shape, extents)
    )
    dims = [f"d{dim}" for dim in range(len(shape))]
    loops = ", ".join(dims)
    read = ", ".join(dims[order.index(dim)] for dim in range(len(shape)))
    add = "addi" if element == "i8" else "addf"
    compute = f"%r = arith.{add} %x, %y : {element}" if adds else ""
    return f"""
#write = affine_map<({loops}) -> ({loops})>
#read = affine_map<({loops}) -> ({read})>
func.func @main(%a: {source}, %b: {result}) -> {result} {{
  %0 = linalg.generic {{indexing_maps = [#read, #write], iterator_types = [{', '.join(['"parallel"'] * len(shape))}]}}
      ins(%a : {source}) outs(%b : {result}) {{
  ^bb0(%x: {element}, %y: {element}):
    {compute}
    linalg.yield {'%r' if adds else '%x'} : {element}
  }} -> {result}
  return %0 : {result}
}}
"""


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(0)
    cases = itertools.product(SHAPES, TYPES, (False, True), (False, True))
    for (shape, order), element, dynamic, adds in cases:
        a = rng.integers(0, 256, shape).astype(TYPES[element])
        b = rng.integers(0, 256, [shape[dim] for dim in order]).astype(TYPES[element])
        model = folder / "p.mlir"
        model.write_text(program(shape, order, element, dynamic, adds))
        (found,) = mx_run("mx-run", model, [a, b], 1, "--threads=2").outputs
        expected = a.transpose(order) + b if adds else a.transpose(order)
        np.testing.assert_array_equal(found, expected, f"{shape} {order} {element} {dynamic} {adds}")


main()
