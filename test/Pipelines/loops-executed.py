# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python
# RUN: %python %s %t
"""Contractions inside loops: an f16 accumulator that is carried along, and a state
that is a new tensor in every iteration. Both targets, against numpy."""

import pathlib
import subprocess
import sys

import numpy as np

PROGRAM = """
func.func @accumulate(%x: tensor<4x64xf16>, %w: tensor<64x8xf16>, %z: tensor<4x8xf16>) -> tensor<4x8xf16> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c3 = arith.constant 3 : index
  %r = scf.for %i = %c0 to %c3 step %c1 iter_args(%acc = %z) -> tensor<4x8xf16> {
    %0 = linalg.matmul ins(%x, %w : tensor<4x64xf16>, tensor<64x8xf16>) outs(%acc : tensor<4x8xf16>) -> tensor<4x8xf16>
    scf.yield %0 : tensor<4x8xf16>
  }
  return %r : tensor<4x8xf16>
}
func.func @state(%x: tensor<5x32xf32>, %w: tensor<32x32xf32>) -> tensor<5x32xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c3 = arith.constant 3 : index
  %zero = arith.constant 0.0 : f32
  %r = scf.for %i = %c0 to %c3 step %c1 iter_args(%s = %x) -> tensor<5x32xf32> {
    %e = tensor.empty() : tensor<5x32xf32>
    %f = linalg.fill ins(%zero : f32) outs(%e : tensor<5x32xf32>) -> tensor<5x32xf32>
    %0 = linalg.matmul ins(%s, %w : tensor<5x32xf32>, tensor<32x32xf32>) outs(%f : tensor<5x32xf32>) -> tensor<5x32xf32>
    scf.yield %0 : tensor<5x32xf32>
  }
  return %r : tensor<5x32xf32>
}
"""


def run(folder, entry, arrays, *options):
    model, output = folder / "model.mlir", folder / "y.npy"
    model.write_text(PROGRAM)
    command = ["mx-run", model, f"--entry={entry}", f"--output={output}", *options]
    for index, array in enumerate(arrays):
        np.save(folder / f"x{index}.npy", array)
        command.append(f"--input={folder / f'x{index}.npy'}")
    subprocess.run(command, check=True)
    return np.load(output)


def main() -> int:
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(3)
    # Small integers: MXFP8 holds them exactly, and sums are exact in f16.
    x, w, z = (rng.integers(-4, 5, s).astype(np.float16) for s in ((4, 64), (64, 8), (4, 8)))
    state, matrix = (rng.integers(-2, 3, s).astype(np.float32) for s in ((5, 32), (32, 32)))
    failures = 0
    for target in ("reference", "cpu"):
        for options in ((), ("--weights=mxfp8", "--activations=none")):
            found = run(folder, "accumulate", (x, w, z), f"--target={target}", *options)
            expected = z.astype(np.float32)
            for _ in range(3):
                expected = (expected + x.astype(np.float32) @ w.astype(np.float32)).astype(np.float16).astype(np.float32)
            if not np.array_equal(found, expected.astype(np.float16)):
                print(f"accumulate {target} {options}: expected {expected}, found {found}")
                failures += 1
            found = run(folder, "state", (state, matrix), f"--target={target}", *options)
            expected = state @ matrix @ matrix @ matrix
            if not np.array_equal(found, expected):
                print(f"state {target} {options}: expected {expected}, found {found}")
                failures += 1
    return failures != 0


if __name__ == "__main__":
    sys.exit(main())
