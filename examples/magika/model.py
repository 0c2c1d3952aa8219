# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Google's magika, which tells a file's kind from its bytes: its published ONNX
model, from PyPI's magika, and the features it takes."""

import importlib.util
import json
from pathlib import Path

import numpy as np
import onnx

from examples.common.import_onnx import get_linalg


def _folder() -> Path:
    spec = importlib.util.find_spec("magika")
    if spec is None or spec.origin is None:
        raise SystemExit("magika is not installed: run scripts/setup")
    return Path(spec.origin).parent / "models" / "standard_v3_3"


def load_onnx() -> onnx.ModelProto:
    return onnx.load(_folder() / "model.onnx")


def get_labels() -> list[str]:
    """The names of the model's classes."""
    return json.loads((_folder() / "config.min.json").read_text())["target_labels_space"]


def get_features(content: bytes) -> np.ndarray:
    """The first and the last 1024 bytes of a file without the white space around
    them, each padded with 256, as int32 (2048). The sizes are those of the
    model's config.min.json."""
    config = json.loads((_folder() / "config.min.json").read_text())
    begin, end = config["beg_size"], config["end_size"]
    padding, block = config["padding_token"], config["block_size"]
    head = list(content[:block].lstrip()[:begin])
    tail = list(content[-block:].rstrip()[-end:])
    head += [padding] * (begin - len(head))
    tail = [padding] * (end - len(tail)) + tail
    return np.array(head + tail, np.int32)


def get_model(build: Path) -> Path:
    """The model as linalg on tensors, in bytecode; made where it is missing."""
    return get_linalg(build, "magika", load_onnx, [_folder() / "model.onnx"])


def run_onnxruntime(features: np.ndarray) -> np.ndarray:
    """The scores that onnxruntime computes in f32, one file at a time. In batches
    it adds the first LayerNorm's 512 values in another order, and its scores come
    2.5e-5 away from its own: that norm's variance is a mean of squares minus the
    square of a mean, which nearly cancel."""
    import onnxruntime

    session = onnxruntime.InferenceSession(
        load_onnx().SerializeToString(), providers=["CPUExecutionProvider"]
    )
    name = session.get_inputs()[0].name
    return np.concatenate([session.run(None, {name: file[None]})[0] for file in features])
