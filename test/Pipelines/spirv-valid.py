# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python, devices
# RUN: %python %s %t vulkan vulkan1.2
# RUN: %python %s %t vulkan vulkan1.3 dot
# RUN: %python %s %t opencl opencl2.0
"""Kernels of contractions in every format, and of quantization, are SPIR-V that spirv-val
accepts; with integer dot products, too."""

import pathlib
import re
import subprocess
import sys

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "IR/Inputs"))
from contract_case import Case
from contract_formats import FORMATS
from device_text import for_device
from quantize_oracle import ELEMENTS, variants
from quantize_program import program

KERNEL = re.compile(r"^  spirv\.module.*?^  \}\n", re.DOTALL | re.MULTILINE)


def models():
    for number, format_ in enumerate(FORMATS.values()):
        yield Case(np.random.default_rng(0), "matmul", format_, (33, 70, 260), dynamic=number % 2 == 0).text()
    for number, element in enumerate(ELEMENTS):
        quantizers = [(element, *next(iter(variants(element))), [1, 32], [0, 1])]
        yield program((7, 100), ["f32", "f16", "bf16"][number % 3], quantizers, dynamic=number % 2 == 0)


def main():
    folder, target, environment = pathlib.Path(sys.argv[1]), *sys.argv[2:4]
    dot = "dot" in sys.argv[4:]
    folder.mkdir(parents=True, exist_ok=True)
    np.seterr(all="ignore")  # Inf and NaN are among the inputs.
    kernels = set()
    for text in models():
        model = folder / "m.mlir"
        model.write_text(for_device(text, dot) if dot else text)
        command = ["mx-run", model, f"--target={target}", "--dump-after=spirv"]
        printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        kernels.update(KERNEL.findall(printed))
    failures = 0
    for kernel in sorted(kernels):
        binary = folder / "kernel.spv"
        command = ["mx-translate", "--no-implicit-module", "--serialize-spirv", "-o", binary]
        subprocess.run(command, check=True, input=kernel, text=True)
        check = subprocess.run(["spirv-val", "--target-env", environment, binary], capture_output=True, text=True)
        if check.returncode:
            failures += 1
            print(kernel.split("\n")[0], check.stderr)
    dots = sum("spirv.SDot" in kernel for kernel in kernels)
    print(f"{len(kernels)} kernels, {dots} with dot products, {failures} refused")
    return failures != 0 or len(kernels) < 40 or (dots >= 6) != dot


if __name__ == "__main__":
    sys.exit(main())
