# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python
# RUN: %python %s %t
"""mx.contract against float64, in every format and form, on both targets.

The bound is that of IEEE f32 accumulation, (2^-20 + ceil(K/32) * 2^-24) *
sum|a * b|; NaN and Inf stand in the same places.
"""

import pathlib
import subprocess
import sys

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).parent / "Inputs"))
from contract_case import Case
from contract_formats import FORMATS
from contract_forms import FORMS
from contract_operands import decode

# m, n, k; with m = 0 or k = 0 the result is empty or init.
SIZES = [(1, 20, 100), (7, 5, 40), (33, 17, 200), (8, 16, 64), (33, 1, 31), (0, 3, 40), (5, 4, 0), (2, 3, 4096)]


def cases():
    number = 0
    for turn, form in enumerate(FORMS):
        for name, formats in FORMATS.items():
            # Every pair of form and format in one size, matmul in all.
            picked = SIZES if form == "matmul" else [SIZES[(number + turn) % len(SIZES)]]
            if name == "deepseek_fp8" and form != "conv_nhwc_hwcf":
                picked = [(7, 140, 300)]
            for size in picked:
                number += 1
                rng = np.random.default_rng(number)
                case = Case(rng, form, formats, size, dynamic=(number + turn) % 2 == 0)
                yield f"{form} {name} {size} {'dynamic' if case.dynamic else 'static'}", case
    # Operands large enough to be decoded in parts, along sums with blocks.
    for name, formats in FORMATS.items():
        number += 1
        case = Case(np.random.default_rng(number), "packed", formats, (33, 17, 200), dynamic=False)
        yield f"packed {name} in parts", case


def main():
    np.seterr(all="ignore")  # Inf and NaN are among the inputs.
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    failures, runs, seen = 0, 0, np.zeros(4, dtype=int)
    for name, case in cases():
        model = folder / "m.mlir"
        model.write_text(case.text())
        command = ["mx-run", str(model), f"--output={folder / 'y.npy'}"]
        for index, array in enumerate(case.arrays):
            np.save(folder / f"x{index}.npy", array)
            command.append(f"--input={folder / f'x{index}.npy'}")
        for target in ("cpu", "reference"):
            runs += 1
            run = subprocess.run([*command, f"--target={target}"], capture_output=True, text=True)
            error = run.stderr or case.expected.errors(decode(np.load(folder / "y.npy"), case.result))
            if run.returncode or error:
                failures += 1
                print(f"{name} on {target}: {error}")
        exact = case.expected.exact
        seen += [np.isfinite(exact).sum(), np.isinf(exact).sum(), np.isnan(exact).sum(), case.expected.unclear.sum()]
    finite, infinite, nan, unclear = seen
    print(f"{runs} runs, {failures} failures; {finite} finite, {infinite} Inf, {nan} NaN, {unclear} unclear")
    return int(failures != 0 or min(finite, infinite, nan) < 1000 or unclear > 0.01 * finite)


if __name__ == "__main__":
    sys.exit(main())
