# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python
# RUN: %python %s %t
"""Contractions of integers whose rows pass by several panels at a time, with scales of
blocks of columns, of whole tensors and of batches, against numpy: sums that a panel
with another's scale would get wrong by far."""

import pathlib
import sys

import ml_dtypes
import numpy as np

from examples.common.mx_run import mx_run

rng = np.random.default_rng(7)
ELEMENTS = {
    "i8": (256, lambda c: c.view(np.int8) / 64),
    "f6E2M3FN": (64, lambda c: c.view(ml_dtypes.float6_e2m3fn).astype(np.float64)),
    "f4E2M1FN": (16, lambda c: c.view(ml_dtypes.float4_e2m1fn).astype(np.float64)),
}
M, K = 9, 64


def shape(array, rows_are_dynamic=False):
    extents = list(map(str, array.shape))
    if rows_are_dynamic:
        extents[0] = "?"
    return "x".join(extents)


def check(folder, name, element, extents, block, constant=False, outer=False):
    """A row's scale for every 32 of k, one of the columns' factor for every `block` of n
    too; `extents` are those of n, or of batches that the rows lack and n."""
    count, decode = ELEMENTS[element]
    dims = [f"n{i}" for i in range(len(extents))]
    blocked = list(extents)
    blocked[0] = -(-blocked[0] // block)
    a, b = (rng.integers(0, count, s).astype(np.uint8) for s in ((M, K), (*extents, K)))
    scale_a, scale_b = (rng.integers(118, 137, s).astype(np.uint8) for s in ((M, K // 32), (*blocked, K // 32)))
    tensor = np.float32(0.37)
    loops = ", ".join(["m", *dims, "k"])
    n, first = ", ".join(dims), ", ".join([f"{dims[0]} floordiv {block}", *dims[1:]])
    maps = ["m, k", "m, k floordiv 32", f"{n}, k", f"{first}, k floordiv 32", f"m, {n}"]
    scalar, more = ("", "")
    if outer:
        maps.insert(4, "")
        scalar, more = ", %t", ", tensor<f32>"
    bits = "{lhs_fraction_bits = 6, rhs_fraction_bits = 6}" if element == "i8" else ""
    types = [f"tensor<{shape(x, i < 2)}x{t}>" for i, (x, t) in enumerate(
        ((a, element), (scale_a, "f8E8M0FNU"), (b, element), (scale_b, "f8E8M0FNU")))]
    result = f"tensor<?x{'x'.join(map(str, extents))}xf32>"
    arguments = ", ".join(f"%{i}: {t}" for i, t in enumerate(types[: 2 if constant else 4]))
    constants = ""
    arrays = [a.view(np.int8) if element == "i8" else a, scale_a]
    if constant:
        for i, x in ((2, b), (3, scale_b)):
            text = f'dense<"0x{x.tobytes().hex()}"> : {types[i]}'
            constants += f"  %{i} = arith.constant {text}\n"
    else:
        arrays += [b.view(np.int8) if element == "i8" else b, scale_b]
    lists = ", ".join(f"affine_map<({loops}) -> ({m})>" for m in maps)
    (folder / "p.mlir").write_text(f"""
func.func @main({arguments}, %c: {result}) -> {result} {{
{constants}  %t = arith.constant dense<0.37> : tensor<f32>
  %r = mx.contract indexing_maps = [{lists}] {bits}
    lhs(%0 scaled %1 : {types[0]}, {types[1]}) rhs(%2 scaled %3{scalar} : {types[2]}, {types[3]}{more})
    outs(%c : {result}) -> {result}
  return %r : {result}
}}
""")
    init = rng.standard_normal((M, *extents)).astype(np.float32)
    (found,) = mx_run("mx-run", folder / "p.mlir", [*arrays, init], 1).outputs
    rows = decode(a) * np.exp2(np.repeat(scale_a, 32, 1) - 127.0)
    columns = decode(b) * np.exp2(np.repeat(np.repeat(scale_b, block, 0)[: extents[0]], 32, -1) - 127.0)
    if outer:
        columns *= tensor
    expected = init + np.tensordot(rows, columns, ((-1,), (-1,)))
    bound = 1e-5 * (np.abs(init) + np.tensordot(np.abs(rows), np.abs(columns), ((-1,), (-1,))))
    wrong = ~(np.abs(found - expected) <= bound)
    if wrong.any():
        print(f"{name}: {np.count_nonzero(wrong)} of {wrong.size} wrong, the first {found[wrong][0]}, not {expected[wrong][0]}")
    return int(wrong.any())


def main() -> int:
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    failures = 0
    for element in ELEMENTS:
        # The widest register tile has 64 columns, the narrowest 8.
        for block in (1, 16, 48, 80, 96, 1024):
            for constant in (False, True) if element != "f6E2M3FN" else (False,):
                name = f"{element} n / {block}{' constant' if constant else ''}"
                failures += check(folder, name, element, [1920], block, constant)
        failures += check(folder, f"{element} with a tensor's scale", element, [1024], 1, outer=True)
        for block in (1, 3, 5):
            failures += check(folder, f"{element} batch / {block}", element, [240, 64], block)
    print(f"{failures} failures")
    return int(failures != 0)


if __name__ == "__main__":
    sys.exit(main())
