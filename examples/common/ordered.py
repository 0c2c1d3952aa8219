# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Sums in f32, one addend after the other, and exp and erf as mx-expand-math
writes them: what mx-run computes, to the bit."""

from collections.abc import Sequence

import numpy as np

from .blocks import Blocks

# The polynomials of lib/Transforms/ExpandMath.cpp, highest power first.
EXPM1 = [float.fromhex(c) for c in (
    "0x1.6ac018p-10", "0x1.122c3ap-7", "0x1.55579ap-5", "0x1.5554aap-3", "0x1.fffffep-2",
)]  # fmt: skip
LOG_ERFC = [float.fromhex(c) for c in (
    "-0x1.3afac0p-17", "-0x1.f283c2p-14", "-0x1.4e2748p-11", "-0x1.b74370p-10", "-0x1.63746ap-13",
    "0x1.39b7ccp-6", "0x1.a4f8c4p-4", "-0x1.45f300p-1", "0x1.06eba8p-3",
)]  # fmt: skip


def fma(x: np.ndarray, y: np.ndarray | float, z: np.ndarray | float) -> np.ndarray:
    """x * y + z of f32, rounded once."""
    product = np.multiply(x, y, dtype=np.float64)  # Exact.
    total = product + z
    back = total - product
    lost = (product - (total - back)) + (z - back)
    # Of the two f64 around a sum that is none, take the odd one: it is no tie
    # between two f32, so that rounding it is rounding the sum.
    is_even = total.view(np.int64) & 1 == 0
    odd = np.nextafter(total, np.copysign(np.inf, lost))
    return np.where(is_even & (np.abs(lost) > 0), odd, total).astype(np.float32)


def _horner(coefficients: Sequence[float], x: np.ndarray) -> np.ndarray:
    result = np.full_like(x, coefficients[0])
    for coefficient in coefficients[1:]:
        result = fma(result, x, coefficient)
    return result


def _power(n: np.ndarray) -> np.ndarray:
    """2^n as f32, for n of i32."""
    return ((n + 127) << 23).view(np.float32)


def _reduce(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """n and rest of exp(x) = 2^n * (1 + rest)."""
    magic = np.float32(1.5 * 2**23)
    n = fma(x, float.fromhex("0x1.715476p0"), magic) - magic
    r = fma(n, float.fromhex("-0x1.62e430p-1"), x)
    r = fma(n, float.fromhex("0x1.05c610p-29"), r)
    return n.astype(np.int32), fma(_horner(EXPM1, r), r * r, r)


def exp(x: np.ndarray) -> np.ndarray:
    n, rest = _reduce(np.clip(x, np.float32(-104), np.float32(89)))
    power = _power(n >> 1)
    return fma(rest, power, power) * _power(n - (n >> 1))


def erf(x: np.ndarray) -> np.ndarray:
    u = np.maximum(-np.abs(x), np.float32(-3.95))
    n, rest = _reduce(fma(_horner(LOG_ERFC, u), u, u))
    power = _power(n)
    return np.copysign(fma(rest, power, power - np.float32(1)), x)


def total(x: np.ndarray, axis: int) -> np.ndarray:
    """The sum along `axis`, which stays with extent 1."""
    return np.take(np.add.accumulate(x, axis), [-1], axis)


def parts_of_rows(x: np.ndarray) -> np.ndarray:
    """The addends of sums along the last dimension, as mx-split-sums writes them: the
    elements, or if there are 32 and more the 16 sums of every 16th."""
    length = x.shape[-1]
    if length < 32:
        return x
    padding = np.full((*x.shape[:-1], -length % 16), -0.0, np.float32)
    parts = np.concatenate([x, padding], -1).reshape(*x.shape[:-1], -1, 16)
    return total(parts, -2)[..., 0, :]


def total_of_rows(x: np.ndarray) -> np.ndarray:
    """The sum along the last dimension, which stays with extent 1, of its parts."""
    return total(parts_of_rows(x), -1)


# kPiece of lib/Transforms/RegisterTile.cpp.
PIECE = 128


def _paired(x: np.ndarray) -> np.ndarray:
    """The last dimension in the order that x86's dot product of bf16 pairs adds in,
    and others after it: of each pair the second first."""
    even = x.shape[-1] // 2 * 2
    order = np.arange(x.shape[-1])
    order[:even] ^= 1
    return x[..., order]


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
    others elements are scaled, then each product is added to the sum of its piece by
    a fused multiply-add, and pieces' sums to the result. Scales of whole tensors apply
    to the sums. This is what register tiles do, which ordinary scales get."""
    if all(isinstance(x, Blocks) and x.integers for x in (a, b)):
        result = _add_blocks(a, b)
    else:
        left, right = _scaled(a), _scaled(b)
        extent = min(left.shape[-1], right.shape[-1])  # Blocks may be padded.
        left, right = left[..., :extent], right[..., :extent]
        result = np.zeros((*left.shape[:-1], right.shape[-2]), np.float32)
        # Products of elements are exact in f32.
        add = _add_products if all(isinstance(x, Blocks) for x in (a, b)) else _add_fused
        for k in range(0, extent, PIECE):
            sums = np.zeros_like(result)
            add(_paired(left[..., k : k + PIECE]), _paired(right[..., k : k + PIECE]), sums)
            result += sums
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
