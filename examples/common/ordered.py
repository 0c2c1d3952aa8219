# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Sums in f32, one addend after the other, and libm's functions: what the plain
loops of mx-run --target=reference compute, to the bit."""

import ctypes
import ctypes.util

import numpy as np

from .blocks import Blocks


def _libm(name: str):
    function = getattr(ctypes.CDLL(ctypes.util.find_library("m")), name)
    function.restype, function.argtypes = ctypes.c_float, [ctypes.c_float]
    vectorized = np.frompyfunc(function, 1, 1)
    return lambda x: vectorized(x).astype(np.float32)


exp, erf = _libm("expf"), _libm("erff")


def total(x: np.ndarray, axis: int) -> np.ndarray:
    """The sum along `axis`, which stays with extent 1."""
    return np.take(np.add.accumulate(x, axis), [-1], axis)


def _add_products(a: np.ndarray, b: np.ndarray, sums: np.ndarray) -> None:
    """Adds a[..., m, k] * b[..., n, k] to sums[..., m, n], k after k."""
    a, b = (np.ascontiguousarray(np.moveaxis(x, -1, 0)) for x in (a, b))
    products = np.empty_like(sums)
    for k in range(len(a)):
        np.multiply(a[k][..., :, None], b[k][..., None, :], out=products)
        np.add(sums, products, out=sums)


def contract(a: Blocks | np.ndarray, b: Blocks | np.ndarray) -> np.ndarray:
    """a (..., m, k) times b (..., n, k): the elements' products are added up in
    each block, then scaled, then added to the result. A side without blocks has no
    scale; if both have them, these are of one size."""
    sides = [x for x in (a, b) if isinstance(x, Blocks)]
    factors = [x.elements if isinstance(x, Blocks) else x[..., None, :] for x in (a, b)]
    if len(sides) == 1:  # Cut the other side into the same blocks.
        block = sides[0].elements.shape[-1]
        plain = a if sides[0] is b else b
        pad = [(0, 0)] * (plain.ndim - 1) + [(0, -plain.shape[-1] % block)]
        cut = np.pad(plain, pad).reshape(*plain.shape[:-1], -1, block)
        factors = [cut if x is plain else f for x, f in zip((a, b), factors)]
    left, right = factors
    result = np.zeros((*left.shape[:-2], right.shape[-3]), np.float32)
    for index in range(left.shape[-2]):
        if not sides:
            _add_products(left[..., index, :], right[..., index, :], result)
            continue
        sums = np.zeros_like(result)
        _add_products(left[..., index, :], right[..., index, :], sums)
        scales = []
        for x, shape in ((a, (..., slice(None), None)), (b, (..., None, slice(None)))):
            if isinstance(x, Blocks):
                scales.append(x.scales[..., index][shape])
        powers = np.float64(1)
        for scale in scales:
            if scale.dtype == np.float32:
                sums = sums * scale
            else:  # Powers of two are multiplied with each other first.
                powers = powers * scale
        result += (sums * powers).astype(np.float32)
    return result
