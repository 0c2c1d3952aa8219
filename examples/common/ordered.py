# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Sums in f32, one addend after the other, and libm's functions: what mx-run
computes, to the bit."""

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


def _scaled(x: Blocks | np.ndarray) -> np.ndarray:
    """Elements times the scales of their blocks, exact."""
    if not isinstance(x, Blocks):
        return x
    values = x.elements * x.scales.astype(np.float32)[..., None]
    return values.reshape(*values.shape[:-2], -1)


def contract_scaled(a: Blocks | np.ndarray, b: Blocks | np.ndarray) -> np.ndarray:
    """a (..., m, k) times b (..., n, k) as mx-run --target=cpu computes it:
    products of integers are added up in each block and then scaled, exactly; of
    others elements are scaled, then each product is added to the sum by a fused
    multiply-add. Scales of whole tensors apply to the sums."""
    if all(isinstance(x, Blocks) and x.integers for x in (a, b)):
        result = _add_blocks(a, b)
    else:
        left, right = _scaled(a), _scaled(b)
        extent = min(left.shape[-1], right.shape[-1])  # Blocks may be padded.
        left, right = left[..., :extent], right[..., :extent]
        result = np.zeros((*left.shape[:-1], right.shape[-2]), np.float32)
        if all(isinstance(x, Blocks) for x in (a, b)):
            _add_products(left, right, result)  # Products are exact in f32.
        else:
            _add_fused(left, right, result)
    for x in (a, b):
        if isinstance(x, Blocks) and x.tensor is not None:
            result *= x.tensor
    return result


def _add_blocks(a: Blocks, b: Blocks) -> np.ndarray:
    """The sum over blocks of their integers' products times both scales: each
    exact in f32 before it is added."""
    result = np.zeros((*a.elements.shape[:-2], b.elements.shape[-3]), np.float32)
    for index in range(a.elements.shape[-2]):
        sums = a.elements[..., index, :] @ np.swapaxes(b.elements[..., index, :], -1, -2)
        result += (sums * a.scales[..., index, None] * b.scales[..., None, :, index]).astype(np.float32)
    return result


def _add_fused(left: np.ndarray, right: np.ndarray, result: np.ndarray) -> None:
    """As _add_products, with one rounding for a product and its sum."""
    # An f64 holds the product of two f32. Adding to it rounds, then rounding to f32
    # once more; the two differ from one rounding about once in 2^29 times.
    left, right = (np.ascontiguousarray(np.moveaxis(x, -1, 0)).astype(np.float64) for x in (left, right))
    sums = np.empty(result.shape)
    for k in range(len(left)):
        np.multiply(left[k][..., :, None], right[k][..., None, :], out=sums)
        np.add(sums, result, out=sums)
        result[...] = sums


def contract_blocks(a: Blocks | np.ndarray, b: Blocks | np.ndarray) -> np.ndarray:
    """a (..., m, k) times b (..., n, k) as mx-run --target=reference computes it:
    the elements' products are added up in each block, then scaled, then added to
    the result. A side without blocks has no scale; if both have them, these are of
    one size."""
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
                scale = x.scales[..., index][shape]
                scales.append(scale if x.tensor is None else x.tensor * scale)
        powers = np.float64(1)
        for scale in scales:
            if scale.dtype == np.float32:
                sums = sums * scale
            else:  # Powers of two are multiplied with each other first.
                powers = powers * scale
        result += (sums * powers).astype(np.float32)
    return result
