# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python
# RUN: %python %s %t
"""Constant weights, which the CPU target lays out in panels, against the plain loops
of the reference target, which does not: every recipe, weights row by row and column
by column, on either side and in a batch, columns that fill panels and that do not,
ragged blocks; scales so far apart that the program takes its exact path, NaN, Inf.

Sums of the two targets differ in the order of scaling and adding alone."""

import pathlib
import subprocess
import sys

import numpy as np

rng = np.random.default_rng(11)
RECIPES = ["mxfp8", "mxfp8_e5m2", "mxfp6_e2m3", "mxfp6_e3m2", "mxfp4", "mxint8", "nvfp4", "deepseek_fp8"]


def program(weights, lhs, result, columns_left):
    """linalg.contract of an argument and a constant over dimensions named by letters."""
    letters = "b, m, n, k"
    maps = [f"affine_map<({letters}) -> ({', '.join(x)})>" for x in (lhs, weights[1], result)]
    array, names = weights
    w = f"tensor<{'x'.join(map(str, array.shape))}xf32>"
    extent = {"n": array.shape[names.index("n")], "k": array.shape[names.index("k")]}
    extent["b"] = array.shape[names.index("b")] if "b" in names else 3
    x = f"tensor<{'x'.join('?' if c == 'm' else str(extent[c]) for c in lhs)}xf32>"
    z = f"tensor<{'x'.join('?' if c == 'm' else str(extent[c]) for c in result)}xf32>"
    operands = f"%w, %x : {w}, {x}" if columns_left else f"%x, %w : {x}, {w}"
    if columns_left:
        maps[:2] = maps[1::-1]
    data = array.astype("<f4").tobytes().hex().upper()
    return (
        f"func.func @main(%x: {x}, %z: {z}) -> {z} {{\n"
        f'  %w = arith.constant dense<"0x{data}"> : {w}\n'
        f"  %y = linalg.contract indexing_maps = [{', '.join(maps)}] ins({operands}) outs(%z : {z}) -> {z}\n"
        f"  return %y : {z}\n}}\n"
    )


def run(folder, text, arrays, *options):
    model = folder / "model.mlir"
    model.write_text(text)
    command = ["mx-run", model, f"--output={folder / 'y.npy'}", *options]
    for index, array in enumerate(arrays):
        np.save(folder / f"x{index}.npy", array)
        command.append(f"--input={folder / f'x{index}.npy'}")
    subprocess.run(command, check=True)
    return np.load(folder / "y.npy")


def weights(n, k, batch):
    """Every row and block of another size, some zero."""
    w = rng.standard_normal((batch, n, k)).astype(np.float32)
    w *= np.exp2(rng.integers(-6, 7, (batch, n, -(-k // 16)))).repeat(16, axis=2)[:, :, :k]
    w[:, 3, :40] = 0
    return w


def main() -> int:
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    failures = 0

    def check(name, w, names, lhs, result, columns_left, *options, x_scale=1.0):
        nonlocal failures
        extent = dict(zip(names, w.shape)) | {"m": 37}
        extent.setdefault("b", 3)
        x, z = (rng.standard_normal([extent[c] for c in which]).astype(np.float32) for which in (lhs, result))
        x *= np.float32(x_scale)
        text = program((w, names), lhs, result, columns_left)
        found = run(folder, text, [x, z], *options)
        expected = run(folder, text, [x, z], *options, "--target=reference")
        with np.errstate(invalid="ignore"):
            unlike = np.isfinite(found) != np.isfinite(expected)
            unlike |= np.isnan(found) != np.isnan(expected)
            scale = np.abs(np.where(np.isfinite(expected), expected, 0)).max()
            error = np.where(np.isfinite(found) & np.isfinite(expected), np.abs(found - expected), 0)
        if unlike.any() or error.max() > 2e-5 * scale:
            print(f"{name}: {unlike.sum()} of another kind, error {error.max():.3g} of at most {scale:.3g}")
            failures += 1

    for recipe in RECIPES:
        option = f"--weights={recipe}"
        for n, k in ((48, 200), (64, 96), (40, 75)):
            w = weights(n, k, 1)[0]
            check(f"{recipe} {n}x{k}, n x k", w, "nk", "bmk", "bmn", False, option)
            check(f"{recipe} {n}x{k}, k x n", np.ascontiguousarray(w.T), "kn", "bmk", "bmn", False, option)
        check(f"{recipe}, on the left", weights(32, 100, 1)[0], "nk", "bkm", "bmn", True, option)
        check(f"{recipe}, in a batch", weights(32, 100, 3), "bnk", "bmk", "bmn", False, option)
        check(f"{recipe}, weights alone", weights(32, 100, 1)[0], "nk", "bmk", "bmn", False, option, "--activations=none")
    check("f32", weights(48, 75, 1)[0], "nk", "bmk", "bmn", False)
    for recipe in ("mxfp8", "mxint8", "mxfp8_e5m2"):
        w = weights(48, 200, 1)[0]
        w[5, 64:96] *= np.float32(2.0**90)
        w[6, :32] *= np.float32(2.0**-100)
        check(f"{recipe}, far apart", w, "nk", "bmk", "bmn", False, f"--weights={recipe}", x_scale=2.0**-60)
        w[9, 7], w[10, 8] = np.nan, np.inf
        check(f"{recipe}, NaN and Inf", w, "nk", "bmk", "bmn", False, f"--weights={recipe}")
    return failures != 0


if __name__ == "__main__":
    sys.exit(main())
