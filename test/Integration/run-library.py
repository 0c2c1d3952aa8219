# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python
# RUN: %python %s %mx_build %cc %t
"""MiniLM and magika as libraries give the bits that mx-run gives, from Python and, by
the example program, from C."""

import subprocess
import sys
from pathlib import Path

import numpy as np

from examples.common.mx_run import find_tools, mx_run
from examples.library.model import Model
from examples.magika.model import get_features
from examples.magika.model import get_model as get_magika
from examples.magika.samples import get_samples
from examples.minilm.model import get_model as get_minilm
from examples.minilm.sentences import SENTENCES
from examples.minilm.weights import tokenize

build, cc, folder = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
tool = find_tools(build)[1]
options = ["--weights=mxfp8", "--which=weights"]


def build_library(model: Path) -> Model:
    subprocess.run([tool, model, *options, "--emit=shared", "-o", folder], check=True)
    return Model(folder / f"lib{model.stem}.so", verify=True)


def check(model: Model, path: Path, inputs: list[np.ndarray]) -> None:
    expected = mx_run(tool, path, inputs, 1, *options).outputs[0]
    found = model.run(*inputs)[0]
    assert found.tobytes() == expected.tobytes(), np.abs(found - expected).max()


minilm = get_minilm(build)
library = build_library(minilm)
ids, mask = tokenize(SENTENCES)
check(library, minilm, [ids, mask])

example = Path(__file__).parents[2] / "examples/library/embed.c"
flags = ["-std=c99", "-pedantic", "-Wall", "-Wextra", "-Werror", "-O1"]
program = folder / "embed"
subprocess.run([cc, *flags, f"-I{folder}", example, f"-L{folder}", "-lminilm", f"-Wl,-rpath,{folder}", "-o", program], check=True)
sentence = ids[:1, : mask[0].sum()]


def embed(*arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run([program, folder / "minilm.safetensors", *arguments], capture_output=True, text=True)


printed = embed(*map(str, sentence[0])).stdout
found = np.array(printed.split(), np.float32)
assert found.tobytes() == library.run(sentence, np.ones_like(sentence))[0].tobytes()
outside = embed("101", "30522")
assert outside.returncode == 4 and "out-of-bounds access" in outside.stderr, outside

magika = get_magika(build)
features = np.stack([get_features(content) for content in list(get_samples().values())[:3]])
check(build_library(magika), magika, [features])
