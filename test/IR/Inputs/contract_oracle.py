# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What mx.contract has to give: sums of exact products in float64.

The only part of f32 in the meaning is where values overflow: a block's sum is
rounded to f32 after scaling, and sums of blocks may pass the largest f32.
"""

import numpy as np

OVERFLOW = float(2**128 - 2**103)  # The smallest magnitude that rounds to Inf.
# Overflow, bits of the significand, exponent of the smallest subnormal.
NARROW = {"f16": (65520.0, 11, -24), "bf16": (float(2**128 - 2**119), 8, -133)}


class Expectation:
    """The exact result, how far off one may be, and where the order of
    additions decides whether f32 overflows.

    `terms` are the scaled products, the result's dimensions first; `steps` are
    the block sizes along the contracted dimensions, 0 for all of it."""

    def __init__(self, terms: np.ndarray, init: np.ndarray, steps: list[int], result: str):
        axes = tuple(range(init.ndim, terms.ndim))
        count = np.prod(terms.shape[init.ndim :], dtype=np.int64)
        magnitude = np.abs(terms).sum(axis=axes) + np.abs(init)
        blocks = terms
        for axis, step in zip(axes, steps):
            starts = np.arange(0, terms.shape[axis], step or max(terms.shape[axis], 1))
            blocks = np.add.reduceat(blocks, starts, axis=axis) if len(starts) else blocks
        blocks = blocks.reshape(*init.shape, int(np.prod(blocks.shape[init.ndim :])))
        infinite = np.copysign(np.inf, blocks)
        blocks = np.where(np.abs(blocks) >= OVERFLOW, infinite, blocks)
        self.unclear = _is_close(np.abs(blocks).max(axis=-1, initial=0), OVERFLOW)
        self.exact = init + terms.sum(axis=axes)
        special = ~np.isfinite(blocks).all(axis=-1)
        self.exact = np.where(special, blocks.sum(axis=-1), self.exact)
        self._find_partial_overflow(np.concatenate([init[..., None], blocks], axis=-1))
        self.exact = _overflow(self.exact, OVERFLOW)
        self.bound = (2.0**-20 + -(-count // 32) * 2.0**-24) * magnitude
        # f32 has nothing between 0 and its smallest subnormal.
        self.bound = self.bound + (blocks.shape[-1] + 1) * 2.0**-149
        if result in NARROW:
            limit, bits, smallest = NARROW[result]
            self.bound = self.bound + np.abs(self.exact) * 2.0**-bits + 2.0**smallest
            self.unclear |= _is_close(np.abs(self.exact), limit)
            self.exact = _overflow(self.exact, limit)

    def _find_partial_overflow(self, blocks: np.ndarray) -> None:
        sums = [np.where(s * blocks > 0, np.abs(blocks), 0).sum(axis=-1) for s in (1, -1)]
        for one, other in (sums, sums[::-1]):
            # Of finite blocks, so that Inf met by Inf is NaN in any order.
            many = (one > 0.99 * OVERFLOW) & np.isfinite(one)
            self.unclear |= many & ((other > 2.0**-20 * OVERFLOW) | _is_close(one, OVERFLOW))
        self.unclear &= ~np.isnan(self.exact)

    def errors(self, found: np.ndarray) -> str:
        """What is wrong with a result, or nothing."""
        exact = self.exact
        same = (found == exact) | (np.isnan(found) & np.isnan(exact))
        same |= np.isfinite(exact) & (np.abs(found - exact) <= self.bound)
        wrong = np.argwhere(~same & ~self.unclear)
        if not len(wrong):
            return ""
        at = tuple(wrong[0])
        return (
            f"{len(wrong)} of {same.size} wrong, at {[int(i) for i in at]}: "
            f"{found[at]}, expected {exact[at]} +- {self.bound[at]}"
        )


def _is_close(magnitude: np.ndarray, limit: float) -> np.ndarray:
    return (magnitude > 0.98 * limit) & (magnitude < 1.02 * limit)


def _overflow(values: np.ndarray, limit: float) -> np.ndarray:
    return np.where(np.abs(values) >= limit, np.copysign(np.inf, values), values)
