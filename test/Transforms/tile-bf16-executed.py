# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python, x86-cpus
# RUN: %python %s %t
"""Contractions by x86's dot product of bf16, which a description on the module asks
for, whatever this CPU's own says: results are those of float64 within the bound of
numerics.md, and have the bits that f32 multiply-adds give."""

import pathlib
import subprocess
import sys

import ml_dtypes
import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "Inputs"))
from cross import get_machine

from examples.common.mx_run import mx_run

TYPES = {
    "f8E4M3FN": ml_dtypes.float8_e4m3fn,
    "f8E5M2": ml_dtypes.float8_e5m2,
    "f6E3M2FN": ml_dtypes.float6_e3m2fn,
    "f6E2M3FN": ml_dtypes.float6_e2m3fn,
    "f4E2M1FN": ml_dtypes.float4_e2m1fn,
    "i8": np.int8,
}
BITS = {"f6E3M2FN": 6, "f6E2M3FN": 6, "f4E2M1FN": 4}
BF16 = """#mx.target<vector_bits = 512, vector_registers = 32, extends = [f16], caches = [32768, 262144],
  dots = [<lhs = bf16, rhs = bf16, sum = f32, length = 2, intrinsic = "llvm.x86.avx512bf16.dpbf16ps.512">]>"""
# Also with scales that are not ordinary, and with NaN and Inf.
SPECIAL = [("f8E4M3FN", "f8E4M3FN"), ("f8E5M2", "i8")]
rng = np.random.default_rng(3)


class Operand:
    """Codes (batch, lines, k) and a scale byte per block, each with a value of its own
    and all ordinary; a block of zeros has the byte 0. Without a block there are no
    scales."""

    def __init__(self, element, shape, block):
        self.element, self.block = element, block
        self.codes = rng.integers(0, 1 << BITS.get(element, 8), shape, np.uint8)
        if element.startswith("f8"):  # No NaN or Inf yet.
            self.codes[~np.isfinite(self.elements())] = 1
        if block:
            self.scales = rng.integers(87, 168, (*shape[:-1], -(-shape[-1] // block)), np.uint8)
            self.codes[0, -1, :block] = 0
            self.scales[0, -1, 0] = 0

    def elements(self):
        with np.errstate(all="ignore"):
            values = self.codes.view(TYPES[self.element]).astype(np.float64)
        return values / 64 if self.element == "i8" else values

    def values(self):
        if not self.block:
            return self.elements()
        scales = np.exp2(self.scales - 127.0)
        scales[self.scales == 255] = np.nan
        return self.elements() * np.repeat(scales, self.block, -1)[..., : self.codes.shape[-1]]

    def arrays(self, columns_first):
        arrays = [self.codes, self.scales] if self.block else [self.codes]
        return [np.ascontiguousarray(np.swapaxes(x, 1, 2)) if columns_first else x for x in arrays]


def text(lhs, rhs, columns_first, target):
    """The program; `columns_first`: the rhs is (batch, k, n)."""
    maps, sides, arguments = [], [], []
    for side, operand, line in (("lhs", lhs, "m"), ("rhs", rhs, "n")):
        swap = side == "rhs" and columns_first
        names, types = [], []
        blocks = ["k", f"k floordiv {operand.block}"] if operand.block else ["k"]
        for along, array, element in zip(blocks, operand.arrays(swap), (operand.element, "f8E8M0FNU")):
            last = f"{along}, {line}" if swap else f"{line}, {along}"
            maps.append(f"affine_map<(b, m, n, k) -> (b, {last})>")
            names.append(f"%{side}{len(names)}")
            types.append(f"tensor<{'x'.join(map(str, array.shape))}x{element}>")
        arguments += [f"{name}: {type}" for name, type in zip(names, types)]
        scaled = f" scaled {names[1]}" if operand.block else ""
        sides.append(f"{side}({names[0]}{scaled} : {', '.join(types)})")
    bits = ", ".join(f"{s}_fraction_bits = 6" for s, o in (("lhs", lhs), ("rhs", rhs)) if o.element == "i8")
    result = f"tensor<{lhs.codes.shape[0]}x{lhs.codes.shape[1]}x{rhs.codes.shape[1]}xf32>"
    maps = ", ".join([*maps, "affine_map<(b, m, n, k) -> (b, m, n)>"])
    return (
        f"module {f'attributes {{mx.target = {target}}}' if target else ''} {{\n"
        f"func.func @main({', '.join(arguments)}, %z: {result}) -> {result} {{\n"
        f"  %0 = mx.contract indexing_maps = [{maps}]{f' {{{bits}}}' if bits else ''} {' '.join(sides)}"
        f" outs(%z : {result}) -> {result}\n  return %0 : {result}\n}}\n}}\n"
    )


def check(machine, folder, lhs, rhs, columns_first):
    init = rng.standard_normal((lhs.codes.shape[0], lhs.codes.shape[1], rhs.codes.shape[1]), np.float32)
    init[..., 2] = 0
    arrays = [*lhs.arrays(False), *rhs.arrays(columns_first), init]
    bf16, here = folder / "bf16.mlir", folder / "here.mlir"
    bf16.write_text(text(lhs, rhs, columns_first, BF16))
    here.write_text(text(lhs, rhs, columns_first, None))
    (found,) = machine.run(bf16, arrays, 1)
    (plain,) = mx_run("mx-run", here, arrays, 1).outputs
    a, b = lhs.values(), np.swapaxes(rhs.values(), 1, 2)
    with np.errstate(all="ignore"):
        expected, size = a @ b + init, np.abs(a) @ np.abs(b) + np.abs(init)
    bound = (2.0**-20 + -(-a.shape[-1] // 32) * 2.0**-24) * size
    finite = np.isfinite(expected)
    if not np.array_equal(np.isnan(found), np.isnan(expected)):
        return "NaN elsewhere"
    if not np.array_equal(found[~finite], expected[~finite].astype(np.float32), equal_nan=True):
        return "Inf elsewhere"
    if (np.abs(found[finite] - expected[finite]) > bound[finite]).any():
        return "outside of the bound"
    numbers = ~np.isnan(found)
    if not np.array_equal(found[numbers].view(np.uint32), plain[numbers].view(np.uint32)):
        return "other bits than those of multiply-adds"
    return ""


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    machine = get_machine("cooperlake", folder)
    cases = [
        # lhs, rhs, blocks of both, (batch, m, n, k), whether the rhs is (k, n)
        ("f8E4M3FN", "f8E4M3FN", 32, 32, (2, 40, 33, 161), True),
        ("f8E5M2", "f8E4M3FN", 32, 32, (1, 33, 70, 200), False),
        ("f8E5M2", "f8E5M2", 32, 32, (1, 45, 17, 300), False),
        ("f6E3M2FN", "f6E3M2FN", 32, 32, (1, 29, 64, 192), False),
        ("f8E4M3FN", "f4E2M1FN", 32, 32, (1, 35, 40, 256), False),
        ("f6E2M3FN", "f8E5M2", 64, 16, (1, 28, 50, 224), True),
        ("f8E5M2", "i8", 32, 32, (1, 31, 34, 97), False),
        ("f8E4M3FN", "f8E4M3FN", None, None, (1, 50, 66, 515), False),
    ]
    failures = 0
    for left, right, *blocks, (batch, m, n, k), columns_first in cases:
        for special in ("", "subnormal", "NaN") if (left, right) in SPECIAL else ("",):
            lhs = Operand(left, (batch, m, k), blocks[0])
            rhs = Operand(right, (batch, n, k), blocks[1])
            if special == "NaN":
                lhs.codes[0, 3, 7] = 0x7E if left == "f8E5M2" else 0x7F
                rhs.codes[0, 1, 5] ^= 1
                if left == "f8E5M2":
                    lhs.codes[0, 5, 9] = 0x7C  # Inf
            if special and blocks[0]:
                # What is not ordinary takes another path, with the same result.
                if special == "NaN":
                    rhs.scales[0, 2, 1] = 255
                else:
                    rhs.scales[0, 2] = 0
            error = check(machine, folder, lhs, rhs, columns_first)
            if error:
                failures += 1
                print(f"{left} {right} {blocks} {(batch, m, n, k)} {special}: {error}")
        assembly = ["mx-run", folder / "bf16.mlir", "--cpu=cooperlake", "--emit=asm"]
        if "vdpbf16ps" not in subprocess.check_output(assembly, text=True):
            failures += 1
            print(f"{left} {right}: no dot product of bf16")
    print(f"{len(cases)} kinds of contractions, {failures} failures")
    return int(failures != 0)


if __name__ == "__main__":
    sys.exit(main())
