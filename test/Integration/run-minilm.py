# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python
# RUN: %python %s %mx_build
"""MiniLM: f32 against onnxruntime, every recipe against an independent forward
pass, accuracy and weight bytes."""

import sys
from pathlib import Path

import numpy as np

from examples.common.mx_run import find_tools, mx_run
from examples.common.recipes import CHOICES, Choice
from examples.minilm.measure import cosines, measure
from examples.minilm.model import get_model, run_onnxruntime
from examples.minilm.reference import Reference
from examples.minilm.sentences import PUBLISHED, SENTENCES
from examples.minilm.weights import load_weights, tokenize

build = Path(sys.argv[1])
tool, model = find_tools(build)[1], get_model(build)
ids, mask = tokenize(SENTENCES)
weights = load_weights()

f32 = mx_run(tool, model, [ids, mask], 1).outputs[0]
difference = np.abs(f32 - run_onnxruntime(ids, mask)).max()
assert difference <= 1e-5, f"f32 differs from onnxruntime by {difference}"
for (a, b), published in PUBLISHED.items():
    assert round(float(f32[a] @ f32[b]), 4) == published, (a, b)

# Two correct implementations agree to f32's accuracy on a sentence unless a
# value next to a rounding boundary falls to the other side, which then spreads
# (numpy in f32 and in f64 differ so too). A fault in a format, a rule or a scale
# would leave no sentence in agreement.
worst = {}


def run_both(choice: Choice, ids: np.ndarray, mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    run = mx_run(tool, model, [ids, mask], 1, "--which=weights", *choice.options)
    return run.outputs[0], Reference(weights, choice)(ids, mask)


for choice in CHOICES:
    if choice.activations == "nvfp4":
        # One scale for the whole tensor ties the sentences of a batch together.
        pairs = [run_both(choice, *tokenize([sentence])) for sentence in SENTENCES]
        found, expected = (np.concatenate(side) for side in zip(*pairs))
    else:
        found, expected = run_both(choice, ids, mask)
    differences = np.abs(found - expected).max(1)
    agreeing = int((differences <= 1e-6).sum())
    print(f"{choice.label}: {agreeing} of {len(SENTENCES)} sentences agree to 1e-6, "
          f"largest difference {differences.max():.1e}")  # fmt: skip
    assert agreeing >= 3, (choice.label, differences)
    assert cosines(found, expected).min() >= 0.98, (choice.label, differences)
    worst[choice.label] = cosines(found, f32).min()

for label, least in {
    "mxfp8": 0.988,
    "mxint8": 0.998,
    "mxfp6_e2m3": 0.988,
    "mxfp4 x mxfp8": 0.92,
}.items():
    assert worst[label] >= least, (label, worst[label])

for name, ratio in {"mxfp8": 0.258, "mxfp4": 0.133}.items():
    row, _ = measure(tool, model, [ids, mask], f32, Choice(name, name), 1)
    assert round(row.weight_ratio, 3) == ratio, (name, row.weight_ratio)
    assert len(row.layers) == 48, len(row.layers)
