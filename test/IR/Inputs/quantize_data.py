# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Values that meet every decision of the scale rules and of rounding."""

import numpy as np
from quantize_oracle import ELEMENTS, decode

# Mantissa fields at which a rule takes the next exponent: those of the formats'
# largest values, of these and half an ulp, and of 464.
FIELDS = (0x400000, 0x600000, 0x680000, 0x700000, 0x780000, 0x7E0000, 0x7F0000)
WIDTH = 40  # One block of 32 and a short one of 8.


def _amax_rows(rng) -> np.ndarray:
    """A row for each f32 exponent and interesting mantissa of its maximum."""
    fields = {0, 1, 0x7FFFFE, 0x7FFFFF}.union(*({f - 1, f, f + 1} for f in FIELDS))
    amax = np.array([e << 23 | f for e in range(255) for f in sorted(fields)], np.int64)
    rows = np.repeat(amax[:, None], WIDTH, 1)
    # Smaller by up to 20 binades, mantissas long and, for ties, short.
    rows = np.maximum(rows - rng.integers(0, 20 << 23, rows.shape), 0)
    short = rng.random(rows.shape) < 0.5
    rows[short] &= 0x7FF80000
    rows[rng.random(rows.shape) < 0.05] = 0
    every = np.arange(len(rows))
    for first, last in ((0, 32), (32, WIDTH)):
        rows[every, rng.integers(first, last, len(rows))] = amax
    return (rows | rng.integers(0, 2, rows.shape) << 31).astype(np.uint32).view(np.float32)


def _rounding_rows(element: str) -> np.ndarray:
    """Every value of the format, every boundary between two, both neighbours of
    each, at scales from the least to near the largest."""
    codes = np.arange(256 if element in ("f8E4M3FN", "f8E5M2", "i8") else 64 if "f6" in element else 16)
    values = decode(codes.astype(np.uint8), element)
    values = np.unique(values[np.isfinite(values)])
    values = np.concatenate([values, (values[1:] + values[:-1]) / 2]).astype(np.float32)
    beside = [np.nextafter(values, np.float32(s * np.inf)) for s in (1, -1)]
    values = np.concatenate([values, *beside])
    values = values[np.abs(values) <= ELEMENTS[element][3]]
    values = np.append(values, np.zeros(-len(values) % (WIDTH - 2), np.float32))
    rows = values.reshape(-1, WIDTH - 2)
    # The largest value of the format in both blocks gives floor its scale.
    largest = np.full((len(rows), 1), ELEMENTS[element][3], np.float32)
    rows = np.concatenate([rows[:, :31], largest, rows[:, 31:], largest], 1)
    return np.concatenate([np.ldexp(rows, e) for e in (-127, -120, -3, 0, 100)])


def _special_rows() -> np.ndarray:
    rows = np.full((8, WIDTH), 1.5, np.float32)
    rows[0, 3], rows[0, 35] = np.nan, np.inf
    rows[1, 31], rows[1, 32] = -np.inf, -np.nan
    rows[2, 0], rows[2, 1] = np.inf, np.nan
    rows[3] = 0.0
    rows[4] = -0.0
    rows[5] = np.where(np.arange(WIDTH) % 2, 1e-45, -1e-45)
    rows[6] = np.inf
    rows[7] = np.float32(3e38) * np.where(np.arange(WIDTH) % 3, 1, -1)
    return rows


def make(element: str) -> np.ndarray:
    rng = np.random.default_rng(1)
    return np.concatenate([_special_rows(), _rounding_rows(element), _amax_rows(rng)])
