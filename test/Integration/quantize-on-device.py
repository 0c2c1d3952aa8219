# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python, devices
# RUN: %python %s %t vulkan
# RUN: %python %s %t opencl
"""mx.quantize as kernels gives the bits of the oracle in every format, rule and policy."""

import pathlib
import subprocess
import sys

import ml_dtypes
import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "IR/Inputs"))
from quantize_sweep import sweep


def main():
    folder, target = pathlib.Path(sys.argv[1]), sys.argv[2]
    data = folder / "x.npy"

    def run(number, model, x, dynamic, count):
        np.save(data, x.view(np.uint16) if x.dtype == ml_dtypes.bfloat16 else x)
        outputs = [folder / f"y{i}.npy" for i in range(count)]
        files = [f"--input={data}", *(f"--output={path}" for path in outputs)]
        subprocess.run(["mx-run", model, f"--target={target}", *files], check=True)
        return target, [np.load(path) for path in outputs]

    return sweep(folder, run)


if __name__ == "__main__":
    sys.exit(main())
