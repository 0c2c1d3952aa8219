# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""MiniLM's forward pass in numpy, its contractions quantized by blocks.py: an
independent result for what mx computes.

Rounding turns a difference of 1e-7 into a whole step where a value lies next to
a rounding boundary, and the layers spread that step over the embedding: f32 and
float64 in numpy differ so too. So that only real differences remain, the pass
can meet another one at each operand that gets quantized: it measures how far the
two are apart there, and then rounds the other's value."""

from collections.abc import Sequence
from math import erf

import numpy as np

from examples.common.blocks import quantize
from examples.common.recipes import Choice

from .weights import Config

_erf = np.frompyfunc(erf, 1, 1)


class Reference:
    """The model under one choice of formats. With `everything` attention's own
    contractions are quantized too, else the linear layers only.

    `checkpoints` are another pass's operands, in graph.py's order; `deviation` is
    then the largest distance from them, relative to the largest value of each."""

    def __init__(
        self,
        weights: dict[str, np.ndarray],
        choice: Choice | None,
        everything: bool = False,
        checkpoints: Sequence[np.ndarray] | None = None,
        config: Config = Config(),
    ) -> None:
        self.weights, self.choice, self.config = weights, choice, config
        self.everything = everything
        self.checkpoints = None if checkpoints is None else list(checkpoints)
        self.deviation = 0.0
        self.quantized: dict[str, np.ndarray] = {}

    def _meet(self, x: np.ndarray) -> np.ndarray:
        """The other pass's value for x, if there is one."""
        if self.checkpoints is None:
            return x
        other = self.checkpoints.pop(0)
        distance = float(np.abs(other - x).max() / np.abs(x).max())
        # Also where one of them is not a number.
        self.deviation = distance if not distance <= self.deviation else self.deviation
        return other

    def _linear(self, x: np.ndarray, key: str) -> np.ndarray:
        w, b = self.weights[f"{key}.weight"], self.weights[f"{key}.bias"]
        if self.choice:
            if key not in self.quantized:
                self.quantized[key] = quantize(w, self.choice.weights, weight=True)
            w = self.quantized[key]
            x = quantize(x, self.choice.activations)
        return x @ w.T + b

    def _contract(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """a (..., m, k) times b (..., k, n), the latter as the weight."""
        b = np.swapaxes(b, -1, -2)
        if self.choice and self.everything:
            a = quantize(a, self.choice.activations)
            b = quantize(b, self.choice.weights, weight=True)
        return a @ np.swapaxes(b, -1, -2)

    def _norm(self, x: np.ndarray, key: str) -> np.ndarray:
        centred = x - x.mean(-1, keepdims=True)
        variance = (centred**2).mean(-1, keepdims=True)
        y = centred / np.sqrt(variance + np.float32(self.config.epsilon))
        return y * self.weights[f"{key}.weight"] + self.weights[f"{key}.bias"]

    def _layer(self, x: np.ndarray, bias: np.ndarray, key: str) -> np.ndarray:
        batch, tokens, hidden = x.shape
        heads = self.config.heads

        met = self._meet(x)

        def split(part: str) -> np.ndarray:
            y = self._linear(met, f"{key}.attention.self.{part}")
            return y.reshape(batch, tokens, heads, -1).transpose(0, 2, 1, 3)

        query, keys, value = split("query"), split("key"), split("value")
        # In the order of graph.py, which transposes the keys at once.
        query, keys = self._meet(query), self._meet(np.swapaxes(keys, -1, -2))
        scores = self._contract(query, keys) / np.float32(np.sqrt(hidden // heads)) + bias
        scores = np.exp(scores - scores.max(-1, keepdims=True))
        scores /= scores.sum(-1, keepdims=True)
        context = self._contract(self._meet(scores), self._meet(value))
        context = context.transpose(0, 2, 1, 3).reshape(batch, tokens, hidden)
        y = self._linear(self._meet(context), f"{key}.attention.output.dense")
        x = self._norm(x + y, f"{key}.attention.output.LayerNorm")
        y = self._linear(self._meet(x), f"{key}.intermediate.dense")
        y = y / 2 * (1 + _erf(y / np.float32(2**0.5)).astype(np.float32))
        y = self._linear(self._meet(y), f"{key}.output.dense")
        return self._norm(x + y, f"{key}.output.LayerNorm")

    def __call__(self, ids: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """Embeddings, f32 (sentences, hidden)."""
        w = self.weights
        x = w["embeddings.word_embeddings.weight"][ids]
        x = x + w["embeddings.token_type_embeddings.weight"][0]
        x = x + w["embeddings.position_embeddings.weight"][: ids.shape[1]]
        x = self._norm(x, "embeddings.LayerNorm")
        m = mask.astype(np.float32)
        bias = ((1 - m) * np.finfo(np.float32).min)[:, None, None, :]
        for layer in range(self.config.layers):
            x = self._layer(x, bias, f"encoder.layer.{layer}")
        mean = (x * m[..., None]).sum(1) / m.sum(1, keepdims=True)
        return mean / np.linalg.norm(mean, axis=1, keepdims=True)
