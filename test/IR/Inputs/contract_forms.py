# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The forms of contractions, and their maps as text and as index arrays.

A form is written like the maps of mx.contract: the results of lhs, rhs and
init. `k` is the dimension that blocks run along, `kq` its inner tile.
"""

import re
from dataclasses import dataclass

import numpy as np

# Name: results of lhs, rhs and init, extents other than those of a case.
FORMS = {
    "matmul": ("m k", "k n", "m n", {}),
    "matmul_transpose_a": ("k m", "k n", "m n", {}),
    "matmul_transpose_b": ("m k", "n k", "m n", {}),
    "matmul_transposed_result": ("m k", "k n", "n m", {}),
    "batch_matmul": ("b m k", "b k n", "b m n", {"b": 3}),
    "broadcast_weights": ("b m k", "k n", "b m n", {"b": 2}),
    "matvec": ("m k", "k", "m", {}),
    "dot": ("k", "k", "", {}),
    "two_contracted": ("m h k", "h n k", "m n", {"h": 3}),
    "packed": ("mo k m kq", "no k n kq", "mo no m n", {"mo": 2, "no": 3, "kq": 2}),
    "conv_1d": ("b 2*x+i k", "n i k", "b x n", {"b": 2, "x": 4, "i": 3}),
    "conv_1d_dilated": ("b 3*x+2*i k", "n i k", "b x n", {"b": 2, "x": 3, "i": 3}),
    "conv_1d_grouped": ("b g k x+2*i", "g n k i", "b g n x", {"b": 2, "g": 2, "x": 3, "i": 2}),
    "conv_nhwc_hwcf": ("b 2*y+i x+j k", "i j k n", "b y x n", {"b": 1, "y": 3, "i": 2, "x": 4, "j": 3}),
    "conv_nchw_fchw": ("b k y+i 2*x+j", "n k i j", "b n y x", {"b": 2, "y": 2, "i": 3, "x": 3, "j": 2}),
}


@dataclass
class Result:
    """One result of a map: the sum of stride * dimension, over a block."""

    terms: list[tuple[str, int]]
    block: int = 1

    def text(self) -> str:
        sum_ = " + ".join(d if s == 1 else f"{s} * {d}" for d, s in self.terms)
        return sum_ if self.block == 1 else f"{sum_} floordiv {self.block}"

    def extent(self, extents: dict[str, int]) -> int:
        last = sum(stride * (extents[dim] - 1) for dim, stride in self.terms)
        return -(-(last + 1) // self.block)


def parse(results: str) -> list[Result]:
    return [
        Result([(d, int(s or 1)) for s, d in re.findall(r"(?:(\d+)\*)?([a-z]+)", result)])
        for result in results.split()
    ]


def scale_map(elements: list[Result], blocks: dict[str, int], inner: int) -> list[Result]:
    """The map of scales over `blocks` of the elements; one value if empty."""
    if not blocks:
        return []
    results = []
    for result in elements:
        dim = result.terms[0][0]
        if dim == "kq":  # A block holds whole inner tiles.
            continue
        block = blocks.get(dim, 1) if len(result.terms) == 1 else 1
        results.append(Result(result.terms, block // inner if dim == "k" else block))
    return results


def map_text(dims: list[str], results: list[Result]) -> str:
    texts = ", ".join(r.text() for r in results)
    return f"affine_map<({', '.join(dims)}) -> ({texts})>"


def gather(array: np.ndarray, results: list[Result], extents: dict[str, int]) -> np.ndarray:
    """The operand's value at every point of the iteration domain."""
    dims = list(extents)
    index = []
    for result in results:
        position = np.zeros([1] * len(dims), dtype=np.int64)
        for dim, stride in result.terms:
            shape = [-1 if d == dim else 1 for d in dims]
            position = position + stride * np.arange(extents[dim]).reshape(shape)
        index.append(position // result.block)
    value = array[tuple(index)] if index else array.reshape([1] * len(dims))
    return np.broadcast_to(value, [extents[d] for d in dims])
