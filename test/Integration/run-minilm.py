# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python
# RUN: %python %s %mx_build
"""MiniLM in f32 against onnxruntime, the published similarities, weight bytes."""

import sys
from pathlib import Path

import numpy as np

from examples.common.mx_run import find_tools, mx_run
from examples.common.recipes import Choice
from examples.minilm.measure import measure
from examples.minilm.model import get_model, run_onnxruntime
from examples.minilm.sentences import PUBLISHED, SENTENCES
from examples.minilm.weights import tokenize

build = Path(sys.argv[1])
tool, model = find_tools(build)[1], get_model(build)
ids, mask = tokenize(SENTENCES)

f32 = mx_run(tool, model, [ids, mask], 1).outputs[0]
difference = np.abs(f32 - run_onnxruntime(ids, mask)).max()
assert difference <= 1e-5, f"f32 differs from onnxruntime by {difference}"
for (a, b), published in PUBLISHED.items():
    assert round(float(f32[a] @ f32[b]), 4) == published, (a, b)

for name, ratio in {"mxfp8": 0.258, "mxfp4": 0.133}.items():
    row, _ = measure(tool, model, [ids, mask], f32, Choice(name, name), 1)
    assert round(row.weight_ratio, 3) == ratio, (name, row.weight_ratio)
    assert len(row.layers) == 48, len(row.layers)
