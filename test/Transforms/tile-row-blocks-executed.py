# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python, x86-cpus
# RUN: %python %s %t
"""Contractions of so many rows that mx-tile cuts these into blocks, against float64: rows
of static and dynamic number, a last block that is shorter, batches, scales of tensors,
integers, the columns on either side, and bf16 of another CPU."""

import pathlib
import sys

import ml_dtypes
import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "Inputs"))
from cross import get_machine

from examples.common.mx_run import mx_run

rng = np.random.default_rng(11)
TYPES = {
    "f32": np.float32,
    "f8E4M3FN": ml_dtypes.float8_e4m3fn,
    "f4E2M1FN": ml_dtypes.float4_e2m1fn,
    "i8": np.int8,
}
BITS = {"f4E2M1FN": 4, "i8": 8, "f8E4M3FN": 8}
BF16 = """#mx.target<vector_bits = 512, vector_registers = 32, extends = [f16], caches = [32768, 262144],
  dots = [<lhs = bf16, rhs = bf16, sum = f32, length = 2, intrinsic = "llvm.x86.avx512bf16.dpbf16ps.512">]>"""


class Operand:
    """(batch, lines, k) elements, a scale for every 32 of k but of f32, and one of the
    tensor if `outer`."""

    def __init__(self, element, shape, outer=False):
        self.element = element
        self.arrays = []
        if element == "f32":
            values = rng.standard_normal(shape).astype(np.float32)
            self.arrays.append(values)
        else:
            codes = rng.integers(0, 1 << BITS[element], shape, np.uint8)
            values = codes.view(TYPES[element]).astype(np.float64)
            codes[np.isnan(values)] = 0
            values = codes.view(TYPES[element]).astype(np.float64) / (64 if element == "i8" else 1)
            scales = rng.integers(118, 137, (*shape[:-1], -(-shape[-1] // 32)), np.uint8)
            self.arrays += [codes.view(np.int8) if element == "i8" else codes, scales]
            values = values * np.repeat(np.exp2(scales - 127.0), 32, -1)[..., : shape[-1]]
        if outer:
            self.arrays.append(np.array(0.37, np.float32))
            values = values * np.float32(0.37)
        self.values = values.astype(np.float64)
        self.outer = outer

    def types(self, dynamic):
        """Those of elements and scales; sizes but the batch's are `dynamic` where a
        letter says so."""
        kinds = [self.element, *(["f8E8M0FNU"] if self.element != "f32" else []), *(["f32"] if self.outer else [])]
        found = []
        for array, kind in zip(self.arrays, kinds):
            sizes = [str(size) for size in array.shape]
            for axis, letter in ((1, "m"), (2, "k")):
                if array.ndim and letter in dynamic:
                    sizes[axis] = "?"
            found.append(f"tensor<{'x'.join([*sizes, kind])}>")
        return found


def check(name, run, folder, rows, columns, dynamic="", rows_are_rhs=False, target=None):
    batch, m, _ = rows.values.shape
    n = columns.values.shape[1]
    sides = {"rhs" if rows_are_rhs else "lhs": (rows, "m"), "lhs" if rows_are_rhs else "rhs": (columns, "n")}
    maps, operands, arguments, arrays, bits = [], [], [], [], []
    for side in ("lhs", "rhs"):
        operand, line = sides[side]
        types = operand.types(dynamic if operand is rows else dynamic.replace("m", ""))
        names = [f"%{side}{i}" for i in range(len(types))]
        arguments += [f"{name}: {type}" for name, type in zip(names, types)]
        arrays += operand.arrays
        maps.append(f"affine_map<(b, m, n, k) -> (b, {line}, k)>")
        if operand.element != "f32":
            maps.append(f"affine_map<(b, m, n, k) -> (b, {line}, k floordiv 32)>")
        if operand.outer:
            maps.append("affine_map<(b, m, n, k) -> ()>")
        scaled = f" scaled {', '.join(names[1:])}" if names[1:] else ""
        operands.append(f"{side}({names[0]}{scaled} : {', '.join(types)})")
        if operand.element == "i8":
            bits.append(f"{side}_fraction_bits = 6")
    maps.append("affine_map<(b, m, n, k) -> (b, m, n)>")
    result = f"tensor<{batch}x{'?' if 'm' in dynamic else m}x{n}xf32>"
    program = folder / "program.mlir"
    program.write_text(
        f"module {f'attributes {{mx.target = {target}}}' if target else ''} {{\n"
        f"func.func @main({', '.join(arguments)}, %init: {result}) -> {result} {{\n"
        f"  %0 = mx.contract indexing_maps = [{', '.join(maps)}] {{{', '.join(bits)}}} {' '.join(operands)}"
        f" outs(%init : {result}) -> {result}\n  return %0 : {result}\n}}\n}}\n"
    )
    init = rng.standard_normal((batch, m, n)).astype(np.float32)
    (found,) = run(program, [*arrays, init], 2)
    right = np.swapaxes(columns.values, 1, 2)
    expected = rows.values @ right + init
    bound = 2.0**-19 * (np.abs(rows.values) @ np.abs(right) + np.abs(init))
    wrong = ~(np.abs(found - expected) <= bound)
    if wrong.any():
        print(f"{name}: {np.count_nonzero(wrong)} of {wrong.size} wrong, rows {np.unique(np.nonzero(wrong)[1])}")
    return int(wrong.any())


def main() -> int:
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)

    def here(program, arrays, threads):
        return mx_run("mx-run", program, arrays, 1, f"--threads={threads}").outputs

    failures = 0
    # Of a sum of unknown length, blocks have at most 512 rows.
    for name, rows, columns, dynamic, rows_are_rhs in [
        ("dynamic", ("f8E4M3FN", (2, 1100, 192)), ("f8E4M3FN", (2, 40, 192)), "mk", False),
        ("dynamic, few rows", ("f8E4M3FN", (1, 2, 192)), ("f8E4M3FN", (1, 40, 192)), "mk", False),
        ("dynamic sum", ("f8E4M3FN", (1, 1021, 96)), ("f4E2M1FN", (1, 33, 96)), "k", False),
        ("static", ("f8E4M3FN", (1, 1030, 4128)), ("f8E4M3FN", (1, 33, 4128)), "", False),
        ("dynamic rows", ("f8E4M3FN", (1, 1030, 4100)), ("f4E2M1FN", (1, 33, 4100)), "m", False),
        ("f32", ("f32", (1, 1100, 192)), ("f8E4M3FN", (1, 40, 192)), "mk", False),
        ("f32 alone", ("f32", (1, 1100, 192)), ("f32", (1, 40, 192)), "mk", False),
        ("columns first", ("f8E4M3FN", (1, 1100, 192)), ("f8E4M3FN", (1, 40, 192)), "mk", True),
        ("integers", ("i8", (1, 1033, 8192)), ("i8", (1, 32, 8192)), "", False),
        ("integers, dynamic rows", ("i8", (1, 1033, 8192)), ("f4E2M1FN", (1, 48, 8192)), "m", False),
    ]:
        failures += check(name, here, folder, Operand(*rows), Operand(*columns), dynamic, rows_are_rhs)
    rows, columns = Operand("f8E4M3FN", (1, 1100, 192), True), Operand("f8E4M3FN", (1, 40, 192), True)
    failures += check("tensors' scales", here, folder, rows, columns, "mk")
    machine = get_machine("cooperlake", folder)
    rows, columns = Operand("f8E4M3FN", (1, 1200, 8200)), Operand("f8E4M3FN", (1, 30, 8200))
    failures += check("bf16", lambda p, a, _: machine.run(p, a, 1), folder, rows, columns, target=BF16)
    print(f"{failures} failures")
    return int(failures != 0)


if __name__ == "__main__":
    sys.exit(main())
