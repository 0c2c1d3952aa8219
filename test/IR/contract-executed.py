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
from contract_forms import FORMS
from contract_operands import Format, decode


def mx(element, block=32):
    return Format(element, (("f8E8M0FNU", {"k": block}),), element == "i8")


NVFP4 = Format("f4E2M1FN", (("f8E4M3FN", {"k": 16}), ("f32", {})))
E4M3, E5M2, E2M3, E3M2, E2M1 = "f8E4M3FN", "f8E5M2", "f6E2M3FN", "f6E3M2FN", "f4E2M1FN"
# Name: lhs, rhs, type of the result.
FORMATS = {
    "mxfp8": (mx(E4M3), mx(E4M3), "f32"),
    "mxfp8_e5m2": (mx(E5M2), mx(E5M2), "f32"),
    "mxfp6_e2m3": (mx(E2M3), mx(E2M3), "f32"),
    "mxfp6_e3m2": (mx(E3M2), mx(E3M2), "f32"),
    "mxfp4": (mx(E2M1), mx(E2M1), "f32"),
    "mxint8": (mx("i8"), mx("i8"), "f32"),
    "nvfp4": (NVFP4, NVFP4, "f32"),
    "deepseek_fp8": (
        Format(E4M3, (("f32", {"k": 128}),)),
        Format(E4M3, (("f32", {"k": 128, "n": 128}),)),
        "f32",
    ),
    "mxfp4 weights, mxfp8 activations": (mx(E4M3), mx(E2M1), "f32"),
    "mxint8 weights, e5m2 activations": (mx(E5M2), mx("i8"), "bf16"),
    "mxfp8 weights only": (Format("f32"), mx(E4M3), "f32"),
    "mxfp4 weights only": (Format("bf16"), mx(E2M1), "bf16"),
    "mxint8 weights only": (Format("f16"), mx("i8"), "f16"),
    "blocks of 64 and 32": (mx(E4M3, 64), mx(E3M2), "f32"),
    "blocks of 32 and 128": (mx(E2M3), mx("i8", 128), "f32"),
    "nvfp4 weights, f32 scales of 128": (Format(E5M2, (("f32", {"k": 128}),)), NVFP4, "f16"),
    "plain i8 by tensor and row": (
        Format("i8", (("f32", {}),)),
        Format("i8", (("f32", {"k": 1 << 20}),)),
        "f32",
    ),
    "no scales": (Format(E5M2), Format("bf16"), "f32"),
}
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
