# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Builds the ONNX graph of all-MiniLM-L6-v2 from its weights: token ids and mask
to normalised sentence embeddings, with dynamic batch and sequence."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from .weights import Config

OPSET = 17


class GraphBuilder:
    """Collects nodes and constants; each method returns the result's name."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.initializers: list[onnx.TensorProto] = []

    def constant(self, name: str, value: np.ndarray) -> str:
        self.initializers.append(numpy_helper.from_array(value, name))
        return name

    def scalar(self, value: float) -> str:
        return self.constant(f"scalar_{len(self.initializers)}", np.float32(value))

    def ints(self, *values: int) -> str:
        name = f"ints_{len(self.initializers)}"
        return self.constant(name, np.array(values, np.int64))

    def op(self, kind: str, name: str, *inputs: str, **attributes) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [name], name=name, **attributes))
        return name


def build_graph(weights: dict[str, np.ndarray], config: Config = Config()) -> onnx.ModelProto:
    """The model: (input_ids, attention_mask), int64 (batch, tokens), to
    embeddings, f32 (batch, hidden)."""
    g = GraphBuilder()
    x = _embeddings(g, weights, config)
    # 0 where a token counts, a large negative number where it does not.
    mask = g.op("Cast", "mask_float", "attention_mask", to=TensorProto.FLOAT)
    rows = g.op("Unsqueeze", "mask_rows", mask, g.ints(1, 2))
    bias = g.op("Sub", "mask_inverse", g.scalar(1.0), rows)
    bias = g.op("Mul", "mask_bias", bias, g.scalar(float(np.finfo(np.float32).min)))
    for layer in range(config.layers):
        x = _layer(g, weights, config, layer, x, bias)
    _pool(g, x, mask)
    tokens = ["batch", "tokens"]
    embeddings = ["batch", config.hidden]
    graph = helper.make_graph(
        g.nodes,
        "minilm",
        [
            helper.make_tensor_value_info("input_ids", TensorProto.INT64, tokens),
            helper.make_tensor_value_info("attention_mask", TensorProto.INT64, tokens),
        ],
        [helper.make_tensor_value_info("embeddings", TensorProto.FLOAT, embeddings)],
        g.initializers,
    )
    return helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8
    )


def _norm(g: GraphBuilder, weights, config: Config, name: str, key: str, x: str) -> str:
    scale = g.constant(f"{name}_weight", weights[f"{key}.weight"])
    bias = g.constant(f"{name}_bias", weights[f"{key}.bias"])
    return g.op(
        "LayerNormalization", name, x, scale, bias, axis=-1, epsilon=config.epsilon
    )


def _embeddings(g: GraphBuilder, weights, config: Config) -> str:
    words = g.constant("words", weights["embeddings.word_embeddings.weight"])
    x = g.op("Gather", "word_embedding", words, "input_ids")
    # Every token is of type 0, so its row goes into the table of positions.
    table = weights["embeddings.position_embeddings.weight"]
    table = table + weights["embeddings.token_type_embeddings.weight"][0]
    tokens = g.op("Shape", "tokens", "input_ids", start=1, end=2)
    positions = g.op(
        "Slice",
        "positions",
        g.constant("position_table", table.astype(np.float32)),
        g.ints(0),
        tokens,
        g.ints(0),
    )
    x = g.op("Add", "embedding_sum", x, positions)
    return _norm(g, weights, config, "embedding_norm", "embeddings.LayerNorm", x)


def _linear(g: GraphBuilder, weights, name: str, key: str, x: str) -> str:
    matrix = np.ascontiguousarray(weights[f"{key}.weight"].T)
    y = g.op("MatMul", name, x, g.constant(f"{name}_weight", matrix))
    return g.op("Add", f"{name}_add", y, g.constant(f"{name}_bias", weights[f"{key}.bias"]))


def _layer(g: GraphBuilder, weights, config: Config, layer: int, x: str, bias: str) -> str:
    key = f"encoder.layer.{layer}"
    name = f"layer{layer}"
    size = config.hidden // config.heads

    def heads(part: str, order: list[int]) -> str:
        y = _linear(g, weights, f"{name}_{part}", f"{key}.attention.self.{part}", x)
        y = g.op("Reshape", f"{name}_{part}_split", y, g.ints(0, 0, config.heads, size))
        return g.op("Transpose", f"{name}_{part}_heads", y, perm=order)

    query, value = heads("query", [0, 2, 1, 3]), heads("value", [0, 2, 1, 3])
    keys = heads("key", [0, 2, 3, 1])
    scores = g.op("MatMul", f"{name}_scores", query, keys)
    scores = g.op("Div", f"{name}_scaled", scores, g.scalar(float(np.sqrt(size))))
    scores = g.op("Add", f"{name}_masked", scores, bias)
    scores = g.op("Softmax", f"{name}_softmax", scores, axis=-1)
    context = g.op("MatMul", f"{name}_context", scores, value)
    context = g.op("Transpose", f"{name}_merge", context, perm=[0, 2, 1, 3])
    context = g.op("Reshape", f"{name}_merged", context, g.ints(0, 0, config.hidden))
    y = _linear(g, weights, f"{name}_output", f"{key}.attention.output.dense", context)
    x = g.op("Add", f"{name}_residual", x, y)
    x = _norm(g, weights, config, f"{name}_norm", f"{key}.attention.output.LayerNorm", x)

    y = _linear(g, weights, f"{name}_up", f"{key}.intermediate.dense", x)
    # GELU: y / 2 * (1 + erf(y / sqrt(2))).
    e = g.op("Erf", f"{name}_erf", g.op("Div", f"{name}_gelu_in", y, g.scalar(2**0.5)))
    e = g.op("Add", f"{name}_gelu_one", e, g.scalar(1.0))
    y = g.op("Mul", f"{name}_gelu_half", y, g.scalar(0.5))
    y = g.op("Mul", f"{name}_gelu", y, e)
    y = _linear(g, weights, f"{name}_down", f"{key}.output.dense", y)
    x = g.op("Add", f"{name}_residual2", x, y)
    return _norm(g, weights, config, f"{name}_norm2", f"{key}.output.LayerNorm", x)


def _pool(g: GraphBuilder, x: str, mask: str) -> None:
    """Mean over the tokens that count, then L2 normalisation."""
    column = g.op("Unsqueeze", "mask_column", mask, g.ints(2))
    total = g.op("ReduceSum", "pool_sum", g.op("Mul", "pool_masked", x, column), g.ints(1), keepdims=0)
    count = g.op("ReduceSum", "pool_count", mask, g.ints(1), keepdims=1)
    mean = g.op("Div", "pool_mean", total, count)
    square = g.op("Mul", "norm_square", mean, mean)
    norm = g.op("Sqrt", "norm", g.op("ReduceSum", "norm_sum", square, g.ints(1), keepdims=1))
    g.op("Div", "embeddings", mean, norm)
