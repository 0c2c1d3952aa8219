# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python
# RUN: %python %s %t
"""Convolutions as matrix products: against sums in float64 if they are of f32, against
plain loops over the same codes and scales if they are quantized. All layouts, strides,
dilations, groups, several images, windows of one index, dynamic shapes, and images so
large that they are unfolded one after the other, or in rows."""

import pathlib
import subprocess
import sys

import numpy as np

from examples.common.mx_run import mx_run
from examples.library.model import Model

# Op, indices of image, filter and result, extents, strides and dilations of y and x. Of
# a window, what counts the result and what counts the filter.
CONVOLUTIONS = [
    ("conv_2d_nhwc_hwcf", "n yi xj c, i j c f, n y x f", "n2 y7 x9 f20 i3 j3 c64", (1, 1), (1, 1)),
    ("conv_2d_nhwc_hwcf", "n yi xj c, i j c f, n y x f", "n1 y5 x6 f33 i3 j2 c40", (2, 3), (2, 1)),
    ("conv_2d_nhwc_fhwc", "n yi xj c, f i j c, n y x f", "n3 y4 x5 f17 i2 j3 c96", (2, 2), (1, 1)),
    ("conv_2d_nchw_fchw", "n c yi xj, f c i j, n f y x", "n2 c64 y9 x7 f24 i3 j3", (1, 1), (1, 1)),
    ("conv_2d_nchw_fchw", "n c yi xj, f c i j, n f y x", "n1 c3 y11 x13 f16 i7 j7", (2, 2), (1, 1)),
    ("conv_2d_nchw_fchw", "n c yi xj, f c i j, n f y x", "n2 c160 y6 x7 f35 i1 j1", (1, 1), (1, 1)),
    ("conv_2d_nchw_fchw", "n c yi xj, f c i j, n f y x", "n2 c160 y6 x7 f35 i1 j1", (2, 2), (1, 1)),
    ("conv_2d_nhwc_hwcf", "n yi xj c, i j c f, n y x f", "n1 y6 x7 f35 i1 j1 c160", (1, 1), (1, 1)),
    ("conv_2d_nhwc_hwcf", "n yi xj c, i j c f, n y x f", "n1 y6 x7 f35 i1 j3 c33", (2, 1), (1, 1)),
    ("conv_2d_ngchw_fgchw", "n g c yi xj, f g c i j, n g f y x", "n2 g3 f19 y5 x6 c64 i3 j3", (1, 1), (1, 1)),
    ("conv_2d_nhwc_hwcf", "n yi xj c, i j c f, n y x f", "n3 y40 x40 f9 i3 j3 c128", (1, 1), (1, 1)),
    ("conv_2d_nchw_fchw", "n c yi xj, f c i j, n f y x", "n1 c128 y64 x62 f9 i3 j3", (1, 1), (1, 1)),
    ("conv_1d_nwc_wcf", "n xj c, j c f, n x f", "n2 x37 f20 j5 c64", (0, 2), (0, 3)),
    ("conv_1d_nwc_wcf", "n xj c, j c f, n x f", "n1 x7 f0 j3 c8", (0, 1), (0, 1)),
    ("conv_1d_ncw_fcw", "n c xj, f c j, n f x", "n1 c80 x10007 f8 j3", (0, 1), (0, 1)),
    ("conv_1d_ncw_fcw", "n c xj, f c j, n f x", "n2 c64 x37 f20 j5", (0, 1), (0, 1)),
]
DEPTHWISE = ("depthwise_conv_2d_nhwc_hwc", "n yi xj c, i j c, n y x c", "n2 y9 x7 i3 j3 c40", (2, 2), (1, 1))
WINDOWS = {"yi": ("y", "i", 0), "xj": ("x", "j", 1)}
# Weights and activations.
FORMATS = [("mxfp8", "mxfp8"), ("mxint8", "mxint8"), ("mxfp4", "mxfp4"), ("mxfp6_e2m3", "mxfp8"), ("nvfp4", "none")]
rng = np.random.default_rng(5)


class Convolution:
    def __init__(self, op, indices, extents, strides, dilations):
        self.op = op
        self.size = {text[0]: int(text[1:]) for text in extents.split()}
        self.indices = [operand.split() for operand in indices.split(",")]
        self.strides, self.dilations = strides, dilations
        self.arrays = []
        for operand in self.indices:
            shape = [self.extent(index) for index in operand]
            lines = np.exp2(rng.integers(-6, 7, (*shape[:-1], 1)))  # Scales differ.
            self.arrays.append((rng.standard_normal(shape) * lines).astype(np.float32))

    def extent(self, index):
        if index not in WINDOWS:
            return self.size[index]
        outer, inner, axis = WINDOWS[index]
        return self.strides[axis] * (self.size[outer] - 1) + self.dilations[axis] * (self.size[inner] - 1) + 1

    def text(self, dynamic):
        """The program; extents of the indices in `dynamic` are not in its types."""
        image, kernel, result = (
            f"tensor<{'x'.join('?' if set(i) & set(dynamic) else str(self.extent(i)) for i in operand)}xf32>"
            for operand in self.indices
        )
        axes = [axis for index, (_, _, axis) in WINDOWS.items() if index in self.indices[0]]

        def dense(values):
            return f"dense<[{', '.join(str(values[axis]) for axis in axes)}]> : tensor<{len(axes)}xi64>"

        return (
            f"func.func @main(%a: {image}, %b: {kernel}, %c: {result}) -> {result} {{\n"
            f"  %0 = linalg.{self.op} {{strides = {dense(self.strides)}, dilations = {dense(self.dilations)}}}"
            f" ins(%a, %b : {image}, {kernel}) outs(%c : {result}) -> {result}\n  return %0 : {result}\n}}\n"
        )

    def products(self):
        """The result and the sum of its terms' magnitudes, in float64."""
        image = self.arrays[0].astype(np.float64)
        names = list(self.indices[0])
        for index, (outer, inner, axis) in WINDOWS.items():
            if index not in names:
                continue
            place = names.index(index)
            rows = np.arange(self.size[outer])[:, None] * self.strides[axis]
            at = rows + np.arange(self.size[inner])[None] * self.dilations[axis]
            image = np.take(image, at, place)
            names[place : place + 1] = [outer, inner]
        rule = f"{''.join(names)},{''.join(self.indices[1])}->{''.join(self.indices[2])}"
        kernel, init = self.arrays[1].astype(np.float64), self.arrays[2].astype(np.float64)
        total = np.einsum(rule, image, kernel, optimize=True) + init
        return total, np.einsum(rule, np.abs(image), np.abs(kernel), optimize=True) + np.abs(init)


# Contractions as no pass writes them: elements and scales of both sides, types and maps.
CONTRACTS = [
    # A scale of the image for each place, one for blocks of the window's indices (left alone).
    ("(w + x, c floordiv 32)", "9x2xf32", None, "", 3),
    ("(w + x, x floordiv 2, c floordiv 32)", "9x2x2xf32", None, "", 3),
    ("(w floordiv 2, c)", "4x64xf32", None, "", 3),
    # Of the filter, of windows with one index.
    (None, "", "(x)", "1xf32", 1),
    (None, "", "(x floordiv 2)", "1xf32", 1),
    (None, "", "(x, c floordiv 32)", "1x2xf32", 1),
]


def check_contracts(program):
    failures = 0
    for image_map, image_scale, kernel_map, kernel_scale, taps in CONTRACTS:
        pixels = 7 + taps - 1
        maps, arguments, arrays, sides = [], [], [], []
        for side, name, shape, index, scale_map, scale in (
            ("lhs", "a", (2, pixels, 64), "n, w + x, c", image_map, image_scale),
            ("rhs", "b", (taps, 64, 20), "x, c, f", kernel_map, kernel_scale),
        ):
            types = [f"tensor<{'x'.join(map(str, shape))}xf8E4M3FN>"]
            codes = rng.integers(0, 127, shape, np.uint8) | rng.integers(0, 2, shape, np.uint8) << 7
            arrays.append(codes)
            arguments.append(f"%{name}: {types[0]}")
            maps.append(f"affine_map<(n, w, f, x, c) -> ({index})>")
            if scale_map:
                types.append(f"tensor<{scale}>")
                arrays.append(rng.random([int(size) for size in scale.split("x")[:-1]], np.float32))
                arguments.append(f"%{name}s: {types[1]}")
                maps.append(f"affine_map<(n, w, f, x, c) -> {scale_map}>")
            sides.append(f"{side}(%{name}{f' scaled %{name}s' if scale_map else ''} : {', '.join(types)})")
        result = "tensor<2x7x20xf32>"
        maps.append("affine_map<(n, w, f, x, c) -> (n, w, f)>")
        arrays.append(np.zeros((2, 7, 20), np.float32))
        program.write_text(
            f"func.func @main({', '.join(arguments)}, %c: {result}) -> {result} {{\n  %0 = mx.contract indexing_maps"
            f" = [{', '.join(maps)}] {' '.join(sides)} outs(%c : {result}) -> {result}\n  return %0 : {result}\n}}\n"
        )
        found, plain = (mx_run("mx-run", program, arrays, 1, f"--target={t}").outputs[0] for t in ("cpu", "reference"))
        # Sums of terms with either sign; a term is far larger than what rounding does.
        if not (np.abs(found - plain) <= 2.0**-16 * np.abs(plain).max()).all():
            failures += 1
            print(f"{image_map} {kernel_map}: {np.abs(found - plain).max()} of {np.abs(plain).max()}")
    return failures


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / "program.mlir"
    failures = check_contracts(program)
    for number, case in enumerate([*CONVOLUTIONS, DEPTHWISE]):
        convolution = Convolution(*case)
        expected, size = convolution.products()
        for dynamic in ("", ("n", "yx", "nyxc")[number % 3]):
            program.write_text(convolution.text(dynamic))
            (found,) = mx_run("mx-run", program, convolution.arrays, 1, "--threads=2").outputs
            results = [found]
            if size.size > 1e4:  # Also where buffers have places in a workspace.
                library = folder / f"{number}{dynamic}"
                subprocess.run(["mx-run", program, "--emit=shared", "-o", library], check=True, stdout=subprocess.DEVNULL)
                results += Model(library / "libprogram.so").run(*convolution.arrays)
            for found in results:
                if not (np.abs(found - expected) <= 2.0**-19 * size).all():
                    failures += 1
                    print(f"{case[:3]} f32, dynamic '{dynamic}': {np.abs(found - expected).max()}")
        if case is DEPTHWISE:
            continue
        small = np.prod(list(convolution.size.values())) < 2e7
        weights, activations = FORMATS[number % len(FORMATS) if small else 0]
        options = f"--weights={weights}", f"--activations={activations}"
        program.write_text(convolution.text(""))
        (plain,) = mx_run("mx-run", program, convolution.arrays, 1, *options, "--target=reference").outputs
        for dynamic in ("", "nyx"):
            program.write_text(convolution.text(dynamic))
            (found,) = mx_run("mx-run", program, convolution.arrays, 1, *options).outputs
            # Rounded to codes, products are less than twice as large.
            if not (np.abs(found - plain) <= 2.0**-18 * size).all():
                failures += 1
                print(f"{case[:3]} {weights} {activations}, dynamic '{dynamic}': {np.abs(found - plain).max()}")
    print(f"{len(CONVOLUTIONS) + 1} convolutions, {failures} failures")
    return failures


if __name__ == "__main__":
    sys.exit(main())
