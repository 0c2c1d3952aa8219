# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python
# RUN: %python %s %t
"""Contractions into bf16 and f16 are those into f32, rounded once: to the nearest, ties
to even, beyond the largest to infinity. On what the result starts from, too."""

import pathlib
import sys

import ml_dtypes
import numpy as np

from examples.common.mx_run import mx_run

rng = np.random.default_rng(17)
RESULTS = {"f32": np.float32, "f16": np.float16, "bf16": ml_dtypes.bfloat16}
BITS = {"f8E4M3FN": 8, "f4E2M1FN": 4, "i8": 8}


def run(folder, element, result, arrays, sizes, fill):
    batch, m, n, k = sizes
    operands = []
    for side, line, rows in (("lhs", "m", m), ("rhs", "n", n)):
        types = [f"tensor<{batch}x?x{k}x{element}>", f"tensor<{batch}x?x{-(-k // 32)}xf8E8M0FNU>"]
        operands.append((side, line, types))
    maps = [f"affine_map<(b, m, n, k) -> (b, {line}, {last})>" for _, line, _ in operands for last in ("k", "k floordiv 32")]
    maps.append("affine_map<(b, m, n, k) -> (b, m, n)>")
    bits = "{lhs_fraction_bits = 6, rhs_fraction_bits = 6}" if element == "i8" else ""
    type = f"tensor<{batch}x?x?x{result}>"
    arguments = [f"%{side}{i}: {type}" for side, _, types in operands for i, type in enumerate(types)]
    sides = [f"{side}(%{side}0 scaled %{side}1 : {', '.join(types)})" for side, _, types in operands]
    if fill:
        init = f"""  %value = arith.constant 0.3125 : {result}
  %start = linalg.fill ins(%value : {result}) outs(%init : {type}) -> {type}"""
    else:
        init = f"  %start = tensor.cast %init : {type} to {type}"
    program = folder / "program.mlir"
    program.write_text(
        f"func.func @main({', '.join(arguments)}, %init: {type}) -> {type} {{\n{init}\n"
        f"  %0 = mx.contract indexing_maps = [{', '.join(maps)}] {bits} {' '.join(sides)}"
        f" outs(%start : {type}) -> {type}\n  return %0 : {type}\n}}\n"
    )
    return mx_run("mx-run", program, arrays, 1).outputs[0]


def check(folder, element, sizes, fill):
    batch, m, n, k = sizes
    arrays = []
    for lines in (m, n):
        codes = rng.integers(0, 1 << BITS[element], (batch, lines, k), np.uint8)
        if element == "f8E4M3FN":
            codes[(codes & 0x7F) == 0x7F] = 0  # NaN
        # Results are from far below to far above the range of f16.
        scales = rng.integers(116, 136, (batch, lines, -(-k // 32)), np.uint8)
        arrays += [codes.view(np.int8) if element == "i8" else codes, scales]
    start = (rng.standard_normal((batch, m, n)) * 100).astype(ml_dtypes.bfloat16)
    wide = run(folder, element, "f32", [*arrays, start.astype(np.float32)], sizes, fill)
    failures = 0
    for result in ("f16", "bf16"):
        init = start.astype(np.float32).astype(RESULTS[result])
        found = run(folder, element, result, [*arrays, init.view(np.uint16) if result == "bf16" else init], sizes, fill)
        if result == "bf16":
            found = found.view(ml_dtypes.bfloat16)
        with np.errstate(over="ignore"):
            expected = wide.astype(RESULTS[result])
        if not np.array_equal(found.view(np.uint16), expected.view(np.uint16)):
            failures += 1
            print(f"{element} {sizes} {result}: {np.count_nonzero(found != expected)} of {found.size} differ")
    return failures


def main() -> int:
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    failures = 0
    for element in BITS:
        for sizes in ((1, 1, 70, 96), (2, 3, 48, 160), (2, 37, 33, 100)):
            failures += check(folder, element, sizes, fill=sizes[1] == 3)
    print(f"{failures} failures")
    return int(failures != 0)


if __name__ == "__main__":
    sys.exit(main())
