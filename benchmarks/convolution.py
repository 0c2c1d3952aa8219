# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Convolutions for mx-run and its peers."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass(frozen=True)
class Convolution:
    """Of one image of [channels][pixels][pixels], padded before, with constant `filters`
    of kernel x kernel and a step of `stride`, in f32."""

    pixels: int
    channels: int
    filters: int
    kernel: int
    stride: int

    @property
    def extent(self) -> int:
        """Of the result's sides."""
        return (self.pixels - self.kernel) // self.stride + 1

    @property
    def weight_count(self) -> int:
        return self.filters * self.channels * self.kernel**2

    @property
    def flop(self) -> float:
        return 2.0 * self.extent**2 * self.weight_count

    def make_arrays(self) -> tuple[np.ndarray, np.ndarray]:
        """The image and the filters."""
        rng = np.random.default_rng(0)
        image = (1, self.channels, self.pixels, self.pixels)
        filters = (self.filters, self.channels, self.kernel, self.kernel)
        return rng.standard_normal(image, np.float32), rng.standard_normal(filters, np.float32)


def write_convolution(case: Convolution, folder: Path) -> tuple[Path, list[Path]]:
    """The program of `case` and its input, as files in `folder`."""
    image, filters = case.make_arrays()
    x, w = (f"tensor<{'x'.join(map(str, array.shape))}xf32>" for array in (image, filters))
    y = f"tensor<1x{case.filters}x{case.extent}x{case.extent}xf32>"
    program, array = folder / "convolution.mlir", folder / "x.npy"
    program.write_text(
        f"func.func @convolution(%x: {x}) -> {y} {{\n"
        f"  %w = arith.constant dense_resource<w> : {w}\n"
        f"  %zero = arith.constant 0.0 : f32\n  %empty = tensor.empty() : {y}\n"
        f"  %init = linalg.fill ins(%zero : f32) outs(%empty : {y}) -> {y}\n"
        f"  %y = linalg.conv_2d_nchw_fchw {{strides = dense<{case.stride}> : tensor<2xi64>}}\n"
        f"    ins(%x, %w : {x}, {w}) outs(%init : {y}) -> {y}\n  return %y : {y}\n}}\n"
        # Four bytes of alignment, then the elements.
        f'{{-# dialect_resources: {{ builtin: {{ w: "0x04000000{filters.tobytes().hex()}" }} }} #-}}\n'
    )
    np.save(array, image)
    return program, [array]
