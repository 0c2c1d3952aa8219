# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs contractions with code for a CPU, given by its name: their results are those of
float64 and, since a sum has one order whatever the vectors' width, the bits that code
for this machine gives."""

import pathlib
import sys

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "Inputs"))
from contract_case import Case
from contract_formats import FORMATS
from contract_operands import decode
from cross import get_machine

from examples.common.mx_run import mx_run

CASES = [
    ("matmul", "mxfp8", (33, 17, 200)),
    ("matmul", "mxfp4", (7, 40, 64)),
    ("matmul", "mxfp8", (15, 20, 4096)),
    ("matmul_transpose_b", "mxfp8", (15, 20, 1024)),
    ("matmul", "mxfp4 weights, mxfp8 activations", (15, 20, 1024)),
    ("matmul", "mxint8", (33, 1, 31)),
    ("matmul", "nvfp4", (8, 16, 64)),
    ("matmul", "deepseek_fp8", (7, 140, 300)),
    ("matmul", "mxfp8 weights only", (15, 37, 200)),
    ("matmul", "mxfp4 weights only", (33, 17, 200)),
    ("matmul", "mxint8 weights only", (2, 64, 2048)),
    ("matmul", "no scales", (7, 40, 100)),
    ("matmul", "mxfp6 weights, f32 activations", (3, 20, 100)),
    ("matmul_transpose_b", "mxfp4 weights, f32 activations", (1, 40, 200)),
    ("matmul_transpose_b", "mxfp8 weights only", (33, 17, 200)),
    ("matmul_transpose_b", "mxfp8 weights only", (3, 37, 200)),
    ("batch_matmul", "mxint8 weights only", (7, 40, 100)),
    ("matvec", "mxfp8 weights only", (33, 0, 100)),
    ("conv_nhwc_hwcf", "mxfp8 weights only", (7, 40, 40)),
]


def main():
    np.seterr(all="ignore")  # Inf and NaN are among the inputs.
    folder, cpu = pathlib.Path(sys.argv[1]), sys.argv[2]
    folder.mkdir(parents=True, exist_ok=True)
    machine = get_machine(cpu, folder)
    failures = 0
    for number, (form, name, size) in enumerate(CASES):
        case = Case(np.random.default_rng(number), form, FORMATS[name], size, dynamic=number % 2 == 0)
        model = folder / "m.mlir"
        model.write_text(case.text())
        results = [machine.run(model, case.arrays, 1)[0], mx_run("mx-run", model, case.arrays, 1).outputs[0]]
        found, here = (decode(y, case.result) for y in results)
        error = case.expected.errors(found)
        different = (results[0].view(np.uint8) != results[1].view(np.uint8)).reshape(*found.shape, -1).any(axis=-1)
        different &= ~(np.isnan(found) & np.isnan(here))
        if different.any():
            error += f" {different.sum()} of {different.size} differ from code for this machine"
        if error:
            failures += 1
            print(f"{form} {name} {size}: {error}")
    print(f"{len(CASES)} contractions for {cpu}, {failures} failures")
    return int(failures != 0)


if __name__ == "__main__":
    sys.exit(main())
