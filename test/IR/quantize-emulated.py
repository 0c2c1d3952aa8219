# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python, emulated-neoverse-n2, emulated-sifive-x280
# RUN: %python %s %t neoverse-n2
# RUN: %python %s %t sifive-x280
"""mx.quantize gives the bits of the oracle on machines of other architectures."""

import pathlib
import sys

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).parent / "Inputs"))
sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "Inputs"))
from cross import Machine
from quantize_sweep import sweep


def main():
    folder, cpu = pathlib.Path(sys.argv[1]), sys.argv[2]
    folder.mkdir(parents=True, exist_ok=True)
    machine = Machine(cpu, folder)

    def run(number, model, x, dynamic, count):
        return cpu, [codes.view(np.uint8) for codes in machine.run(model, [x])]

    return sweep(folder, run)


if __name__ == "__main__":
    sys.exit(main())
