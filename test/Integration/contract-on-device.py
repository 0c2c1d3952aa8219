# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python, devices
# RUN: %python %s %t vulkan
# RUN: %python %s %t opencl
"""mx.contract as kernels: against float64 in every format and form, on a device. Integer
dot products give the bits of f32 sums."""

import pathlib
import sys

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "IR/Inputs"))
from contract_operands import decode
from contract_sweep import sweep
from device_text import for_device

from examples.common.mx_run import mx_run

# m, n, k: as elsewhere, with a k that is no multiple of 4, and one of several workgroups.
SIZES = [(1, 20, 101), (7, 5, 40), (33, 17, 203), (8, 16, 64), (33, 1, 31), (0, 3, 40), (5, 4, 0), (70, 130, 262)]
# Formats whose products are added up as integers where a device has dot products.
INTEGERS = ("mxint8", "mxfp6_e2m3", "mxfp4", "nvfp4", "blocks of 32 and 128", "plain i8 by tensor and row")


def main():
    folder, target = pathlib.Path(sys.argv[1]), sys.argv[2]

    def run(number, name, model, case):
        (found,) = mx_run("mx-run", model, case.arrays, 1, f"--target={target}").outputs
        yield target, found, ""
        if target == "vulkan" and name in INTEGERS:
            for dot in (False, True):
                model.write_text(for_device(case.text(), dot))
                (other,) = mx_run("mx-run", model, case.arrays, 1, f"--target={target}").outputs
                # The sign of a NaN depends on the order of the operands of a sum.
                nan = np.isnan(decode(found, case.result))
                same = np.array_equal(nan, np.isnan(decode(other, case.result)))
                same &= other[~nan].tobytes() == found[~nan].tobytes()
                yield f"{target} with dot={dot}", other, "" if same else " other bits than by the device's description"

    return sweep(folder, run, SIZES)


if __name__ == "__main__":
    sys.exit(main())
