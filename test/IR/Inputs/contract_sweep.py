# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Contractions in every format and form against float64, however they are run."""

import pathlib

import numpy as np

from contract_case import Case
from contract_formats import FORMATS
from contract_forms import FORMS
from contract_operands import decode

# m, n, k; with m = 0 or k = 0 the result is empty or init.
SIZES = [(1, 20, 100), (7, 5, 40), (33, 17, 200), (8, 16, 64), (33, 1, 31), (0, 3, 40), (5, 4, 0)]


def pairs():
    for number, form in enumerate(FORMS):
        # Every form in two formats and every format in two forms, at least.
        names = list(FORMATS)
        for name in dict.fromkeys((names[number % len(names)], names[(number + 7) % len(names)])):
            yield form, name
    for name in FORMATS:
        yield "matmul", name


def sweep(folder: pathlib.Path, run, sizes=SIZES) -> int:
    """The exit status. `run(number, name, model, case)`, of the format `name`, gives, for each way that it runs `model`,
    a name, the result and the text of what else is wrong with that."""
    np.seterr(all="ignore")  # Inf and NaN are among the inputs.
    folder.mkdir(parents=True, exist_ok=True)
    model = folder / "m.mlir"
    failures, runs, seen = 0, 0, np.zeros(3, dtype=int)
    for number, (form, name) in enumerate(pairs()):
        size = sizes[number % len(sizes)]
        if name == "deepseek_fp8" and form != "conv_nhwc_hwcf":
            size = (7, 140, 300)
        case = Case(np.random.default_rng(number), form, FORMATS[name], size, dynamic=number % 2 == 0)
        model.write_text(case.text())
        exact = case.expected.exact
        seen += [np.isfinite(exact).sum(), np.isinf(exact).sum(), np.isnan(exact).sum()]
        for way, found, other in run(number, name, model, case):
            runs += 1
            if error := case.expected.errors(decode(found, case.result)) + other:
                failures += 1
                print(f"{form} {name} {size} by {way}: {error}")
    print(f"{runs} runs, {failures} failures; {seen[0]} finite, {seen[1]} Inf, {seen[2]} NaN")
    return int(failures != 0 or min(seen) < 200)
