# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python && (emulated-neoverse-n2 || emulated-sifive-x280 || x86-cpus)
# RUN: %if emulated-neoverse-n2 %{ %python %s %mx_build %t neoverse-n2 mxint8 %}
# RUN: %if emulated-sifive-x280 %{ %python %s %mx_build %t sifive-x280 mxfp8 %}
# RUN: %if x86-cpus %{ %python %s %mx_build %t znver4 mxfp8 %}
# RUN: %if x86-cpus %{ %python %s %mx_build %t skylake-avx512 mxint8 %}
"""MiniLM with code for another CPU gives the bits that it gives here."""

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "Inputs"))
from cross import get_machine

from examples.common.mx_run import find_tools, mx_run
from examples.minilm.model import get_model
from examples.minilm.sentences import SENTENCES
from examples.minilm.weights import tokenize

build, folder, cpu, weights = Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:]
folder.mkdir(parents=True, exist_ok=True)
model = get_model(build)
options = [f"--weights={weights}", "--which=weights"]
arrays = [array[:2, :8] for array in tokenize(SENTENCES)]
(found,) = get_machine(cpu, folder).run(model, arrays, 1, *options)
expected = mx_run(find_tools(build)[1], model, arrays, 1, *options).outputs[0]
assert found.shape == expected.shape, (found.shape, expected.shape)
assert found.tobytes() == expected.tobytes(), np.abs(found - expected).max()
