# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python, devices
# RUN: %python %s %t vulkan
# RUN: %python %s %t opencl
"""mx.contract as kernels: against float64 in every format and form, on a device."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "IR/Inputs"))
from contract_on_cpu import run_here
from contract_sweep import SIZES, sweep


def main():
    folder, target = pathlib.Path(sys.argv[1]), sys.argv[2]

    def run(number, model, case):
        yield target, run_here(model, case.arrays, f"--target={target}"), ""

    # One more is of several workgroups.
    return sweep(folder, run, [*SIZES, (70, 130, 260)])


if __name__ == "__main__":
    sys.exit(main())
