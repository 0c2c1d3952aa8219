# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""IREE on MiniLM in f32, compiled for one shape: with data tiling it refuses dynamic ones."""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnx

from examples.minilm.graph import build_graph
from examples.minilm.weights import load_weights

from .iree import compile_program, time_function


def write_model(batch: int, tokens: int) -> str:
    """The program that IREE's importer makes of the ONNX model."""
    model = build_graph(load_weights())
    for value in model.graph.input:
        for dim, extent in zip(value.type.tensor_type.shape.dim, (batch, tokens)):
            dim.dim_value = extent
    with tempfile.TemporaryDirectory() as name:
        source, target = Path(name) / "minilm.onnx", Path(name) / "minilm.mlir"
        onnx.save(model, source)
        importer = [sys.executable, "-m", "iree.compiler.tools.import_onnx"]
        subprocess.run([*importer, source, "-o", target], check=True)
        return target.read_text()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", type=int, nargs=2, metavar="BATCH TOKENS")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--runs", type=int, default=10)
    arguments = parser.parse_args()
    text = write_model(*arguments.sizes)
    name = text.split("func.func @", 1)[1].split("(", 1)[0]
    ids = np.random.default_rng(0).integers(1000, 20000, arguments.sizes)
    time_function(compile_program(text), name, [[ids, np.ones_like(ids)]], arguments.threads, arguments.runs)


if __name__ == "__main__":
    main()
