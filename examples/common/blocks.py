# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Block quantization in numpy and ml_dtypes: written from the formats'
specifications, apart from mx's own code, to compare mx's results with.
Blocks run along the last axis.
"""

from dataclasses import dataclass

import ml_dtypes
import numpy as np

# Element type, exponent of the largest value, the largest value (OCP MX v1.0).
ELEMENTS = {
    "mxfp8": (ml_dtypes.float8_e4m3fn, 8, 448.0),
    "mxfp8_e5m2": (ml_dtypes.float8_e5m2, 15, 57344.0),
    "mxfp6_e2m3": (ml_dtypes.float6_e2m3fn, 2, 7.5),
    "mxfp6_e3m2": (ml_dtypes.float6_e3m2fn, 4, 28.0),
    "mxfp4": (ml_dtypes.float4_e2m1fn, 2, 6.0),
}


@dataclass
class Blocks:
    """A tensor in blocks: the values of its elements, f32 (..., blocks, block),
    the last block filled with zeros; and a scale for each, (..., blocks), float64
    where scales are powers of two, f32 where they are not; and, in NVFP4, one for
    the whole tensor. `integers`: elements are small integers over a power of two."""

    elements: np.ndarray
    scales: np.ndarray
    tensor: np.float32 | None = None
    integers: bool = False


def _blocks(x: np.ndarray, block: int) -> np.ndarray:
    """x padded with zeros to whole blocks, as (..., blocks, block)."""
    pad = -x.shape[-1] % block
    x = np.pad(x, [(0, 0)] * (x.ndim - 1) + [(0, pad)])
    return x.reshape(*x.shape[:-1], -1, block)


def _round(x: np.ndarray, element, largest: float) -> np.ndarray:
    return np.clip(x, -largest, largest).astype(np.float32).astype(element).astype(np.float32)


def _mx(x: np.ndarray, name: str) -> Blocks:
    b = _blocks(x.astype(np.float64), 32)
    amax = np.abs(b).max(-1, keepdims=True)
    # frexp gives [0.5, 1): the exponent of amax is one less.
    exponent = np.frexp(amax)[1] - 1
    if name == "mxint8":
        scale = np.exp2(np.clip(np.where(amax > 0, exponent, -127), -127, 127))
        q = (np.clip(np.rint(b / scale * 64), -127, 127) / 64).astype(np.float32)
    else:
        element, emax, largest = ELEMENTS[name]
        scale = np.exp2(np.clip(np.where(amax > 0, exponent - emax, -127), -127, 127))
        q = _round(b / scale, element, largest)
    return Blocks(q, scale[..., 0], integers=name in ("mxint8", "mxfp6_e2m3", "mxfp4"))


def _nvfp4(x: np.ndarray) -> Blocks:
    x = x.astype(np.float32)
    b = _blocks(x, 16)
    tensor = np.float32(np.abs(x).max() / np.float32(448 * 6))
    if tensor == 0:
        return Blocks(np.zeros_like(b), np.zeros(b.shape[:-1], np.float32), tensor, integers=True)
    amax = np.abs(b).max(-1, keepdims=True)
    scale = np.clip(amax / np.float32(6) / tensor, np.float32(2**-6), np.float32(448))
    scale = scale.astype(ml_dtypes.float8_e4m3fn).astype(np.float32)
    factor = (np.float32(1) / tensor) / scale
    q = np.clip(b * factor, -6, 6).astype(ml_dtypes.float4_e2m1fn).astype(np.float32)
    return Blocks(q, scale[..., 0], tensor, integers=True)


def _deepseek(x: np.ndarray, rows: int) -> Blocks:
    b = _blocks(x.astype(np.float32), 128)
    amax = np.abs(b).max(-1)
    if rows > 1:  # Blocks of rows share a scale too.
        tiles = _blocks(np.swapaxes(amax, -1, -2), rows).max(-1)
        amax = np.swapaxes(np.repeat(tiles, rows, -1), -1, -2)[..., : amax.shape[-2], :]
    quotient = np.maximum(amax, np.float32(1e-4)) / np.float32(448)
    mantissa, exponent = np.frexp(quotient)
    scale = np.exp2(np.where(mantissa == 0.5, exponent - 1, exponent).astype(np.float64))
    return Blocks(_round(b / scale[..., None], ml_dtypes.float8_e4m3fn, 448.0), scale)


def quantize(x: np.ndarray, name: str | None, weight: bool = False) -> Blocks | np.ndarray:
    """x as the format `name` holds it (None: as it is). `weight` matters to
    deepseek_fp8 alone, whose weights have blocks of 128 rows."""
    if name is None:
        return x
    if name == "nvfp4":
        return _nvfp4(x)
    if name == "deepseek_fp8":
        return _deepseek(x, 128 if weight else 1)
    return _mx(x, name)


def dequantize(blocks: Blocks, extent: int) -> np.ndarray:
    """Elements times scales, f32, without what fills the last block."""
    scales = blocks.scales
    if blocks.tensor is not None:
        scales = scales * blocks.tensor
    values = (blocks.elements * scales[..., None]).astype(np.float32)
    return values.reshape(*values.shape[:-2], -1)[..., :extent]
