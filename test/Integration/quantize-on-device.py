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
import quantize_data
from quantize_oracle import ELEMENTS, variants
from quantize_program import compare, program

NUMPY = {"f32": np.float32, "f16": np.float16, "bf16": ml_dtypes.bfloat16}


def main():
    folder, target = pathlib.Path(sys.argv[1]), sys.argv[2]
    folder.mkdir(parents=True, exist_ok=True)
    np.seterr(all="ignore")
    model, data = folder / "model.mlir", folder / "x.npy"
    failures = 0
    for turn, element in enumerate(ELEMENTS):
        quantizers = [(element, *v, [1, 32], [0, 1]) for v in variants(element)]
        outputs = [folder / f"y{i}.npy" for i in range(2 * len(quantizers))]
        for dtype in dict.fromkeys(("f32", list(NUMPY)[turn % 3])):
            stored = quantize_data.make(element).astype(NUMPY[dtype])
            np.save(data, stored.view(np.uint16) if dtype == "bf16" else stored)
            model.write_text(program(stored.shape, dtype, quantizers, dynamic=turn % 2 == 0))
            files = [f"--input={data}", *(f"--output={path}" for path in outputs)]
            subprocess.run(["mx-run", model, f"--target={target}", *files], check=True)
            found = [np.load(path) for path in outputs]
            failures += compare(f"{element} of {dtype}", stored.astype(np.float32), quantizers, found)
    return failures != 0


if __name__ == "__main__":
    sys.exit(main())
