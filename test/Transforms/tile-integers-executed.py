# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python
# RUN: %python %s %t %if x86-cpus %{x86-64-v2 haswell skylake-avx512 cascadelake%}
"""Contractions of integer elements, which the CPU target adds up as integers:
against the blocks' sums in numpy, which are exact, to the bit. The largest sums are
made on several CPUs, which hold them in integers of several widths."""

import pathlib
import sys

import ml_dtypes
import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "Inputs"))
from cross import get_machine

from examples.common.mx_run import mx_run

rng = np.random.default_rng(21)
FORMATS = {
    "f4E2M1FN": (16, lambda c: c.view(ml_dtypes.float4_e2m1fn).astype(np.float64)),
    "f6E2M3FN": (64, lambda c: c.view(ml_dtypes.float6_e2m3fn).astype(np.float64)),
    "i8": (256, lambda c: c.view(np.int8) / 64),
    "plain i8": (256, lambda c: c.view(np.int8).astype(np.float64)),
}


def e8m0(shape, low=87, high=168):
    scales = rng.integers(low, high, shape).astype(np.uint8)
    scales[rng.random(shape) < 0.05] = 0
    return scales


def e4m3(shape):
    return rng.integers(0x08, 0x7F, shape).astype(np.uint8)


def value(scales, kind):
    if kind == "f8E8M0FNU":
        return np.where(scales == 255, np.nan, np.exp2(scales.astype(np.float64) - 127))
    return scales.view(ml_dtypes.float8_e4m3fn).astype(np.float64)


class Side:
    """Codes (batch, rows, k), of which `transposed` stores (batch, k, rows), and a
    scale for every `block` of k."""

    def __init__(self, element, shape, block, scales, kind, transposed=False):
        batch, rows, k = shape
        count, decode = FORMATS[element]
        self.element, self.block, self.kind, self.transposed = element, block, kind, transposed
        self.codes = rng.integers(0, count, shape).astype(np.uint8)
        self.scales = scales((batch, rows, -(-k // block)))
        self.values = decode(self.codes)

    def types(self, static=False):
        def shape(array):
            return "x".join(map(str, array.shape)) if static else "?x?x?"

        codes, scales = self.arrays()
        return f"tensor<{shape(codes)}x{self.element.split()[-1]}>", f"tensor<{shape(scales)}x{self.kind}>"

    def maps(self, row):
        order = f"(b, k, {row})" if self.transposed else f"(b, {row}, k)"
        return [f"(b, m, n, k) -> {order}", f"(b, m, n, k) -> (b, {row}, k floordiv {self.block})"]

    def arrays(self):
        codes = np.swapaxes(self.codes, 1, 2) if self.transposed else self.codes
        return [np.ascontiguousarray(codes.view(np.int8) if "i8" in self.element else codes), self.scales]

    def at(self, start, stop):
        """Values and scales of one block."""
        return self.values[..., start:stop], value(self.scales[..., start // self.block], self.kind)


def program(a, b, static):
    maps = ", ".join(f"affine_map<{m}>" for m in [*a.maps("m"), *b.maps("n"), "(b, m, n, k) -> (b, m, n)"])
    (at, ast), (bt, bst) = a.types(static), b.types(static)
    bits = [f"{side}_fraction_bits = 6" for side, x in (("lhs", a), ("rhs", b)) if x.element == "i8"]
    attributes = f" {{{', '.join(bits)}}}" if bits else ""
    shape = "x".join(map(str, (*a.codes.shape[:2], b.codes.shape[1]))) if static else "?x?x?"
    result = f"tensor<{shape}xf32>"
    return (
        f"func.func @main(%a: {at}, %as: {ast}, %b: {bt}, %bs: {bst}, %c: {result}) -> {result} {{\n"
        f"  %0 = mx.contract indexing_maps = [{maps}]{attributes} lhs(%a scaled %as : {at}, {ast})"
        f" rhs(%b scaled %bs : {bt}, {bst}) outs(%c : {result}) -> {result}\n  return %0 : {result}\n}}\n"
    )


def expect(a, b, init):
    """Blocks in order; a block's sum times its scales is rounded once."""
    step, extent = min(a.block, b.block), a.values.shape[-1]
    result = init.copy()
    with np.errstate(over="ignore", invalid="ignore"):
        for start in range(0, extent, step):
            stop = min(start + step, extent)
            (x, xs), (y, ys) = a.at(start, stop), b.at(start, stop)
            sums = x @ np.swapaxes(y, 1, 2)
            result += (sums * xs[..., :, None] * ys[..., None, :]).astype(np.float32)
    return result


def cases():
    for left in FORMATS:
        for right in FORMATS:
            yield f"{left} x {right}", (2, 13, 37, 200), left, right, 32, 32
    for m, n, k in ((1, 1, 1), (1, 17, 33), (6, 16, 32), (50, 48, 192), (7, 130, 4100)):
        yield f"{m}x{n}x{k}", (1, m, n, k), "f4E2M1FN", "f6E2M3FN", 32, 32
    yield "blocks of 32 and 96", (2, 9, 21, 300), "i8", "f4E2M1FN", 32, 96
    yield "blocks longer than the sum", (1, 3, 5, 21), "i8", "f4E2M1FN", 512, 1024
    yield "blocks of 6 and 30", (1, 9, 21, 150), "i8", "f6E2M3FN", 6, 30
    yield "blocks of 64 and 16", (1, 9, 21, 150), "f6E2M3FN", "i8", 64, 16


def main() -> int:
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    failures = 0

    def check(name, a, b, static=False, machine=None):
        nonlocal failures
        init = rng.standard_normal((*a.codes.shape[:2], b.codes.shape[1])).astype(np.float32)
        arrays = [*a.arrays(), *b.arrays(), init]
        model = folder / "model.mlir"
        model.write_text(program(a, b, static))
        (found,) = machine.run(model, arrays, 1) if machine else mx_run("mx-run", model, arrays, 1).outputs
        expected = expect(a, b, init)
        same = (found == expected) | (np.isnan(found) & np.isnan(expected))
        if not same.all():
            print(f"{name}: {np.count_nonzero(~same)} of {same.size} differ, the first {found[~same][0]} from {expected[~same][0]}")
            failures += 1

    for name, (batch, m, n, k), left, right, lblock, rblock in cases():
        a = Side(left, (batch, m, k), lblock, e8m0, "f8E8M0FNU")
        for transposed in (False, True):
            b = Side(right, (batch, n, k), rblock, e8m0, "f8E8M0FNU", transposed)
            check(f"{name}, rhs {'k x n' if transposed else 'n x k'}", a, b)
    nvfp4 = [Side("f4E2M1FN", (2, rows, 90), 16, e4m3, "f8E4M3FN") for rows in (13, 37)]
    check("NVFP4", *nvfp4)
    # More rows than the second cache holds: several panels in one pass.
    for n in (512, 520):
        large = [Side("i8", (1, rows, 1536), 32, e8m0, "f8E8M0FNU") for rows in (1500, n)]
        check(f"1500x{n}x1536", *large, static=True)
    # Columns whose codes are 4096 bytes apart.
    distant = [Side(element, (1, rows, 4096), 32, e8m0, "f8E8M0FNU") for element, rows in (("f4E2M1FN", 9), ("i8", 150))]
    check("9x150x4096", *distant, static=True)
    # Rows and columns of the largest numbers, or of the smallest, in turn, also in blocks
    # whose sums just fit i16 or just do not.
    machines = {"here": None, **{cpu: get_machine(cpu, folder) for cpu in sys.argv[2:]}}
    pairs = [(left, right, 32) for left in FORMATS for right in FORMATS]
    pairs += [("i8", "f4E2M1FN", block) for block in (4, 20, 24)]
    pairs += [("f4E2M1FN", "i8", block) for block in (12, 16)]
    pairs += [("f6E2M3FN", "f6E2M3FN", block) for block in (8, 12)]
    for left, right, block in pairs:
        for cpu, machine in machines.items():
            a, b = (
                Side(element, (1, rows, 100), block, e8m0, "f8E8M0FNU")
                for element, rows in ((left, 11), (right, 21))
            )
            for side in (a, b):
                count, decode = FORMATS[side.element]
                codes = np.arange(count).astype(np.uint8)
                order = codes[np.argsort(decode(codes), kind="stable")]
                side.codes[:, ::2], side.codes[:, 1::2] = order[-1], order[0]
                side.values = decode(side.codes)
            check(f"largest {left} x {right} in blocks of {block} {cpu}", a, b, False, machine)
    # Beyond what can be folded: the program takes the exact path.
    for extreme in (1, 254, 255):
        a, b = (Side("i8", (1, rows, 70), 32, e8m0, "f8E8M0FNU") for rows in (7, 19))
        a.scales[0, 3, 1] = extreme
        check(f"a scale of {extreme}", a, b)
    print(f"{failures} failures")
    return failures != 0


if __name__ == "__main__":
    sys.exit(main())
