# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python, devices
# RUN: %python %s %mx_build vulkan mxfp8 24
# RUN: %python %s %mx_build vulkan mxint8 8
# RUN: %python %s %mx_build opencl mxfp8 24
# RUN: %python %s %mx_build opencl nvfp4 8
"""MiniLM whole on a device: what --target=reference gives, up to the order of sums, for
sentences that a program of dynamic shapes takes in batches of two sizes."""

import sys
from pathlib import Path

import numpy as np

from examples.common.mx_run import find_tools, mx_run
from examples.minilm.model import get_model
from examples.minilm.sentences import SENTENCES
from examples.minilm.weights import tokenize

build, target, weights, tokens = Path(sys.argv[1]), *sys.argv[2:]
model, tool = get_model(build), find_tools(build)[1]
options = [f"--weights={weights}", "--which=weights"]
for batch in (1, 3):
    arrays = [array[:batch, : int(tokens)] for array in tokenize(SENTENCES)]
    (found,) = mx_run(tool, model, arrays, 1, *options, f"--target={target}").outputs
    (expected,) = mx_run(tool, model, arrays, 1, *options, "--target=reference").outputs
    cosine = (found * expected).sum(-1) / np.linalg.norm(found, axis=-1) / np.linalg.norm(expected, axis=-1)
    assert np.isfinite(found).all() and cosine.min() > 0.9995, cosine
    (f32,) = mx_run(tool, model, arrays, 1, "--target=reference").outputs
    cosine = (found * f32).sum(-1) / np.linalg.norm(found, axis=-1) / np.linalg.norm(f32, axis=-1)
    assert cosine.min() > {"mxfp8": 0.99, "mxint8": 0.998, "nvfp4": 0.93}[weights], cosine
