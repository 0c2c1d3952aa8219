# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python
# RUN: %python %s %t
"""mx.quantize to NVFP4 gives the bits of numpy and ml_dtypes: executed on both
targets, and folded, which is the C++ library's result.

The formulas are those of torchao's nvfp4_tensor.py; what it leaves undefined is
as docs/numerics.md defines it: a global scale of 0, one whose reciprocal
overflows, NaN and Inf.
"""

import pathlib
import subprocess
import sys

import ml_dtypes
import numpy as np

NUMPY = {"f32": np.float32, "f16": np.float16, "bf16": ml_dtypes.bfloat16}
BLOCK, WIDTH = 16, 40  # The last block is short.


def quantize(x, g):
    """Codes and scale codes of f32 values under the global scale `g`."""
    blocks = np.pad(x, [(0, 0), (0, -WIDTH % BLOCK)]).reshape(len(x), -1, BLOCK)
    amax = np.abs(blocks).max(-1)
    quotient = amax / np.float32(6) / g
    quotient = np.where(np.isnan(quotient), np.float32(0), quotient)
    scale = np.clip(quotient, np.float32(2**-6), np.float32(448)).astype(ml_dtypes.float8_e4m3fn)
    scales = np.where(np.isfinite(amax), scale.view(np.uint8), 0x7F).astype(np.uint8)
    factor = scales.view(ml_dtypes.float8_e4m3fn).astype(np.float32)[..., None]
    inverse = np.float32(1) / g
    scaled = blocks * (inverse / factor) if np.isfinite(inverse) else blocks / g / factor
    scaled = np.where(np.isnan(scaled), np.float32(0), scaled)
    codes = np.clip(scaled, -6, 6).astype(ml_dtypes.float4_e2m1fn).view(np.uint8)
    return codes.reshape(len(x), -1)[:, :WIDTH], scales


def program(rows, dtype, constant=None, g=None):
    kind, scalar = f"tensor<{rows}x{WIDTH}x{dtype}>", "tensor<f32>"
    q, s = f"tensor<{rows}x{WIDTH}xf4E2M1FN>", f"tensor<{rows}x{-(-WIDTH // BLOCK)}xf8E4M3FN>"
    folded = constant is not None
    constants = f"""
  %x = arith.constant dense<"0x{constant.tobytes().hex()}"> : {kind}
  %g = arith.constant dense<"0x{g.tobytes().hex()}"> : {scalar}""" if folded else ""
    return f"""
func.func @main({"" if folded else f"%x: {kind}, %g: {scalar}"}) -> ({q}, {s}) {{{constants}
  %q0 = tensor.empty() : {q}
  %s0 = tensor.empty() : {s}
  %q, %s = mx.quantize scale_map = affine_map<(m, k) -> (m, k floordiv {BLOCK})>
      ins(%x global %g : {kind}, {scalar}) outs(%q0, %s0 : {q}, {s}) -> {q}, {s}
  return %q, %s : {q}, {s}
}}
"""


def run(model, target, inputs):
    outputs = [model.with_name(f"{name}.npy") for name in "qs"]
    command = ["mx-run", str(model), f"--target={target}"]
    command += [f"--input={path}" for path in inputs] + [f"--output={path}" for path in outputs]
    subprocess.run(command, check=True)
    return [np.load(path) for path in outputs]


def cases():
    """Name, type, values, global scale (by default that of the values)."""
    rng = np.random.default_rng(1)
    wide = rng.standard_normal((500, WIDTH)) * np.exp2(rng.integers(-18, 4, (500, 1)))
    # Every E4M3 scale, its boundaries and their neighbours, and elements at
    # and beside every boundary of E2M1.
    scale = np.arange(8, 0x7F, dtype=np.uint8).view(ml_dtypes.float8_e4m3fn).astype(np.float32)
    scale = np.concatenate([scale, (scale[1:] + scale[:-1]) / 2])
    scale = np.concatenate([np.nextafter(scale, np.float32(s)) for s in (0, np.inf)] + [scale])
    edges = np.array([0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.5, 3, 3.5, 4, 5, 6], np.float32)
    row = np.concatenate([edges, np.nextafter(edges, np.float32(0)), -edges[:11], [6]])
    boundaries = row.astype(np.float32) * scale[:, None]
    special = wide[:60].copy()
    special[3, 2], special[5, 39], special[7, 20] = np.nan, np.inf, -np.inf
    special[9], special[11] = 0.0, -0.0
    for dtype in NUMPY:
        yield "wide", dtype, wide, None
        yield "special", dtype, special, None
    yield "boundaries", "f32", boundaries, 1.0
    yield "zeros", "f32", np.zeros((2, WIDTH)), 0.0
    yield "reciprocal overflows", "f32", wide * 2.0**-126, None
    yield "reciprocal overflows, tiny", "f32", wide * 2.0**-136, None
    yield "global scale too small", "f32", wide * 2.0**60, 1e-6
    yield "largest", "f32", np.sign(wide) * 3e38, None


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    model, folded = folder / "model.mlir", folder / "folded.mlir"
    np.seterr(all="ignore")
    failures = 0
    for name, dtype, x, g in cases():
        stored = np.asarray(x).astype(np.float32).astype(NUMPY[dtype])
        x = stored.astype(np.float32)
        g = np.abs(x[np.isfinite(x)]).max() / np.float32(2688) if g is None else np.float32(g)
        np.save(folder / "x.npy", stored.view(np.uint16) if dtype == "bf16" else stored)
        np.save(folder / "g.npy", np.array(g))
        model.write_text(program(len(x), dtype, stored, g))
        subprocess.run(["mx-opt", model, "--mx-fold-weights", "-o", folded], check=True)
        if "mx.quantize" in folded.read_text():
            print(f"{name} {dtype}: not folded")
            failures += 1
        results = {"folded": run(folded, "reference", [])}
        model.write_text(program(len(x), dtype))
        for target in ("reference", "cpu"):
            results[target] = run(model, target, [folder / "x.npy", folder / "g.npy"])
        for target, found in results.items():
            for what, y, expected in zip(("elements", "scales"), found, quantize(x, g)):
                wrong = np.argwhere(y != expected)
                if len(wrong):
                    at = tuple(int(i) for i in wrong[0])
                    print(f"{name} {dtype} {target}: {len(wrong)} {what} differ, at {at}: "
                          f"value {x[at]}, expected {expected[at]:#x}, found {y[at]:#x}")
                    failures += 1
    return failures != 0


if __name__ == "__main__":
    sys.exit(main())
