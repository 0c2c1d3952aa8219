# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The model's files in a build folder, made once."""

from pathlib import Path

import numpy as np

from examples.common.import_onnx import get_linalg

from . import graph, weights
from .graph import build_graph
from .weights import load_weights


def get_model(build: Path) -> Path:
    """MiniLM as linalg on tensors, in bytecode; made where it is missing."""
    return get_linalg(
        build,
        "minilm",
        lambda: build_graph(load_weights()),
        [Path(graph.__file__), Path(weights.__file__)],
    )


def run_onnxruntime(ids: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """The embeddings that onnxruntime computes in f32."""
    from .peer import create_session, embed

    return embed(create_session(int8=False, threads=0), ids, mask)
