# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python
# RUN: %python %s %t %if x86-cpus %{x86-64-v2 haswell skylake-avx512%}
"""Rows of integers are reduced to what numpy finds, by every operation, for any number
and length of rows, on several CPUs and by plain loops."""

import pathlib
import sys

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "Inputs"))
from cross import get_machine

from examples.common.mx_run import mx_run

# Of two inputs of different widths; `first` is what results start from. One reduction
# per operation.
REDUCTION = """
  %r{place} = linalg.generic {{
      indexing_maps = [affine_map<(b, m, k) -> (b, m, k)>, affine_map<(b, m, k) -> (m, k)>,
                       affine_map<(b, m, k) -> (b, m)>],
      iterator_types = ["parallel", "parallel", "reduction"]}}
      ins(%x, %z : {x}, {z}) outs(%first{place} : {result}) {{
  ^bb0(%a: i8, %c: i32, %out: i32):
    %1 = arith.extsi %a : i8 to i32
    %2 = arith.addi %1, %five : i32
    %3 = arith.xori %2, %c : i32
    %4 = arith.{operation} {operands} : i32
    linalg.yield %4 : i32
  }} -> {result}"""
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


def program(b, m, k):
    types = {"x": f"tensor<{b}x{m}x{k}xi8>", "z": f"tensor<{m}x{k}xi32>", "result": f"tensor<{b}x{m}xi32>"}
    places = range(len(OPERATIONS))
    firsts = ", ".join(f"%first{place}: {types['result']}" for place in places)
    results = ", ".join([types["result"]] * len(OPERATIONS))
    lines = [
        REDUCTION.format(place=place, operation=operation, operands="%3, %out" if place % 2 else "%out, %3", **types)
        for place, operation in enumerate(OPERATIONS)
    ]
    return (
        f"func.func @main(%x: {types['x']}, %z: {types['z']}, {firsts}) -> ({results}) {{\n"
        f"  %five = arith.constant 5 : i32{''.join(lines)}\n"
        f"  return {', '.join(f'%r{place}' for place in places)} : {results}\n}}\n"
    )


folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
machines = {cpu: get_machine(cpu, folder) for cpu in sys.argv[2:]}
rng = np.random.default_rng(6)
shapes = [(1, 1, 32), (2, 2, 4), (1, 37, 16), (3, 12, 128), (2, 33, 24), (1, 70, 7), (2, 3, 0), (1, 16, 2)]
model = folder / "rows.mlir"
for number, (b, m, k) in enumerate(shapes * 2):
    x = rng.integers(-128, 128, (b, m, k), np.int8)
    z = rng.integers(-(2**31), 2**31, (m, k), np.int32)
    firsts = [rng.integers(-(2**31), 2**31, (b, m), np.int32) for _ in OPERATIONS]
    arrays = [x, z, *firsts]
    values = (x.astype(np.int32) + np.int32(5)) ^ z
    rows = "?" if number >= len(shapes) else m
    model.write_text(program(b, rows, k))
    found = {
        target: mx_run("mx-run", model, arrays, len(OPERATIONS), f"--target={target}").outputs
        for target in ("cpu", "reference")
    }
    found |= {cpu: machine.run(model, arrays, len(OPERATIONS)) for cpu, machine in machines.items()}
    for place, (operation, (function, kind)) in enumerate(OPERATIONS.items()):
        every = np.concatenate([firsts[place][..., None], values], -1).view(kind)
        expected = function.reduce(every, -1, dtype=kind).view(np.int32)
        for target, results in found.items():
            assert np.array_equal(results[place], expected), (operation, b, m, k, rows, target)
