# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python, emulated-cortex-a72, emulated-sifive-x280
# RUN: %python %s %t
"""mx.quantize as C99 gives the bits of the oracle with every compiler."""

import pathlib
import sys

import ml_dtypes
import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "IR/Inputs"))
sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "Inputs"))
import quantize_data
from c_source import shape_options
from compilers import get_compiler
from quantize_oracle import ELEMENTS, variants
from quantize_program import compare, program

NUMPY = {"f32": np.float32, "f16": np.float16, "bf16": ml_dtypes.bfloat16}


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    np.seterr(all="ignore")
    names = ["gcc", "clang", "aarch64-gcc", "riscv64-gcc"]
    compilers = {name: get_compiler(name, folder / name, "-O2") for name in names}
    model = folder / "model.mlir"
    failures = 0
    for turn, element in enumerate(ELEMENTS):
        quantizers = [(element, *v, [1, 32], [0, 1]) for v in variants(element)]
        dtype = list(NUMPY)[turn % 3]
        for dtype, compiler in {"f32": names[turn % 4], dtype: names[(turn + 1) % 4]}.items():
            stored = quantize_data.make(element).astype(NUMPY[dtype])
            dynamic = turn % 2 == 0
            model.write_text(program(stored.shape, dtype, quantizers, dynamic))
            shapes = shape_options([stored]) if dynamic else []
            found = [codes.view(np.uint8) for codes in compilers[compiler].run(model, [stored], *shapes)]
            name = f"{element} of {dtype} by {compiler}"
            failures += compare(name, stored.astype(np.float32), quantizers, found)
    return failures != 0


if __name__ == "__main__":
    sys.exit(main())
