# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python
# RUN: %python %s %mx_build
"""magika: scores in f32 against onnxruntime, labels in block-scaled form."""

import sys
from pathlib import Path

import numpy as np

from examples.common.mx_run import find_tools, mx_run
from examples.magika.model import get_features, get_model, run_onnxruntime
from examples.magika.samples import get_samples

build = Path(sys.argv[1])
tool, model = find_tools(build)[1], get_model(build)
features = np.stack([get_features(content) for content in get_samples().values()])
assert len(features) >= 30
expected = run_onnxruntime(features)
f32 = mx_run(tool, model, [features], 1).outputs[0]
difference = np.abs(f32 - expected).max()
print(f"f32: largest difference {difference:.1e}")
assert difference <= 1e-5, difference
single = mx_run(tool, model, [features[:1]], 1).outputs[0]
assert np.array_equal(single, f32[:1]), "a file's scores depend on the batch"
for name in ("mxfp8", "mxint8"):
    run = mx_run(tool, model, [features], 1, f"--weights={name}", "--which=weights")
    other = (run.outputs[0].argmax(1) != expected.argmax(1)).sum()
    assert other == 0, f"{name}: {other} labels differ"
