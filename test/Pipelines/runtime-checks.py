# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python
# RUN: %python %s %t
"""Extents that disagree and indices out of bounds end a program with an error that
names the op and its place; what a target lacks is named before it runs."""

import pathlib
import subprocess
import sys

import numpy as np

CONTRACT = """
func.func @main(%a: tensor<?x?xf8E4M3FN>, %s: tensor<?x?xf8E8M0FNU>, %b: tensor<?x?xf32>, %c: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %0 = mx.contract indexing_maps = [
      affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (m, k floordiv 32)>,
      affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>]
    lhs(%a scaled %s : tensor<?x?xf8E4M3FN>, tensor<?x?xf8E8M0FNU>) rhs(%b : tensor<?x?xf32>)
    outs(%c : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %0 : tensor<?x?xf32>
}
"""
MATMUL = """
func.func @main(%a: tensor<?x?xf32>, %b: tensor<?x?xf32>, %c: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %0 = linalg.matmul ins(%a, %b : tensor<?x?xf32>, tensor<?x?xf32>) outs(%c : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %0 : tensor<?x?xf32>
}
"""
SLICE = """
func.func @main(%x: tensor<?x4xf32>, %i: tensor<i64>) -> tensor<4xf32> {
  %v = tensor.extract %i[] : tensor<i64>
  %k = arith.index_cast %v : i64 to index
  %s = tensor.extract_slice %x[%k, 0] [1, 4] [1, 1] : tensor<?x4xf32> to tensor<4xf32>
  return %s : tensor<4xf32>
}
"""
UNPACK = """
func.func @main(%p: tensor<4x?xi8>, %n: tensor<i64>) -> tensor<4x?xf4E2M1FN> {
  %v = tensor.extract %n[] : tensor<i64>
  %k = arith.index_cast %v : i64 to index
  %u = mx.unpack_elements container = dense %p extent %k : tensor<4x?xi8> -> tensor<4x?xf4E2M1FN>
  return %u : tensor<4x?xf4E2M1FN>
}
"""
UNSUPPORTED = """
func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = tosa.exp %x : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
"""

ones, codes = np.ones, lambda *shape: np.zeros(shape, np.uint8)
f32 = np.float32
CASES = {
    "scales": (CONTRACT, [codes(4, 64), codes(1, 1), ones((8, 64), f32), ones((4, 8), f32)],
               "extent of dimension 0 of operand #1 does not agree with the indexing maps"),
    "matmul": (MATMUL, [ones((20, 30), f32), ones((1, 1), f32), ones((20, 1), f32)],
               "model.mlir:3:8: error: 'linalg.matmul': the extent of dimension 0 of operand #1 does not agree"),
    "slice": (SLICE, [ones((5, 4), f32), np.array(10**12)], "offset 0 is out-of-bounds"),
    "unpack": (UNPACK, [codes(4, 3), np.array(9)], "extent of dimension 1 of the packed operand does not agree"),
    "unsupported": (UNSUPPORTED, [ones(4, f32)], "model.mlir:3:8: error: 'tosa.exp' on tensors is not supported"),
}


def main() -> int:
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    failures = 0
    for name, (program, arrays, message) in CASES.items():
        model, output = folder / "model.mlir", folder / "y.npy"
        model.write_text(program)
        for target in ("reference", "cpu"):
            command = ["mx-run", model, f"--target={target}", f"--output={output}"]
            for index, array in enumerate(arrays):
                np.save(folder / f"x{index}.npy", array)
                command.append(f"--input={folder / f'x{index}.npy'}")
            run = subprocess.run(command, capture_output=True, text=True)
            if run.returncode != 1 or message not in run.stderr or output.exists():
                print(f"{name} {target}: expected status 1 and '{message}', found {run.returncode}:\n{run.stderr}")
                failures += 1
    return failures != 0


if __name__ == "__main__":
    sys.exit(main())
