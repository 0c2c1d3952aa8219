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
from contract_operands import decode
from contract_sweep import sweep

from examples.common.mx_run import mx_run

COMPILERS = ["gcc", "clang", "aarch64-gcc", "riscv64-gcc"]


def main():
    folder = pathlib.Path(sys.argv[1])
    compilers = {name: get_compiler(name, folder / name, "-O1") for name in COMPILERS}

    def run(number, name, model, case):
        (expected,) = mx_run("mx-run", model, case.arrays, 1, "--target=reference").outputs
        reference = decode(expected, case.result)
        shapes = shape_options(case.arrays) if case.dynamic else []
        # Two compilers for each, so that every one sees every format.
        for compiler in (COMPILERS[number % 4], COMPILERS[(number + 1 + number // 4 % 3) % 4]):
            (found,) = compilers[compiler].run(model, case.arrays, *shapes)
            found = found.reshape(expected.shape).view(expected.dtype)
            same = np.array_equal(decode(found, case.result), reference, equal_nan=True)
            yield compiler, found, "" if same else " other values than by --target=reference"

    return sweep(folder, run)


if __name__ == "__main__":
    sys.exit(main())
