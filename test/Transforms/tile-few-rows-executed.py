# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python
# RUN: %python %s %t %if x86-cpus %{x86-64-v2 haswell skylake-avx512 znver4%}
"""Few rows of f32 times codes, which tiles decode themselves, against float64: both
layouts, every element type, packed and constant, scales per block, per block of rows
and none, ragged columns and blocks, long sums, a batch; zeros, subnormals, NaN and Inf
among the elements, and scales that make the program take its exact path. All CPUs
give the same bits."""

import pathlib
import sys
import zlib
from dataclasses import dataclass

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
    "f8E8M0FNU": ml_dtypes.float8_e8m0fnu,
}


@dataclass
class Case:
    m: int
    n: int
    k: int
    element: str
    # Blocks of the scale along columns and sum, or no scale.
    block: tuple[int, int] | None = (1, 32)
    scale: str = "f8E8M0FNU"
    batch: int = 1
    columns_last: bool = True
    special: bool = False
    bytes: tuple[int, int] = (110, 140)
    # Some scales are NaN.
    invalid: bool = False
    # f4 in bytes of two, which the program unpacks.
    packed: bool = False
    # Weights and scales are part of the program.
    constant: bool = False
    # The number of rows is known when it runs.
    dynamic: bool = False


def run(folder: pathlib.Path, case: Case, machines: dict) -> None:
    rng = np.random.default_rng(zlib.crc32(repr(case).encode()))
    a = rng.standard_normal((case.batch, case.m, case.k)).astype(np.float32)
    a *= np.exp2(rng.integers(-5, 5, a.shape)).astype(np.float32)
    bits = int(case.element[1]) if case.element[0] == "f" else 8
    codes = rng.integers(0, 1 << bits, (case.batch, case.k, case.n), np.uint8)
    if not case.special and bits == 8 and case.element != "i8":
        codes[~np.isfinite(codes.view(TYPES[case.element]).astype(np.float32))] = 0
    w = codes.view(TYPES[case.element]).astype(np.float64)
    if case.element == "i8":
        w = w / 64
    arrays = [a, codes]
    names = ["c", "k", "n"] if case.columns_last else ["c", "n", "k"]
    dims = {"c": case.batch, "k": case.k, "n": case.n}
    maps = ["(c, m, k)", f"({', '.join(names)})"]
    types = [f"tensor<{case.batch}x{case.m}x{case.k}xf32>"]
    types.append(f"tensor<{'x'.join(str(dims[x]) for x in names)}x{case.element}>")
    if case.block:
        rows = {"n": case.block[0], "k": case.block[1], "c": 1}
        shape = [-(-dims[x] // rows[x]) for x in ("c", "k", "n")]
        scales = rng.integers(*case.bytes, shape, np.uint8)
        if case.scale == "f8E4M3FN":
            scales = rng.integers(0x30, 0x50, shape, np.uint8)
        if case.invalid:
            scales[0, 0, ::5] = 255
        arrays.append(scales)
        factor = scales.view(TYPES[case.scale]).astype(np.float64)
        for axis, x in ((1, "k"), (2, "n")):
            factor = np.repeat(factor, rows[x], axis).take(range(dims[x]), axis)
        w = w * factor
        maps.append(f"({', '.join(x if rows[x] == 1 else f'{x} floordiv {rows[x]}' for x in names)})")
        types.append(f"tensor<{'x'.join(str(-(-dims[x] // rows[x])) for x in names)}x{case.scale}>")
    if not case.columns_last:
        arrays[1:] = [x.swapaxes(1, 2).copy() for x in arrays[1:]]
    arrays.append(np.zeros((case.batch, case.m, case.n), np.float32))
    maps.append("(c, m, n)")
    types.append(f"tensor<{case.batch}x{case.m}x{case.n}xf32>")
    if case.dynamic:
        for i in (0, -1):
            types[i] = types[i].replace(f"x{case.m}x", "x?x", 1)
    rhs = f"%b scaled %bs : {types[1]}, {types[2]}" if case.block else f"%b : {types[1]}"
    stored = list(types)
    body = []
    if case.packed:
        arrays[1] = arrays[1][..., ::2] | arrays[1][..., 1::2] << 4
        stored[1] = f"tensor<{'x'.join(map(str, arrays[1].shape))}xi8>"
        body.append(f"%b = mx.unpack_elements container = dense %p : {stored[1]} -> {types[1]}")
    values = dict(zip(["%a", "%p" if case.packed else "%b"] + ["%bs"] * bool(case.block) + ["%z"], stored))
    resources = []
    if case.constant:
        for name, array in list(zip(values, arrays))[1:-1]:
            type = values.pop(name)
            body.insert(0, f"{name} = arith.constant dense_resource<{name[1:]}> : {type}")
            resources.append(f'{name[1:]}: "0x04000000{array.tobytes().hex()}"')
        arrays = [arrays[0], arrays[-1]]
    attributes = " {rhs_fraction_bits = 6}" if case.element == "i8" else ""
    program = folder / "few.mlir"
    program.write_text(
        f"func.func @main({', '.join(f'{x}: {t}' for x, t in values.items())}) -> {types[-1]} {{\n"
        + "".join(f"  {line}\n" for line in body)
        + f"  %0 = mx.contract indexing_maps = [{', '.join(f'affine_map<(c, m, n, k) -> {x}>' for x in maps)}]{attributes}\n"
        f"    lhs(%a : {types[0]}) rhs({rhs}) outs(%z : {types[-1]}) -> {types[-1]}\n"
        f"  return %0 : {types[-1]}\n}}\n"
        f"{{-# dialect_resources: {{ builtin: {{ {', '.join(resources)} }} }} #-}}\n"
    )
    found = mx_run("mx-run", program, arrays, 1).outputs[0]
    with np.errstate(invalid="ignore", over="ignore"):
        exact = np.einsum("cmk,ckn->cmn", a.astype(np.float64), w)
        bound = np.einsum("cmk,ckn->cmn", abs(a).astype(np.float64), abs(w)) * case.k * 2.0**-23
        expected = exact.astype(np.float32)
        same = (found == expected) | (np.isnan(found) & np.isnan(expected))
        near = abs(found - exact) <= bound + 2.0**-149
    wrong = ~(same | near)
    assert not wrong.any(), f"{case}: {wrong.sum()} of {wrong.size} wrong, {found[wrong][:3]} for {exact[wrong][:3]}"
    assert case.special == (not np.isfinite(exact).all()), case
    for cpu, machine in machines.items():
        other = machine.run(program, arrays, 1)[0]
        same = (found == other) | (np.isnan(found) & np.isnan(other))
        assert same.all(), f"{case}: {(~same).sum()} of {same.size} differ with {cpu}"


CASES = [
    Case(1, 48, 96, "f8E4M3FN"),
    Case(1, 37, 80, "f8E4M3FN", columns_last=False),
    Case(6, 16, 2100, "f8E4M3FN", columns_last=False),
    Case(3, 64, 80, "f8E5M2", batch=2),
    Case(2, 33, 100, "f8E5M2", batch=3, columns_last=False),
    Case(1, 40, 70, "i8"),
    Case(4, 32, 64, "i8", columns_last=False),
    Case(1, 256, 256, "f8E4M3FN", block=(128, 128), columns_last=False),
    Case(2, 200, 300, "f8E4M3FN", block=(128, 128)),
    # Blocks narrower than a tile, which takes a panel, and one for all of the sum.
    Case(1, 64, 64, "f8E4M3FN", block=(4, 32)),
    # Scales of as many columns as the tiles of some CPUs have, and of more.
    *(Case(1, 96, 128, e, block=(n, 32)) for e in ("f8E4M3FN", "i8", "f4E2M1FN") for n in (8, 16)),
    Case(1, 64, 64, "f8E4M3FN", block=(1, 64)),
    Case(1, 48, 64, "f8E4M3FN", block=(1, 16), scale="f8E4M3FN"),
    # Odd blocks, which pairs of products do not fit, take a panel.
    Case(1, 40, 64, "f8E4M3FN", block=(1, 1)),
    Case(2, 40, 65, "f8E4M3FN", block=(1, 3), columns_last=False),
    Case(7, 40, 66, "f8E5M2", block=(1, 1)),
    Case(1, 48, 64, "f8E4M3FN", block=None),
    Case(1, 300, 64, "f8E4M3FN", special=True, columns_last=False),
    Case(2, 300, 64, "f8E5M2", special=True),
    Case(2, 48, 70, "f8E4M3FN", bytes=(0, 20)),
    Case(2, 48, 70, "f8E4M3FN", invalid=True, special=True, columns_last=False),
    # In order: sums of several pieces, the last one short, and rows of all numbers.
    Case(1, 37, 2080, "f8E4M3FN", columns_last=False, batch=2),
    Case(3, 9, 4128, "f8E5M2", columns_last=False),
    Case(8, 40, 12320, "i8", columns_last=False),
    *(Case(m, 11, 96, "f8E4M3FN", columns_last=False) for m in range(1, 9)),
    Case(2, 300, 96, "f8E4M3FN", special=True, columns_last=False),
    Case(1, 40, 80, "f8E4M3FN", block=(1, 16), scale="f8E4M3FN", columns_last=False),
    Case(2, 40, 96, "f8E5M2", block=(1, 32), columns_last=False, bytes=(0, 256), special=True),
    Case(3, 7, 96, "f8E4M3FN", block=None, columns_last=False),
    Case(5, 70, 96, "f8E4M3FN", columns_last=False, dynamic=True),
    Case(12, 70, 96, "i8", columns_last=False, dynamic=True),
    # Columns that some CPUs' panels divide, and others' do not.
    Case(1, 48, 96, "f8E4M3FN", constant=True, columns_last=False),
    Case(2, 16, 96, "f4E2M1FN", constant=True, columns_last=False),
    Case(1, 40, 48, "f8E4M3FN", block=None, columns_last=False),
    *(
        Case(m, n, 100, f, constant=True, columns_last=last)
        for m, n, f in ((1, 40, "f4E2M1FN"), (1, 48, "f4E2M1FN"), (1, 64, "f4E2M1FN"), (2, 48, "f6E2M3FN"))
        for last in (False, True)
    ),
    Case(1, 48, 100, "f4E2M1FN", block=None, constant=True, columns_last=False),
    Case(1, 128, 96, "f4E2M1FN", packed=True, constant=True, columns_last=False),
    Case(6, 48, 96, "f8E4M3FN", columns_last=False),
    # Elements of 4 and 6 bits, in bytes of their own, packed, and constant.
    *(Case(m, 37, 160, f, columns_last=False) for f in ("f4E2M1FN", "f6E3M2FN", "f6E2M3FN") for m in (1, 4)),
    *(Case(m, 64, 160, f, constant=c) for f in ("f4E2M1FN", "f6E3M2FN", "f6E2M3FN") for m in (1, 4) for c in (False, True)),
    Case(1, 37, 160, "f4E2M1FN", packed=True, columns_last=False),
    Case(2, 64, 2112, "f4E2M1FN", packed=True, columns_last=False, batch=2),
    Case(1, 64, 160, "f4E2M1FN", packed=True),
    Case(6, 96, 272, "f4E2M1FN", packed=True, batch=3),
    Case(1, 48, 160, "f4E2M1FN", packed=True),
    Case(2, 64, 70, "f4E2M1FN", packed=True, block=(1, 16), scale="f8E4M3FN"),
    Case(2, 64, 64, "f4E2M1FN", packed=True, block=(1, 16), scale="f8E4M3FN", columns_last=False),
    Case(2, 256, 128, "f4E2M1FN", packed=True, block=(128, 128)),
    Case(1, 64, 64, "f4E2M1FN", packed=True, block=None),
    Case(1, 64, 160, "f4E2M1FN", constant=True, columns_last=False, dynamic=True),
    # The last of an odd sum after pairs of rows.
    *(Case(1, 128, k, "f4E2M1FN", packed=True, constant=True) for k in (31, 127, 301)),
    Case(3, 128, 127, "f4E2M1FN", packed=True, constant=True),
    # Constant scales that are ordinary, just so, and just not.
    *(
        Case(m, 128, 96, f, constant=True, columns_last=False, bytes=b)
        for m, f in ((1, "f4E2M1FN"), (2, "f8E4M3FN"))
        for b in ((86, 88), (87, 88), (167, 168), (167, 169), (0, 1), (0, 90))
    ),
    Case(2, 128, 96, "f8E4M3FN", constant=True, columns_last=False, invalid=True, special=True),
    Case(9, 64, 160, "f4E2M1FN", constant=True, columns_last=False, dynamic=True),
    Case(1, 64, 160, "f4E2M1FN", packed=True, bytes=(0, 60)),
]
folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
machines = {cpu: get_machine(cpu, folder) for cpu in sys.argv[2:]}
for case in CASES:
    run(folder, case, machines)
print(f"{len(CASES)} contractions")
