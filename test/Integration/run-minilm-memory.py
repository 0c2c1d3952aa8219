# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python
# The sanitizer keeps freed memory for a while, to see uses of it.
# UNSUPPORTED: sanitize
# RUN: %python %s %mx_build
"""Compiling, loading and running MiniLM takes at most six times the bytes of its
weights and 400 MB."""

import sys
from pathlib import Path

from examples.common.mx_run import find_tools, mx_run
from examples.minilm.model import get_model
from examples.minilm.sentences import SENTENCES
from examples.minilm.weights import tokenize

build = Path(sys.argv[1])
tool, model = find_tools(build)[1], get_model(build)
inputs = list(tokenize(SENTENCES))
for options in ([], ["--weights=mxfp8"], ["--weights=mxfp4", "--which=weights"]):
    report = mx_run(tool, model, inputs, 1, "--memory", *options).report
    weights, peak = report["memory"]["weights_before"]["total"], report["memory"]["peak_bytes"]
    limit = 6 * weights + 400_000_000
    print(f"{options}: weights {weights}, peak {peak}, limit {limit} bytes")
    assert 80_000_000 < weights < peak <= limit
