# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python
# RUN: %python %s %t
"""mx.quantize gives the bits of the oracle in every format, rule and policy:
executed on both targets, and folded, which is the C++ library's result."""

import pathlib
import subprocess
import sys

import ml_dtypes
import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).parent / "Inputs"))
import quantize_data
from quantize_oracle import ELEMENTS, block_amax, variants
from quantize_program import compare, program

NUMPY = {"f32": np.float32, "f16": np.float16, "bf16": ml_dtypes.bfloat16}
# Shape, blocks and the dimension that each result of the map counts; -1 is the
# result 0, and a block of 1 is the plain dimension.
SHAPES = [
    ((100,), [32], [0]),
    ((3, 5, 40), [1, 1, 32], [0, 1, 2]),
    ((150, 200), [128, 128], [0, 1]),
    ((70, 9), [32, 1], [0, 1]),
    ((33, 50), [16, 1], [1, 0]),
    ((7, 12), [1], [1]),
    ((7, 12), [1, 5], [-1, 1]),
    ((4, 6, 5), [], []),
]


def run(model, target, inputs, count):
    outputs = [model.with_name(f"y{i}.npy") for i in range(count)]
    command = ["mx-run", str(model), f"--target={target}"]
    command += [f"--input={path}" for path in inputs] + [f"--output={path}" for path in outputs]
    subprocess.run(command, check=True)
    return [np.load(path) for path in outputs]


def check(folder, name, x, dtype, quantizers, fold) -> int:
    model, data = folder / "model.mlir", folder / "x.npy"
    stored = x.astype(NUMPY[dtype])
    np.save(data, stored.view(np.uint16) if dtype == "bf16" else stored)
    x = stored.astype(np.float32)
    failures = 0
    for target, dynamic in (("reference", True), ("cpu", False)) if fold else (
        ("reference", False), ("reference", True), ("cpu", False), ("cpu", True)
    ):
        model.write_text(program(x.shape, dtype, quantizers, dynamic))
        found = run(model, target, [data], 2 * len(quantizers))
        failures += compare(f"{name} {dtype} {target} dynamic={dynamic}", x, quantizers, found)
    if fold:
        model.write_text(program(x.shape, dtype, quantizers, constant=stored))
        folded = folder / "folded.mlir"
        subprocess.run(["mx-opt", model, "--mx-fold-weights", "-o", folded], check=True)
        if "mx.quantize" in folded.read_text():
            print(f"{name}: not folded")
            return failures + 1
        found = run(folded, "reference", [], 2 * len(quantizers))
        failures += compare(f"{name} {dtype} folded", x, quantizers, found)
    return failures


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    failures = 0
    np.seterr(all="ignore")
    for element in ELEMENTS:
        quantizers = [(element, *v, [1, 32], [0, 1]) for v in variants(element)]
        failures += check(folder, element, quantize_data.make(element), "f32", quantizers, True)
    rng = np.random.default_rng(2)
    for shape, blocks, results in SHAPES:
        x = rng.standard_normal(shape) * np.exp2(rng.integers(-6, 6, shape))
        assert block_amax(x, blocks, results).size
        quantizers = [(element, "floor", "default", blocks, results) for element in ("f8E4M3FN", "i8")]
        dtype = rng.choice(list(NUMPY))
        failures += check(folder, str(shape), x, dtype, quantizers, False)
    return failures != 0


if __name__ == "__main__":
    sys.exit(main())
