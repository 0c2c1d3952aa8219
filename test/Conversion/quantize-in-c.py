# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python, emulated-cortex-a72, emulated-sifive-x280
# RUN: %python %s %t
"""mx.quantize as C99 gives the bits of the oracle with every compiler."""

import pathlib
import sys

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "IR/Inputs"))
sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "Inputs"))
from c_source import shape_options
from compilers import get_compiler
from quantize_sweep import sweep

COMPILERS = ["gcc", "clang", "aarch64-gcc", "riscv64-gcc"]


def main():
    folder = pathlib.Path(sys.argv[1])
    compilers = {name: get_compiler(name, folder / name, "-O2") for name in COMPILERS}

    def run(number, model, x, dynamic, count):
        compiler = COMPILERS[number % 4]
        shapes = shape_options([x]) if dynamic else []
        return compiler, [codes.view(np.uint8) for codes in compilers[compiler].run(model, [x], *shapes)]

    return sweep(folder, run)


if __name__ == "__main__":
    sys.exit(main())
