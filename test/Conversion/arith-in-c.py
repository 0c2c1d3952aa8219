# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python, emulated-cortex-a72
# RUN: %python %s %t
"""Every op of arith and math that becomes C99 gives the bits of the LLVM dialect, on
all pairs of special values and on random ones; f16 on all its codes."""

import pathlib
import sys

import ml_dtypes
import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "IR/Inputs"))
sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "Inputs"))
from compilers import get_compiler

SIZE = 2048
rng = np.random.default_rng(5)


def integers(bits):
    """A pair of arrays: all pairs of special values, then random ones."""
    top = 1 << (bits - 1)
    special = np.array([0, 1, 2, 3, top - 1, top, top + 1, 2 * top - 1, 2 * top - 2, 77, 128 % (2 * top), 255 % (2 * top)])
    if bits > 8:
        special = np.append(special, [255, 256, 32767 % (2 * top), 32768 % (2 * top)])
    special = special.astype(np.uint64)
    x, y = (a.ravel() for a in np.meshgrid(special, special))
    rest = rng.integers(0, 1 << 63, (2, SIZE - len(x)), dtype=np.uint64) * np.uint64(2) + np.uint64(1)
    rest >>= rng.integers(0, 64, rest.shape).astype(np.uint64)
    return [np.concatenate(pair).astype(f"uint{bits}") for pair in zip((x, y), rest)]


def floats(dtype):
    info = ml_dtypes.finfo(dtype)
    special = [0.0, -0.0, 1.0, -1.0, 0.5, -1.5, 2.5, np.nan, np.inf, -np.inf, info.max, info.min]
    special += [info.tiny, -info.tiny, info.smallest_subnormal, 3.0, 65504.0, 65519.0, 65520.0, 2.0**-24, 2.0**-25, 3 * 2.0**-25]
    x, y = (a.ravel() for a in np.meshgrid(special, special))
    rest = rng.standard_normal((2, SIZE - len(x))) * 2.0 ** rng.integers(-40, 40, (2, SIZE - len(x)))
    return [np.concatenate(pair).astype(dtype) for pair in zip((x, y), rest)]


class Program:
    """A function of two vectors of `element`, that returns what its lines name."""

    def __init__(self, element):
        self.element, self.lines, self.values = element, [], []

    def type(self, element=None):
        return f"tensor<{SIZE}x{element or self.element}>"

    def op(self, text, result=None, keep=True):
        """Adds an op; %x and %y are the arguments."""
        name = f"%v{len(self.lines)}"
        self.lines.append(f"  {name} = {text}")
        if keep:
            self.values.append((name, self.type(result)))
        return name

    def text(self):
        names, types = (", ".join(column) for column in zip(*self.values))
        body = "\n".join(self.lines)
        arguments = f"%x: {self.type()}, %y: {self.type()}"
        return f"func.func @main({arguments}) -> ({types}) {{\n{body}\n  return {names} : {types}\n}}\n"


def integer_program(bits):
    p = Program(f"i{bits}")
    t, mask = p.type(), bits - 1
    for op in ("addi", "subi", "muli", "andi", "ori", "xori", "maxsi", "maxui", "minsi", "minui"):
        p.op(f"arith.{op} %x, %y : {t}")
    low = p.op(f"arith.constant dense<{mask}> : {t}", keep=False)
    amount = p.op(f"arith.andi %y, {low} : {t}", keep=False)
    for op in ("shli", "shrui", "shrsi"):
        p.op(f"arith.{op} %x, {amount} : {t}")
    # Divisors that are neither 0 nor -1.
    three = p.op(f"arith.constant dense<3> : {t}", keep=False)
    shifted = p.op(f"arith.shrui %y, {three} : {t}", keep=False)
    divisor = p.op(f"arith.ori {shifted}, {p.op(f'arith.constant dense<1> : {t}', keep=False)} : {t}", keep=False)
    for op in ("divui", "divsi", "remui", "remsi"):
        p.op(f"arith.{op} %x, {divisor} : {t}")
    for predicate in ("eq", "ne", "slt", "sle", "sgt", "sge", "ult", "ule", "ugt", "uge"):
        c = p.op(f"arith.cmpi {predicate}, %x, %y : {t}", "i1")
    i1 = p.type("i1")
    d = p.op(f"arith.cmpi ult, %x, {three} : {t}", keep=False)
    for op in ("andi", "ori", "xori"):
        p.op(f"arith.{op} {c}, {d} : {i1}", "i1")
    p.op(f"arith.select {d}, %x, %y : {i1}, {t}")
    for op in ("extui", "extsi"):
        p.op(f"arith.{op} {c} : {i1} to {t}")
    p.op(f"arith.trunci %x : {t} to {i1}", "i1")
    for wider in (w for w in (16, 32, 64) if w > bits):
        for op in ("extui", "extsi"):
            p.op(f"arith.{op} %x : {t} to {p.type(f'i{wider}')}", f"i{wider}")
    for narrower in (w for w in (8, 16, 32) if w < bits):
        p.op(f"arith.trunci %x : {t} to {p.type(f'i{narrower}')}", f"i{narrower}")
    # Widths that C has not.
    for odd in (4, 6):
        cut = p.op(f"arith.trunci %x : {t} to {p.type(f'i{odd}')}", keep=False)
        more = p.op(f"arith.addi {cut}, {cut} : {p.type(f'i{odd}')}", keep=False)
        for value in (cut, more):
            for op in ("extui", "extsi"):
                p.op(f"arith.{op} {value} : {p.type(f'i{odd}')} to {t}")
    for kind in ("f32", "f64"):
        p.op(f"arith.sitofp %x : {t} to {p.type(kind)}", kind)
        p.op(f"arith.uitofp %x : {t} to {p.type(kind)}", kind)
    if bits == 16:
        p.op(f"arith.bitcast %x : {t} to {p.type('bf16')}", "bf16")
    if bits in (32, 64):
        whole = p.type("index")
        index = p.op(f"arith.index_cast %x : {t} to {whole}", keep=False)
        two = p.op(f"arith.constant dense<2> : {whole}", keep=False)
        half = p.op(f"arith.shrui {index}, {two} : {whole}", keep=False)
        p.op(f"arith.index_cast {half} : {whole} to {t}")
    return p


def float_program(kind):
    p = Program(kind)
    t = p.type()
    for op in ("addf", "subf", "mulf", "divf", "maximumf", "minimumf", "remf"):
        p.op(f"arith.{op} %x, %y : {t}")
    p.op(f"arith.negf %x : {t}")
    predicates = "oeq ogt oge olt ole one ord ueq ugt uge ult ule une uno".split()
    for predicate in predicates:
        p.op(f"arith.cmpf {predicate}, %x, %y : {t}", "i1")
    for op in ("absf", "ceil", "floor", "roundeven", "sqrt", "trunc", "round"):
        p.op(f"math.{op} %x : {t}")
    p.op(f"math.copysign %x, %y : {t}")
    p.op(f"math.fma %x, %y, %x : {t}")
    bits = {"f32": "i32", "f64": "i64"}.get(kind, "i16")
    p.op(f"arith.bitcast %x : {t} to {p.type(bits)}", bits)
    small = p.op(f"arith.constant dense<120.0> : {t}", keep=False)
    least = p.op(f"arith.constant dense<0.0> : {t}", keep=False)
    clamped = p.op(f"arith.minimumf {p.op(f'arith.maximumf %x, {least} : {t}', keep=False)}, {small} : {t}", keep=False)
    # NaN has no integer.
    number = p.op(f"arith.cmpf ord, {clamped}, {clamped} : {t}", keep=False)
    finite = p.op(f"arith.select {number}, {clamped}, {least} : {p.type('i1')}, {t}", keep=False)
    for width in (8, 32, 64):
        for op in ("fptosi", "fptoui"):
            p.op(f"arith.{op} {finite} : {t} to {p.type(f'i{width}')}", f"i{width}")
    if bits == "i16":
        p.op(f"arith.extf %x : {t} to {p.type('f32')}", "f32")
        for op in ("exp", "tanh", "log"):
            p.op(f"math.{op} %x : {t}")
        for width in (8, 32, 64):
            whole = p.op(f"arith.fptosi {finite} : {t} to {p.type(f'i{width}')}", f"i{width}")
            p.op(f"arith.sitofp {whole} : {p.type(f'i{width}')} to {t}")
    elif kind == "f32":
        p.op(f"arith.extf %x : {t} to {p.type('f64')}", "f64")
        for other in ("f16", "bf16"):
            p.op(f"arith.truncf %x : {t} to {p.type(other)}", other)
        for op in ("exp", "erf", "tanh", "rsqrt"):
            p.op(f"math.{op} %x : {t}")
    else:
        for other in ("f32", "f16", "bf16"):
            p.op(f"arith.truncf %x : {t} to {p.type(other)}", other)
    return p


def half_program():
    p = Program("i16")
    for value in ("%x", "%y"):
        half = p.op(f"arith.bitcast {value} : {p.type()} to {p.type('f16')}", keep=False)
        p.op(f"arith.extf {half} : {p.type('f16')} to {p.type('f32')}", "f32")
        p.op(f"arith.extf {half} : {p.type('f16')} to {p.type('f64')}", "f64")
    return p


def main():
    np.seterr(all="ignore")
    folder = pathlib.Path(sys.argv[1])
    compilers = [get_compiler(name, folder / name, "-O2") for name in ("gcc", "aarch64-gcc")]
    programs = [(integer_program(bits), [integers(bits)]) for bits in (8, 16, 32, 64)]
    programs += [(float_program(kind), [floats(t)]) for kind, t in (("f32", np.float32), ("f64", np.float64))]
    programs.append((float_program("f16"), [floats(np.float16)]))
    programs.append((float_program("bf16"), [[x.view(np.uint16) for x in floats(ml_dtypes.bfloat16)]]))
    codes = np.arange(1 << 16, dtype=np.uint16).reshape(-1, 2, SIZE)
    programs.append((half_program(), list(codes)))
    failures, compared = 0, 0
    for program, pairs in programs:
        model = folder / "model.mlir"
        model.write_text(program.text())
        for pair in pairs:
            expected = run_here(model, list(pair), len(program.values))
            for compiler in compilers if len(pairs) == 1 else compilers[:1]:
                found = compiler.run(model, list(pair))
                for (name, type_), x, y in zip(program.values, expected, found):
                    compared += 1
                    x = x.view(y.dtype)
                    # The sign and the bits of a NaN are nobody's promise.
                    nan = [np.isnan(a) if a.dtype.kind == "f" else is_nan_code(a, type_) for a in (x, y)]
                    wrong = (x.view(f"u{x.itemsize}") != y.view(f"u{y.itemsize}")) & ~(nan[0] & nan[1])
                    if wrong.any():
                        failures += 1
                        line = program.lines[int(name[2:])]
                        at = np.flatnonzero(wrong)[0]
                        print(f"{compiler.compiler}: {line}: {wrong.sum()} differ, at {pair[0][at]}, {pair[1][at]}: expected {x[at]}, found {y[at]}")
    print(f"{compared} results compared, {failures} failures")
    return int(failures != 0)


def is_nan_code(codes, type_):
    """Where codes of f16 and bf16 are NaN."""
    largest = {"f16": 0x7C00, "bf16": 0x7F80}.get(type_[:-1].split("x")[1])
    return np.zeros(codes.shape, bool) if largest is None else (codes & 0x7FFF) > largest


def run_here(model, arrays, count):
    """The results of --target=reference."""
    from examples.common.mx_run import mx_run

    return mx_run("mx-run", model, arrays, count, "--target=reference").outputs


if __name__ == "__main__":
    sys.exit(main())
