# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Operands of contractions: codes of every format, and what they stand for.

Lines along the block dimension are of different kinds: mixed signs, all
positive, one block that dominates, zeros, largest values, scale bytes 0, 254
and 255, NaN and Inf.
"""

from dataclasses import dataclass

import ml_dtypes
import numpy as np

# MLIR's element type: numpy's type, number of codes.
TYPES = {
    "f8E4M3FN": (ml_dtypes.float8_e4m3fn, 256),
    "f8E5M2": (ml_dtypes.float8_e5m2, 256),
    "f6E2M3FN": (ml_dtypes.float6_e2m3fn, 64),
    "f6E3M2FN": (ml_dtypes.float6_e3m2fn, 64),
    "f4E2M1FN": (ml_dtypes.float4_e2m1fn, 16),
    "i8": (np.int8, 256),
    "f8E8M0FNU": (ml_dtypes.float8_e8m0fnu, 256),
    "f16": (np.float16, None),
    "bf16": (ml_dtypes.bfloat16, None),
    "f32": (np.float32, None),
}


@dataclass
class Format:
    """An operand's element type and, per scale, its type and its blocks."""

    element: str
    scales: tuple[tuple[str, dict[str, int]], ...] = ()
    fraction_bits: bool = False


def decode(array: np.ndarray, type_: str, fraction_bits: bool = False) -> np.ndarray:
    """float64 values of codes, or of floats as they are."""
    if type_ == "f8E8M0FNU":
        return np.where(array == 255, np.nan, np.exp2(array.astype(np.float64) - 127))
    dtype = TYPES[type_][0]
    values = array if array.dtype == dtype else array.view(dtype)
    return values.astype(np.float64) / (64 if fraction_bits else 1)


def encode(values: np.ndarray, type_: str) -> np.ndarray:
    """The array as mx-run takes it."""
    array = np.asarray(values, dtype=np.float32).astype(TYPES[type_][0])
    return array.view(np.uint16) if type_ == "bf16" else array


def _element_line(rng, type_: str, size: int) -> np.ndarray:
    kind = rng.choice(["mixed", "positive", "zero", "largest", "special"], p=[0.5, 0.3, 0.06, 0.09, 0.05])
    dtype, count = TYPES[type_]
    if count is None:
        line = rng.standard_normal(size)
        if kind == "special" and size:
            line[rng.integers(size)] = rng.choice([np.nan, np.inf, -np.inf])
        return {"positive": np.abs(line), "zero": np.zeros(size)}.get(kind, line)
    everything = np.arange(count, dtype=np.uint8)
    values = everything.view(dtype).astype(np.float64)
    finite = everything[np.isfinite(values)]
    positive = everything[np.isfinite(values) & (values >= 0) & ~np.signbit(values)]
    line = rng.choice(positive if kind == "positive" else finite, size)
    if kind == "zero":
        line[:] = 0
    if kind == "largest":
        line[:] = positive[np.argmax(values[positive])]
    specials = everything[~np.isfinite(values)]
    if kind == "special" and len(specials) and size:
        line[rng.integers(size)] = rng.choice(specials)
    return line


def _scale_line(rng, type_: str, size: int) -> np.ndarray:
    kind = rng.choice(["near", "dominated", "low", "high", "extremes", "nan"], p=[0.5, 0.25, 0.07, 0.07, 0.06, 0.05])
    line = rng.integers(120, 134, size)
    if size and kind == "dominated":
        line[rng.integers(size)] += 30
    line = {"low": 0 * line, "high": 0 * line + 254}.get(kind, line)
    if kind == "extremes":
        line = rng.choice([0, 127, 254], size)
    special = kind == "nan" and size > 0
    if type_ == "f8E8M0FNU":
        if special:
            line[rng.integers(size)] = 255
        return line.astype(np.uint8)
    # Other types: the same exponents, held in their range, and a mantissa.
    limit = 8 if type_ == "f8E4M3FN" else 40
    values = np.exp2(np.clip(line - 127.0, -limit, limit)) * rng.uniform(1, 1.75, size)
    if special:
        values[rng.integers(size)] = np.nan
    if type_ == "f8E4M3FN":
        return values.astype(np.float32).astype(ml_dtypes.float8_e4m3fn).view(np.uint8)
    return values


def make(rng, type_: str, shape: list[int], axis: int | None, scale: bool) -> np.ndarray:
    """An operand in codes, or in f32 where the type is wide, whose lines along
    `axis` are each of one kind."""
    if axis is None:
        shape, axis = [*shape, 1], len(shape)
        return make(rng, type_, shape, axis, scale).reshape(shape[:-1])
    others = [extent for index, extent in enumerate(shape) if index != axis]
    lines = [
        (_scale_line if scale else _element_line)(rng, type_, shape[axis])
        for _ in range(int(np.prod(others)))
    ]
    wide = TYPES[type_][1] is None
    array = np.array(lines, dtype=np.float32 if wide else np.uint8).reshape([*others, shape[axis]])
    array = np.ascontiguousarray(np.moveaxis(array, -1, axis))
    return encode(array, type_) if wide else array
