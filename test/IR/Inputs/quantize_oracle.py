# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Block quantization in numpy and ml_dtypes, written from the definitions:
scale rules on integers and exact float64, elements rounded by ml_dtypes."""

import ml_dtypes
import numpy as np

# MLIR's element type: numpy's type, emax, mantissa bits, max (OCP MX v1.0).
ELEMENTS = {
    "f8E4M3FN": (ml_dtypes.float8_e4m3fn, 8, 3, 448.0),
    "f8E5M2": (ml_dtypes.float8_e5m2, 15, 2, 57344.0),
    "f6E3M2FN": (ml_dtypes.float6_e3m2fn, 4, 2, 28.0),
    "f6E2M3FN": (ml_dtypes.float6_e2m3fn, 2, 3, 7.5),
    "f4E2M1FN": (ml_dtypes.float4_e2m1fn, 2, 1, 6.0),
    "i8": (None, 0, 6, 127 / 64),
}
NAN_CODE = {"f8E4M3FN": 0x7F, "f8E5M2": 0x7F}
RULES = ("floor", "ceil", "even", "rceil", "deepseek", "tosa")


def variants(element: str):
    """The pairs of rule and special-value policy that `element` defines."""
    for rule in RULES:
        if rule == "deepseek" and element != "f8E4M3FN":
            continue
        yield rule, "default"
        if rule == "rceil" and element in NAN_CODE:
            yield rule, "te"
        if rule in ("deepseek", "tosa"):
            yield rule, rule


def _power_above(quotient: np.ndarray) -> np.ndarray:
    """The byte of the least power of two that is no less."""
    mantissa, exponent = np.frexp(quotient.astype(np.float64))
    return np.where(quotient > 0, np.where(mantissa == 0.5, exponent - 1, exponent) + 127, 0)


def scale_bytes(amax: np.ndarray, element: str, rule: str, special: str) -> np.ndarray:
    """Bytes for the largest magnitudes of blocks, f32; NaN counts as largest."""
    _, emax, bits, largest = ELEMENTS[element]
    code = amax.view(np.uint32).astype(np.int64) & 0x7FFFFFFF
    e, m = code >> 23, code & 0x7FFFFF
    finite = np.where(np.isfinite(amax), amax, np.float32(1))
    if rule == "floor":
        byte = e - emax
    elif rule == "ceil":
        byte = e - emax + (m != 0)
    elif rule == "even":
        byte = ((code + (1 << (22 - bits))) >> 23) - emax
    elif rule == "rceil":
        byte = _power_above(finite / np.float32(largest))
    elif rule == "deepseek":
        byte = np.maximum(_power_above(np.maximum(finite, np.float32(1e-4)) / np.float32(448)), 1)
    else:
        # The least k with amax <= (for E4M3) or < bound * 2^k.
        bound = 464.0 if element == "f8E4M3FN" else largest + 2.0 ** (emax - bits - 1)
        (f, n), (fb, nb) = np.frexp(finite.astype(np.float64)), np.frexp(bound)
        above = f > fb if element == "f8E4M3FN" else f >= fb
        byte = np.where(finite > 0, n - nb + above + 127, 0)
    byte = np.clip(byte, 0, 254)
    infinite = 254 if special in ("te", "deepseek") else 255
    byte = np.where(np.isinf(amax), infinite, byte)
    return np.where(np.isnan(amax), 254 if special == "deepseek" else 255, byte).astype(np.uint8)


def encode(values: np.ndarray, element: str, low: int = -127) -> np.ndarray:
    """Codes of float64 values, saturating; 0 for NaN."""
    dtype, _, _, largest = ELEMENTS[element]
    values = np.where(np.isnan(values), 0.0, values)
    if dtype is None:
        return np.clip(np.rint(values * 64), low, 127).astype(np.int8).view(np.uint8)
    return np.clip(values, -largest, largest).astype(dtype).view(np.uint8)


def spread(scales: np.ndarray, blocks: list[int], results: list[int], shape) -> np.ndarray:
    """Each element's scale: dimension i of `scales` has a scale per blocks[i]
    indices of dimension results[i]; -1 stands for the result 0."""
    index = [
        np.zeros((1,) * len(shape), np.int64)
        if d < 0
        else (np.arange(shape[d]) // block).reshape([-1 if i == d else 1 for i in range(len(shape))])
        for d, block in zip(results, blocks)
    ]
    return np.broadcast_to(scales[tuple(index)] if index else scales, shape)


def block_amax(x: np.ndarray, blocks: list[int], results: list[int]) -> np.ndarray:
    """Largest magnitude of each block, as f32."""
    shape = [1 if d < 0 else -(-x.shape[d] // block) for d, block in zip(results, blocks)]
    number = np.arange(int(np.prod(shape)), dtype=np.int64).reshape(shape)
    bits = np.zeros(number.size, np.uint32)
    magnitude = x.astype(np.float32).view(np.uint32) & 0x7FFFFFFF
    np.maximum.at(bits, spread(number, blocks, results, x.shape).ravel(), magnitude.ravel())
    return bits.view(np.float32).reshape(shape)


def quantize(x: np.ndarray, element: str, rule: str, special: str, blocks, results):
    """Codes and scale bytes of f32 values."""
    bytes_ = scale_bytes(block_amax(x, blocks, results), element, rule, special)
    byte = spread(bytes_, blocks, results, x.shape)
    exponent = byte.astype(np.int64) - 127
    if special == "te":  # A byte of 0 divides by 1.
        exponent = np.where(byte == 0, 0, exponent)
    scaled = np.ldexp(x.astype(np.float64), -exponent)
    codes = encode(scaled, element, -128 if special == "tosa" else -127)
    invalid = (byte == 255) | np.isnan(x)
    return np.where(invalid, NAN_CODE.get(element, 0), codes).astype(np.uint8), bytes_


def decode(codes: np.ndarray, element: str) -> np.ndarray:
    dtype = ELEMENTS[element][0]
    return codes.view(np.int8) / 64.0 if dtype is None else codes.view(dtype).astype(np.float64)
