# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python
# RUN: %python %s %t
"""Arithmetic on bf16 has the bits of f32's, rounded once per op, on both targets: on
all bf16, on pairs of special values and random ones, in chains and matmuls. Results
of f64 are rounded once. Emitted code calls no function of a compiler's library."""

import itertools
import pathlib
import re
import subprocess
import sys

import ml_dtypes
import numpy as np

from examples.common.mx_run import mx_run

BF16 = ml_dtypes.bfloat16
np.seterr(all="ignore")
folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
rng = np.random.default_rng(11)


def get_codes(x):
    """The codes of f32 rounded to bf16."""
    return x.astype(BF16).view(np.uint16)


def run(name, text, arrays, count, target):
    """Results by mx-run; the code calls no function that a compiler would bring."""
    model = folder / f"{name}.mlir"
    model.write_text(text)
    command = ["mx-run", str(model), "--emit=asm", f"--target={target}"]
    code = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert not re.findall(r"__(?:trunc|extend)\w+", code), (name, target)
    return mx_run("mx-run", model, arrays, count, f"--target={target}").outputs


def is_same(x, y):
    """Whether codes of bf16, or other floats, have the same bits, or are NaN."""
    nan = [(a & 0x7FFF) > 0x7F80 if a.dtype == np.uint16 else np.isnan(a) for a in (x, y)]
    return (x.view(f"u{x.itemsize}") == y.view(f"u{y.itemsize}")) | (nan[0] & nan[1])


def elementwise(kind, arguments, ops):
    """A function of vectors of `kind`: each op takes %x and %y of the type TYPE, and says of
    what its result is where that is another."""
    t = f"tensor<?x{kind}>"
    lines, results = [], []
    for index, (op, result) in enumerate(ops):
        lines.append(f"  %r{index} = {op.replace('TYPE', t)}")
        results.append(f"tensor<?x{result or kind}>")
    names = ", ".join(f"%r{index}" for index in range(len(ops)))
    inputs = ", ".join(f"%{name}: {t}" for name in arguments)
    body = "\n".join(lines)
    types = ", ".join(results)
    return f"func.func @main({inputs}) -> ({types}) {{\n{body}\n  return {names} : {types}\n}}\n"


UNARY = {
    "arith.negf": np.negative,
    "math.absf": np.abs,
    "math.ceil": np.ceil,
    "math.floor": np.floor,
    "math.roundeven": np.rint,
    "math.trunc": np.trunc,
    "math.sqrt": np.sqrt,
    # Compared with f32's of mx, rounded.
    **dict.fromkeys(f"math.{name}" for name in "atan cbrt cos exp exp2 expm1 log log1p log2 rsqrt sin sinh tanh round".split()),
}
BINARY = {
    "arith.addf": np.add,
    "arith.subf": np.subtract,
    "arith.mulf": np.multiply,
    "arith.divf": np.divide,
    "arith.remf": np.fmod,
    "arith.maximumf": np.maximum,
    "arith.minimumf": np.minimum,
    "math.copysign": np.copysign,
    "math.powf": None,
    "math.atan2": None,
    "math.fma": None,
}


def compare_functions(functions, arguments, values, target):
    operands = ", ".join(f"%{argument}" for argument in arguments)
    ops = [(f"{op} {operands + ', %x' * (op == 'math.fma')} : TYPE", None) for op in functions]
    count = len(ops)
    wide = [x.astype(np.float32) for x in values]
    name = "unary" if len(values) == 1 else "binary"
    found = run(name, elementwise("bf16", arguments, ops), [x.view(np.uint16) for x in values], count, target)
    in_f32 = run(name + "-f32", elementwise("f32", arguments, ops), wide, count, target)
    for (op, function), x, y in zip(functions.items(), found, in_f32):
        expected = get_codes(function(*wide) if function else y)
        same = is_same(x, expected)
        if "imum" in op:  # For numpy either zero is the larger one.
            same |= (x | expected == 0x8000) & is_same(x, get_codes(y))
        assert same.all(), (op, target, [v[~same][:3] for v in values], x[~same][:3], expected[~same][:3])


def check_functions(target):
    every = np.arange(1 << 16, dtype=np.uint16).view(BF16)
    compare_functions(UNARY, "x", [every], target)
    special = [0.0, 1.0, 0.5, 1.5, 3.0, np.inf, np.nan, 2.0**-133, 2.0**-126, 3.38e38, 127 * 2.0**-133]
    special = np.array(special + [-x for x in special], BF16)
    pairs = np.array(list(itertools.product(special, special))).T
    random = rng.integers(0, 1 << 16, (2, 1 << 17)).astype(np.uint16).view(BF16)
    # Of magnitudes so near that sums are ties.
    near = (rng.integers(0, 1 << 8, (2, 1 << 16)) * 2.0 ** rng.integers(-6, 6, (2, 1 << 16))).astype(BF16)
    x, y = np.concatenate([pairs, random, near], axis=1)
    compare_functions(BINARY, "xy", [x, y], target)
    ops = [
        ("arith.cmpf olt, %x, %y : TYPE", "i1"),
        ("arith.cmpf uno, %x, %y : TYPE", "i1"),
        ("arith.extf %x : TYPE to tensor<?xf64>", "f64"),
    ]
    inputs = [x.view(np.uint16), y.view(np.uint16)]
    less, unordered, wide = run("others", elementwise("bf16", "xy", ops), inputs, len(ops), target)
    x, y = x.astype(np.float64), y.astype(np.float64)
    assert (less == (x < y)).all() and (unordered == (np.isnan(x) | np.isnan(y))).all(), target
    assert is_same(wide, x).all(), target


def check_integers(target):
    x = rng.integers(-(1 << 30), 1 << 30, 4096, dtype=np.int32) >> rng.integers(0, 31, 4096)
    x = x.astype(np.int32)
    ops = [("arith.sitofp %x : TYPE to tensor<?xbf16>", "bf16"), ("arith.uitofp %x : TYPE to tensor<?xbf16>", "bf16")]
    found = run("integers", elementwise("i32", "x", ops), [x], 2, target)
    assert is_same(found[0], get_codes(x.astype(np.float32))).all(), target
    assert is_same(found[1], get_codes(x.view(np.uint32).astype(np.float32))).all(), target
    y = x.astype(BF16)
    ops = [("arith.fptosi %x : TYPE to tensor<?xi32>", "i32")]
    found = run("to-integers", elementwise("bf16", "x", ops), [y.view(np.uint16)], 1, target)
    assert (found[0] == y.astype(np.float32).astype(np.int32)).all(), target


def round_f64(x):
    """The bf16 nearest to f64, ties to even: the distance to what lies halfway is exact."""
    toward_zero = x.astype(np.float32)
    toward_zero = np.where(np.abs(toward_zero) > np.abs(x), np.nextafter(toward_zero, np.float32(0)), toward_zero)
    low = (toward_zero.view(np.uint32) >> 16).astype(np.uint32)
    value = (low << 16).view(np.float32).astype(np.float64)
    above = ((low + 1) << 16).view(np.float32).astype(np.float64)
    above = np.where(np.isinf(above), np.copysign(2.0**128, above), above)
    half = np.abs((value + above) / 2)
    up = (np.abs(x) > half) | ((np.abs(x) == half) & (low & 1 == 1))
    return (low + up).astype(np.uint16)


def check_f64(target):
    codes = np.arange(0, 1 << 16, 3, dtype=np.uint16)
    low = (codes.astype(np.uint32) << 16).view(np.float32)
    low = low[np.isfinite(low)].astype(np.float64)
    high = np.nextafter(low.astype(BF16), np.array(np.inf, BF16)).astype(np.float64)
    half = np.where(np.isinf(high), low, (low + high) / 2)
    x = np.concatenate([low, half, np.nextafter(half, np.inf), np.nextafter(half, -np.inf), half * (1 + 2.0**-40), [1e300, -1e300, 1e-300, 2.0**-135]])
    # Ties of f16, and what is a tie after rounding to f32.
    h = rng.standard_normal(4096).astype(np.float16).astype(np.float64)
    x = np.concatenate([x, h * (1 + 2.0**-11), h * (1 + 2.0**-11 + 2.0**-40), h * (1 + 2.0**-11 - 2.0**-40)])
    ops = [(f"arith.truncf %x : TYPE to tensor<?x{kind}>", kind) for kind in ("bf16", "f16")]
    bf16, f16 = run("f64", elementwise("f64", "x", ops), [x], 2, target)
    assert (bf16 == round_f64(x)).all(), target
    assert (f16.view(np.uint16) == x.astype(np.float16).view(np.uint16)).all(), target
    special = np.array([np.nan, np.inf, -np.inf, -0.0])
    bf16, f16 = run("f64", elementwise("f64", "x", ops), [special], 2, target)
    assert is_same(bf16, get_codes(special.astype(np.float32))).all(), target
    assert is_same(f16.astype(np.float64), special).all(), target


CHAIN = """
func.func @main(%x: tensor<?xbf16>, %y: tensor<?xbf16>) -> tensor<?xbf16> {
  %0 = arith.addf %x, %y : tensor<?xbf16>
  %1 = arith.subf %0, %x : tensor<?xbf16>
  %2 = arith.mulf %1, %1 : tensor<?xbf16>
  return %2 : tensor<?xbf16>
}
"""

MATMUL = """
func.func @main(%a: tensor<?x?xbf16>, %b: tensor<?x?xbf16>, %c: tensor<?x?xbf16>) -> tensor<?x?xbf16> {
  %y = linalg.matmul ins(%a, %b : tensor<?x?xbf16>, tensor<?x?xbf16>) outs(%c : tensor<?x?xbf16>) -> tensor<?x?xbf16>
  return %y : tensor<?x?xbf16>
}
"""


def check_programs(target):
    x, y = rng.standard_normal((2, 4096)).astype(BF16)
    found = run("chain", CHAIN, [x.view(np.uint16), y.view(np.uint16)], 1, target)[0]
    difference = (x + y) - x
    assert is_same(found, (difference * difference).view(np.uint16)).all(), target
    for m, k, n in ((3, 33, 5), (1, 1, 1), (8, 64, 40), (0, 32, 8), (8, 0, 8)):
        # Integers, whose sums are exact in any order.
        a, b, c = (rng.integers(-2, 3, shape).astype(BF16) for shape in ((m, k), (k, n), (m, n)))
        found = run("matmul", MATMUL, [v.view(np.uint16) for v in (a, b, c)], 1, target)[0]
        expected = a.astype(np.float32) @ b.astype(np.float32) + c.astype(np.float32)
        assert is_same(found, get_codes(expected)).all(), (m, k, n, target)


for target in ("cpu", "reference"):
    for check in (check_functions, check_integers, check_f64, check_programs):
        check(target)
