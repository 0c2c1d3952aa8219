# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python, emulated-cortex-a72, emulated-sifive-x280
# RUN: %python %s %t
"""mx.contract as C99: against float64 in every format and form, with every compiler,
without a warning; every compiler gives the bits of --target=reference."""

import pathlib
import sys

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "IR/Inputs"))
sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "Inputs"))
from c_source import shape_options
from compilers import get_compiler
from contract_case import Case
from contract_formats import FORMATS
from contract_forms import FORMS
from contract_on_cpu import run_here
from contract_operands import decode

# m, n, k; with m = 0 or k = 0 the result is empty or init.
SIZES = [(1, 20, 100), (7, 5, 40), (33, 17, 200), (8, 16, 64), (33, 1, 31), (0, 3, 40), (5, 4, 0)]
COMPILERS = ["gcc", "clang", "aarch64-gcc", "riscv64-gcc"]


def cases():
    for number, form in enumerate(FORMS):
        # Every form in two formats and every format in two forms, at least.
        names = list(FORMATS)
        for name in dict.fromkeys((names[number % len(names)], names[(number + 7) % len(names)])):
            yield form, name
    for name in FORMATS:
        yield "matmul", name


def main():
    np.seterr(all="ignore")  # Inf and NaN are among the inputs.
    folder = pathlib.Path(sys.argv[1])
    compilers = {name: get_compiler(name, folder / name, "-O1") for name in COMPILERS}
    model = folder / "m.mlir"
    failures, runs, seen = 0, 0, np.zeros(3, dtype=int)
    for number, (form, name) in enumerate(cases()):
        size = SIZES[number % len(SIZES)]
        if name == "deepseek_fp8" and form != "conv_nhwc_hwcf":
            size = (7, 140, 300)
        case = Case(np.random.default_rng(number), form, FORMATS[name], size, dynamic=number % 2 == 0)
        model.write_text(case.text())
        expected = run_here(model, case.arrays, "--target=reference")
        exact = case.expected.exact
        seen += [np.isfinite(exact).sum(), np.isinf(exact).sum(), np.isnan(exact).sum()]
        shapes = shape_options(case.arrays) if case.dynamic else []
        # Two compilers for each, so that every one sees every format.
        for compiler in (COMPILERS[number % 4], COMPILERS[(number + 1 + number // 4 % 3) % 4]):
            runs += 1
            (found,) = compilers[compiler].run(model, case.arrays, *shapes)
            values = decode(found.reshape(expected.shape).view(expected.dtype), case.result)
            error = case.expected.errors(values)
            reference = decode(expected, case.result)
            if not np.array_equal(values, reference, equal_nan=True):
                error += " other values than by --target=reference"
            if error:
                failures += 1
                print(f"{form} {name} {size} by {compiler}: {error}")
    print(f"{runs} runs, {failures} failures; {seen[0]} finite, {seen[1]} Inf, {seen[2]} NaN")
    return int(failures != 0 or min(seen) < 200)


if __name__ == "__main__":
    sys.exit(main())
