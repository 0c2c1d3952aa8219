# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python, devices
# RUN: %python %s %t vulkan
# RUN: %python %s %t opencl
"""mx.contract as kernels: against float64 in every format and form, on a device."""

import pathlib
import sys

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "IR/Inputs"))
from contract_case import Case
from contract_formats import FORMATS
from contract_forms import FORMS
from contract_on_cpu import run_here
from contract_operands import decode

# m, n, k; with m = 0 or k = 0 the result is empty or init.
SIZES = [(1, 20, 100), (7, 5, 40), (33, 17, 200), (8, 16, 64), (33, 1, 31), (0, 3, 40), (5, 4, 0), (70, 130, 260)]


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
    folder, target = pathlib.Path(sys.argv[1]), sys.argv[2]
    folder.mkdir(parents=True, exist_ok=True)
    model = folder / "m.mlir"
    failures, runs, seen = 0, 0, np.zeros(3, dtype=int)
    for number, (form, name) in enumerate(cases()):
        size = SIZES[number % len(SIZES)]
        if name == "deepseek_fp8" and form != "conv_nhwc_hwcf":
            size = (7, 140, 300)
        case = Case(np.random.default_rng(number), form, FORMATS[name], size, dynamic=number % 2 == 0)
        model.write_text(case.text())
        exact = case.expected.exact
        seen += [np.isfinite(exact).sum(), np.isinf(exact).sum(), np.isnan(exact).sum()]
        runs += 1
        found = run_here(model, case.arrays, f"--target={target}")
        error = case.expected.errors(decode(found, case.result))
        if error:
            failures += 1
            print(f"{form} {name} {size}: {error}")
    print(f"{runs} runs, {failures} failures; {seen[0]} finite, {seen[1]} Inf, {seen[2]} NaN")
    return int(failures != 0 or min(seen) < 200)


if __name__ == "__main__":
    sys.exit(main())
