# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python
# RUN: %python %s %mx_build
"""MiniLM in every recipe: each operand of a contraction and each embedding
against an independent forward pass, and the embeddings' accuracy."""

import sys
from pathlib import Path

import numpy as np

from examples.common.mx_run import find_tools, mx_run
from examples.common.recipes import CHOICES, Choice
from examples.minilm.measure import cosines
from examples.minilm.model import get_model
from examples.minilm.reference import Reference
from examples.minilm.sentences import SENTENCES
from examples.minilm.weights import load_weights, tokenize

# f32 sums in another order, relative to a tensor's largest value: 1e-6 was seen.
# One code that differs in an operand moves the next one by more.
CLOSE = 5e-6

build = Path(sys.argv[1])
tool = find_tools(build)[1]
model, checkpoints = get_model(build), get_model(build, checkpoints=True)
ids, mask = tokenize(SENTENCES)
weights = load_weights()


def check(choice: Choice, which: str) -> np.ndarray:
    """The model's embeddings, after comparing them with the reference's."""
    options = [f"--which={which}", *choice.options]
    found = mx_run(tool, model, [ids, mask], 1, *options).outputs[0]
    # Six layers of x, queries, keys, probabilities, values, and three inputs more.
    _, *operands = mx_run(tool, checkpoints, [ids, mask], 49, *options).outputs
    reference = Reference(weights, choice, which == "all", operands)
    difference = np.abs(found - reference(ids, mask)).max()
    print(f"{choice.label}, {which}: operands within {reference.deviation:.1e}, "
          f"embeddings within {difference:.1e}")  # fmt: skip
    assert not reference.checkpoints, len(reference.checkpoints)
    assert reference.deviation <= CLOSE, (choice.label, which, reference.deviation)
    assert difference <= CLOSE, (choice.label, which, difference)
    return found


f32 = mx_run(tool, model, [ids, mask], 1).outputs[0]
worst = {c.label: cosines(check(c, "weights"), f32).min() for c in CHOICES}
for label, least in {
    "mxfp8": 0.988,
    "mxint8": 0.998,
    "mxfp6_e2m3": 0.988,
    "mxfp4 x mxfp8": 0.92,
}.items():
    assert worst[label] >= least, (label, worst[label])

# Attention's own contractions too: blocks of 16, 32 and 128, with and without levels.
for name in ("mxfp8", "mxint8", "nvfp4", "deepseek_fp8"):
    check(Choice(name, name), "all")
