# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Google's magika, which tells a file's kind from its bytes: its published ONNX
model, from PyPI's magika, and the features it takes."""

import importlib.util
import json
from pathlib import Path

import numpy as np
import onnx
from onnx import helper, numpy_helper

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
    """The scores that onnxruntime computes in f32."""
    import onnxruntime

    session = onnxruntime.InferenceSession(
        load_onnx().SerializeToString(), providers=["CPUExecutionProvider"]
    )
    return session.run(None, {session.get_inputs()[0].name: features})[0]


def run_float64(features: np.ndarray) -> np.ndarray:
    """The scores in float64, by onnx's reference evaluator (a second per file):
    tells which of two results in f32 is the better one."""
    from onnx.reference import ReferenceEvaluator

    model = load_onnx()
    graph = model.graph
    for tensor in graph.initializer:
        if tensor.data_type == onnx.TensorProto.FLOAT:
            value = numpy_helper.to_array(tensor).astype(np.float64)
            tensor.CopyFrom(numpy_helper.from_array(value, tensor.name))
    for node in graph.node:
        for attribute in node.attribute:
            if node.op_type == "Cast" and attribute.i == onnx.TensorProto.FLOAT:
                attribute.i = onnx.TensorProto.DOUBLE
        if node.op_type == "GlobalMaxPool":
            # The evaluator's own gives another rank than it should.
            node.op_type = "ReduceMax"
            node.attribute.append(helper.make_attribute("axes", [2]))
    graph.output[0].type.tensor_type.elem_type = onnx.TensorProto.DOUBLE
    del graph.value_info[:]
    return ReferenceEvaluator(model).run(None, {graph.input[0].name: features})[0]
