# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""onnxruntime on MiniLM, in f32 or with its dynamic int8 quantization."""

import argparse
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime

from examples.minilm.graph import build_graph
from examples.minilm.weights import load_weights

from .timing import print_times


def build_model(int8: bool) -> bytes:
    model = build_graph(load_weights())
    if not int8:
        return model.SerializeToString()
    from onnxruntime.quantization import QuantType, quantize_dynamic

    with tempfile.TemporaryDirectory() as name:
        source, target = Path(name) / "f32.onnx", Path(name) / "int8.onnx"
        onnx.save(model, source)
        quantize_dynamic(source, target, weight_type=QuantType.QInt8)
        return target.read_bytes()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tokens", type=int)
    parser.add_argument("--int8", action="store_true")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--runs", type=int, default=10)
    arguments = parser.parse_args()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = arguments.threads
    session = onnxruntime.InferenceSession(
        build_model(arguments.int8), options, providers=["CPUExecutionProvider"]
    )
    ids = np.random.default_rng(0).integers(1000, 20000, (1, arguments.tokens))
    inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
    print_times(lambda: session.run(None, inputs), arguments.runs)


if __name__ == "__main__":
    main()
