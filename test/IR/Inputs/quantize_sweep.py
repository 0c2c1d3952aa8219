# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""mx.quantize in every format, rule and policy against the oracle, however it is run."""

import pathlib

import ml_dtypes
import numpy as np

import quantize_data
from quantize_oracle import ELEMENTS, variants
from quantize_program import compare, program

NUMPY = {"f32": np.float32, "f16": np.float16, "bf16": ml_dtypes.bfloat16}


def sweep(folder: pathlib.Path, run) -> int:
    """The exit status. `run(number, model, x, dynamic, count)` gives a name for the way that
    it runs `model`, and the outputs, which are `count`."""
    folder.mkdir(parents=True, exist_ok=True)
    np.seterr(all="ignore")
    model = folder / "model.mlir"
    failures = 0
    for turn, element in enumerate(ELEMENTS):
        quantizers = [(element, *v, [1, 32], [0, 1]) for v in variants(element)]
        dynamic, other = turn % 2 == 0, list(NUMPY)[turn % 3]
        for dtype in dict.fromkeys(("f32", other)):
            stored = quantize_data.make(element).astype(NUMPY[dtype])
            model.write_text(program(stored.shape, dtype, quantizers, dynamic))
            way, found = run(turn + (dtype == other), model, stored, dynamic, 2 * len(quantizers))
            assert len(found) == 2 * len(quantizers), (way, len(found))
            name = f"{element} of {dtype} by {way}"
            failures += compare(name, stored.astype(np.float32), quantizers, found)
    return int(failures != 0)
