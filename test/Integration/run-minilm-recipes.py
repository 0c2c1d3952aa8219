# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python
# RUN: %python %s %mx_build
"""MiniLM in f32 and in every recipe: each embedding is equal, to the bit, to an
independent forward pass in numpy and ml_dtypes; and the recipes' accuracy."""

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

build = Path(sys.argv[1])
tool, model = find_tools(build)[1], get_model(build)
weights = load_weights()


def check(
    choice: Choice | None, which="weights", target="cpu", sentences=SENTENCES, embeddings=None
) -> np.ndarray:
    """The model's embeddings, after comparing them with the reference's."""
    ids, mask = tokenize(sentences)
    recipe = [f"--which={which}", *choice.options] if choice else []
    if embeddings:
        recipe.append(f"--embeddings={embeddings}")
    found = mx_run(tool, model, [ids, mask], 1, f"--target={target}", *recipe).outputs[0]
    reference = Reference(weights, choice, which == "all", target, embeddings=embeddings)
    expected = reference(ids, mask)
    name = f"{choice.label if choice else 'f32'}, {which}, {target}"
    different = (found != expected).any(1).sum()
    assert not different, f"{name}: {different} embeddings, by {np.abs(found - expected).max()}"
    print(f"{name}: equal")
    return found


f32 = check(None)
worst = {c.label: cosines(check(c), f32).min() for c in CHOICES}
for label, least in {
    "mxfp8": 0.988,
    "mxint8": 0.998,
    "mxfp6_e2m3": 0.988,
    "mxfp4 x mxfp8": 0.92,
}.items():
    assert worst[label] >= least, (label, worst[label])

# The tables of words and places too.
for name, least in {"mxfp8": 0.988, "mxint8": 0.998}.items():
    both = check(Choice(name, name), embeddings=name)
    assert cosines(both, f32).min() >= least, name

# Attention's own contractions too: blocks of 16, 32 and 128, with and without levels.
for name in ("mxfp8", "mxint8", "nvfp4", "deepseek_fp8"):
    check(Choice(name, name), "all")
check(Choice("mxfp8", "mxfp8"), "all", "reference", SENTENCES[:2])
