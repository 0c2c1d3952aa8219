# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python
# RUN: %python %s %mx_build %t npu mxfp8 0.993
# RUN: %python %s %mx_build %t npu mxint8 0.998
# RUN: %python %s %mx_build %t outer nvfp4 0.95
"""MiniLM on an accelerator and the CPU beside it: all its linear layers are given to the
accelerator, and the embeddings are those of the CPU alone, as good as the demo's."""

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "Inputs"))
from accelerators import Accelerator

from examples.common.mx_run import find_tools, mx_run
from examples.minilm.model import get_model
from examples.minilm.sentences import SENTENCES
from examples.minilm.weights import tokenize


def cosine(x, y):
    return (x * y).sum(-1) / np.linalg.norm(x, axis=-1) / np.linalg.norm(y, axis=-1)


build, folder, name, weights, least = Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:]
model, tool = get_model(build), find_tools(build)[1]
options = [f"--weights={weights}", "--which=weights"]
arrays = [array[:2] for array in tokenize(SENTENCES)]
found, cycles, remarks = Accelerator.example(name, folder).run(model, arrays, *options)
assert remarks.count("given to the accelerator") == 36, remarks
assert cycles > 0
host = mx_run(tool, model, arrays, 1, *options).outputs[0]
f32 = mx_run(tool, model, arrays, 1).outputs[0]
assert cosine(found, host).min() > 0.9999, cosine(found, host)
assert cosine(found, f32).min() > float(least), cosine(found, f32)
