# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""MiniLM's forward pass in numpy and ml_dtypes: an independent result for what
mx computes, equal to the bit.

Next to a rounding boundary a difference of 1e-7 becomes a whole step, and the
layers spread that step over the embedding; so this pass adds up in the order of
the model's loops (ordered.py)."""

import numpy as np

from examples.common import ordered
from examples.common.blocks import Blocks, dequantize, quantize
from examples.common.recipes import Choice

from .weights import Config

class Reference:
    """The model under one choice of formats (None: f32). With `everything`
    attention's own contractions are quantized too, else the linear layers only.
    `target` is that of mx-run whose order of operations this follows,
    `embeddings` the format of the tables (None: f32)."""

    def __init__(
        self,
        weights: dict[str, np.ndarray],
        choice: Choice | None,
        everything: bool = False,
        target: str = "cpu",
        config: Config = Config(),
        embeddings: str | None = None,
    ) -> None:
        self.product = {"cpu": ordered.contract_scaled, "reference": ordered.contract_blocks}[target]
        self.total = {"cpu": ordered.total_of_rows, "reference": lambda x: ordered.total(x, -1)}[target]
        self.weights, self.choice, self.config = weights, choice, config
        self.everything, self.embeddings = everything, embeddings
        self.quantized: dict[str, Blocks] = {}

    def _linear(self, x: np.ndarray, key: str) -> np.ndarray:
        w, b = self.weights[f"{key}.weight"], self.weights[f"{key}.bias"]
        if self.choice:
            if key not in self.quantized:
                self.quantized[key] = quantize(w, self.choice.weights, weight=True)
            w = self.quantized[key]
            x = quantize(x, self.choice.activations)
        return self.product(x, w) + b

    def _contract(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """a (..., m, k) times b (..., k, n), the latter as the weight."""
        b = np.swapaxes(b, -1, -2)
        if self.choice and self.everything:
            a = quantize(a, self.choice.activations)
            b = quantize(b, self.choice.weights, weight=True)
        return self.product(a, b)

    def _norm(self, x: np.ndarray, key: str) -> np.ndarray:
        hidden = np.float32(x.shape[-1])
        centred = x - self.total(x) / hidden
        variance = self.total(centred * centred) / hidden
        y = centred * (1 / np.sqrt(variance + np.float32(self.config.epsilon)))
        return y * self.weights[f"{key}.weight"] + self.weights[f"{key}.bias"]

    def _layer(self, x: np.ndarray, bias: np.ndarray, key: str) -> np.ndarray:
        batch, tokens, hidden = x.shape
        heads = self.config.heads

        def split(part: str) -> np.ndarray:
            y = self._linear(x, f"{key}.attention.self.{part}")
            return y.reshape(batch, tokens, heads, -1).transpose(0, 2, 1, 3)

        query, keys, value = split("query"), split("key"), split("value")
        scores = self._contract(query, np.swapaxes(keys, -1, -2)) / np.float32(np.sqrt(hidden // heads)) + bias
        scores = ordered.exp(scores - scores.max(-1, keepdims=True))
        scores /= self.total(scores)
        context = self._contract(scores, value)
        context = context.transpose(0, 2, 1, 3).reshape(batch, tokens, hidden)
        y = self._linear(context, f"{key}.attention.output.dense")
        x = self._norm(x + y, f"{key}.attention.output.LayerNorm")
        y = self._linear(x, f"{key}.intermediate.dense")
        y = y / 2 * (1 + ordered.erf(y / np.float32(2**0.5)))
        y = self._linear(y, f"{key}.output.dense")
        return self._norm(x + y, f"{key}.output.LayerNorm")

    def __call__(self, ids: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """Embeddings, f32 (sentences, hidden)."""
        w = self.weights
        table = w["embeddings.position_embeddings.weight"]
        table = table + w["embeddings.token_type_embeddings.weight"][0]
        words = w["embeddings.word_embeddings.weight"]
        if self.embeddings:
            table, words = (
                dequantize(quantize(t, self.embeddings), t.shape[1]) for t in (table, words)
            )
        x = words[ids] + table[: ids.shape[1]]
        x = self._norm(x, "embeddings.LayerNorm")
        m = mask.astype(np.float32)
        bias = ((1 - m) * np.finfo(np.float32).min)[:, None, None, :]
        for layer in range(self.config.layers):
            x = self._layer(x, bias, f"encoder.layer.{layer}")
        mean = ordered.total(x * m[..., None], 1)[:, 0] / self.total(m)
        return mean / np.sqrt(self.total(mean * mean))
