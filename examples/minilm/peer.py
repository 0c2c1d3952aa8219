# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""MiniLM by onnxruntime, in f32 and with its dynamic int8 quantization."""

import logging
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime

from .graph import build_graph
from .weights import load_weights


def create_session(int8: bool, threads: int) -> onnxruntime.InferenceSession:
    """On `threads` threads; 0 for as many as onnxruntime likes."""
    model = build_graph(load_weights())
    if int8:
        from onnxruntime.quantization import QuantType, quantize_dynamic

        with tempfile.TemporaryDirectory() as name:
            source, target = Path(name) / "f32.onnx", Path(name) / "int8.onnx"
            onnx.save(model, source)
            logging.disable(logging.WARNING)  # It asks for steps that change nothing here.
            quantize_dynamic(source, target, weight_type=QuantType.QInt8)
            logging.disable(logging.NOTSET)
            data = target.read_bytes()
    else:
        data = model.SerializeToString()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3  # Not what it has to say of its own quantizer.
    return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])


def embed(session: onnxruntime.InferenceSession, ids: np.ndarray, mask: np.ndarray) -> np.ndarray:
    return session.run(None, {"input_ids": ids, "attention_mask": mask})[0]
