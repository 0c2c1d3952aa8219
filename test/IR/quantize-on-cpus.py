# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python && (emulated-neoverse-n2 || emulated-sifive-x280 || x86-cpus)
# RUN: %if emulated-neoverse-n2 %{ %python %s %t neoverse-n2 %}
# RUN: %if emulated-sifive-x280 %{ %python %s %t sifive-x280 %}
# RUN: %if x86-cpus %{ %python %s %t znver4 %}
"""mx.quantize gives the bits of the oracle with the code of other CPUs."""

import pathlib
import sys

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).parent / "Inputs"))
sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "Inputs"))
from cross import get_machine
from quantize_sweep import sweep


def main():
    folder, cpu = pathlib.Path(sys.argv[1]), sys.argv[2]
    folder.mkdir(parents=True, exist_ok=True)
    machine = get_machine(cpu, folder)

    def run(number, model, x, dynamic, count):
        return cpu, [codes.view(np.uint8) for codes in machine.run(model, [x], count)]

    return sweep(folder, run)


if __name__ == "__main__":
    sys.exit(main())
