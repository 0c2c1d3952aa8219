# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python, emulated-neoverse-n2, emulated-sifive-x280
# RUN: %python %s %t neoverse-n2
# RUN: %python %s %t sifive-x280
"""mx.quantize gives the bits of the oracle on machines of other architectures."""

import pathlib
import sys

import ml_dtypes
import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).parent / "Inputs"))
sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "Inputs"))
import quantize_data
from cross import Machine
from quantize_oracle import ELEMENTS, variants
from quantize_program import compare, program

NUMPY = {"f32": np.float32, "f16": np.float16, "bf16": ml_dtypes.bfloat16}


def main():
    folder, cpu = pathlib.Path(sys.argv[1]), sys.argv[2]
    folder.mkdir(parents=True, exist_ok=True)
    np.seterr(all="ignore")
    machine, model = Machine(cpu, folder), folder / "model.mlir"
    failures = 0
    for turn, element in enumerate(ELEMENTS):
        quantizers = [(element, *v, [1, 32], [0, 1]) for v in variants(element)]
        for dtype in {"f32", list(NUMPY)[turn % 3]}:
            stored = quantize_data.make(element).astype(NUMPY[dtype])
            model.write_text(program(stored.shape, dtype, quantizers, dynamic=turn % 2 == 0))
            found = [codes.view(np.uint8) for codes in machine.run(model, [stored])]
            failures += compare(f"{element} of {dtype} on {cpu}", stored.astype(np.float32), quantizers, found)
    return failures != 0


if __name__ == "__main__":
    sys.exit(main())
