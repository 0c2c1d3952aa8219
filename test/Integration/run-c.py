# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python, emulated-cortex-a72, emulated-sifive-x280
# RUN: %python %s %mx_build %t gcc mxfp8 32
# RUN: %python %s %mx_build %t clang mxint8 32
# RUN: %python %s %mx_build %t aarch64-gcc nvfp4 8
# RUN: %python %s %mx_build %t riscv64-gcc mxfp4 8
"""MiniLM as C99 gives the bits of --target=reference, without a warning of a compiler."""

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "Inputs"))
from c_source import shape_options
from compilers import get_compiler

from examples.common.mx_run import find_tools, mx_run
from examples.minilm.model import get_model
from examples.minilm.sentences import SENTENCES
from examples.minilm.weights import tokenize

build, folder, name, weights, tokens = Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:]
model = get_model(build)
options = [f"--weights={weights}", "--which=weights"]
arrays = [array[:2, : int(tokens)] for array in tokenize(SENTENCES)]
(found,) = get_compiler(name, folder / name, "-O2").run(model, arrays, *options, *shape_options(arrays))
expected = mx_run(find_tools(build)[1], model, arrays, 1, *options, "--target=reference").outputs[0]
found = found.reshape(expected.shape)
assert found.tobytes() == expected.tobytes(), np.abs(found - expected).max()
