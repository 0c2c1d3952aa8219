# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python
# RUN: %python %s %t
"""Extents that disagree, indices out of bounds and sizes that no tensor has end a
program with an error that names the op and its place, and are an error of a library's;
what a target lacks is named before it runs."""

import pathlib
import subprocess
import sys

import numpy as np

from examples.library.model import Model, ModelError

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
PACK = """
func.func @main(%x: tensor<4x?xf4E2M1FN>) -> tensor<4x8xi8> {
  %p = mx.pack_elements container = dense %x : tensor<4x?xf4E2M1FN> -> tensor<4x8xi8>
  return %p : tensor<4x8xi8>
}
"""
INSERT = """
func.func @main(%x: tensor<64x8xf32>, %row: tensor<1x8xf32>, %i: tensor<i64>) -> tensor<64x8xf32> {
  %v = tensor.extract %i[] : tensor<i64>
  %k = arith.index_cast %v : i64 to index
  %s = tensor.insert_slice %row into %x[%k, 0] [1, 8] [1, 1] : tensor<1x8xf32> into tensor<64x8xf32>
  return %s : tensor<64x8xf32>
}
"""
# The slice has the sizes of one of the two.
INSERT_ALL = """
func.func @main(%a: tensor<?x?xf32>, %b: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %m = tensor.dim %OF, %c0 : tensor<?x?xf32>
  %n = tensor.dim %OF, %c1 : tensor<?x?xf32>
  %s = tensor.insert_slice %a into %b[0, 0] [%m, %n] [1, 1] : tensor<?x?xf32> into tensor<?x?xf32>
  return %s : tensor<?x?xf32>
}
"""
INSERT_IN_PARALLEL = """
func.func @main(%x: tensor<8xf32>, %y: tensor<?xf32>, %i: tensor<i64>) -> tensor<8xf32> {
  %v = tensor.extract %i[] : tensor<i64>
  %k = arith.index_cast %v : i64 to index
  %s = scf.forall (%n) in (4) shared_outs(%o = %x) -> tensor<8xf32> {
    %j = arith.addi %n, %k : index
    %e = tensor.extract_slice %y[%n] [1] [1] : tensor<?xf32> to tensor<1xf32>
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %e into %o[%j] [1] [1] : tensor<1xf32> into tensor<8xf32>
    }
  }
  return %s : tensor<8xf32>
}
"""
SLICE_OF_SIZE = """
func.func @main(%x: tensor<?xf32>, %n: tensor<i64>) -> tensor<?xf32> {
  %v = tensor.extract %n[] : tensor<i64>
  %k = arith.index_cast %v : i64 to index
  %s = tensor.extract_slice %x[2] [%k] [1] : tensor<?xf32> to tensor<?xf32>
  return %s : tensor<?xf32>
}
"""
SOFTMAX = """
func.func @main(%x: tensor<?x?xf32>, %y: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %s = linalg.softmax dimension(1) ins(%x : tensor<?x?xf32>) outs(%y : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %s : tensor<?x?xf32>
}
"""
ELEMENTWISE = """
func.func @main(%x: tensor<?xf32>, %y: tensor<?xf32>) -> tensor<?xf32> {
  %s = arith.addf %x, %y : tensor<?xf32>
  return %s : tensor<?xf32>
}
"""
CONCAT = """
func.func @main(%x: tensor<4x?xf32>, %y: tensor<4x?xf32>) -> tensor<?x?xf32> {
  %a = tensor.cast %x : tensor<4x?xf32> to tensor<?x?xf32>
  %b = tensor.cast %y : tensor<4x?xf32> to tensor<?x?xf32>
  %s = tensor.concat dim(0) %a, %b : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  return %s : tensor<?x?xf32>
}
"""
EXPAND = """
func.func @main(%x: tensor<?xf32>) -> tensor<?x4xf32> {
  %c0 = arith.constant 0 : index
  %c4 = arith.constant 4 : index
  %n = tensor.dim %x, %c0 : tensor<?xf32>
  %q = arith.divui %n, %c4 : index
  %s = tensor.expand_shape %x [[0, 1]] output_shape [%q, 4] : tensor<?xf32> into tensor<?x4xf32>
  return %s : tensor<?x4xf32>
}
"""
EXPAND_TO = """
func.func @main(%x: tensor<?xf32>, %y: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %m = tensor.dim %y, %c0 : tensor<?x?xf32>
  %n = tensor.dim %y, %c1 : tensor<?x?xf32>
  %s = tensor.expand_shape %x [[0, 1]] output_shape [%m, %n] : tensor<?xf32> into tensor<?x?xf32>
  return %s : tensor<?x?xf32>
}
"""
RESHAPE = """
func.func @main(%x: tensor<?x?xf32>, %shape: tensor<2xi64>) -> tensor<?x?xf32> {
  %s = tensor.reshape %x(%shape) : (tensor<?x?xf32>, tensor<2xi64>) -> tensor<?x?xf32>
  return %s : tensor<?x?xf32>
}
"""
PAD = """
func.func @main(%x: tensor<?x4xf32>, %n: tensor<i64>) -> tensor<?x4xf32> {
  %zero = arith.constant 0.0 : f32
  %v = tensor.extract %n[] : tensor<i64>
  %k = arith.index_cast %v : i64 to index
  %s = tensor.pad %x low[0, 0] high[%k, 0] {
  ^bb0(%i: index, %j: index):
    tensor.yield %zero : f32
  } : tensor<?x4xf32> to tensor<?x4xf32>
  return %s : tensor<?x4xf32>
}
"""
EMPTY = """
func.func @main(%x: tensor<i64>) -> tensor<?x?xf32> {
  %one = arith.constant 1.0 : f32
  %v = tensor.extract %x[] : tensor<i64>
  %k = arith.index_cast %v : i64 to index
  %c2 = arith.constant 2 : index
  %e = tensor.empty(%k, %c2) : tensor<?x?xf32>
  %s = linalg.fill ins(%one : f32) outs(%e : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %s : tensor<?x?xf32>
}
"""
# The result's extent is -1 for one row: a window has three.
CONVOLUTION = """
func.func @main(%x: tensor<1x2x?x8xf32>, %w: tensor<4x2x3x3xf32>) -> tensor<1x4x?x6xf32> {
  %zero = arith.constant 0.0 : f32
  %c2 = arith.constant 2 : index
  %h = tensor.dim %x, %c2 : tensor<1x2x?x8xf32>
  %n = arith.subi %h, %c2 : index
  %e = tensor.empty(%n) : tensor<1x4x?x6xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<1x4x?x6xf32>) -> tensor<1x4x?x6xf32>
  %s = linalg.conv_2d_nchw_fchw ins(%x, %w : tensor<1x2x?x8xf32>, tensor<4x2x3x3xf32>)
    outs(%f : tensor<1x4x?x6xf32>) -> tensor<1x4x?x6xf32>
  return %s : tensor<1x4x?x6xf32>
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
OFFSET = "model.mlir:5:8: error: 'tensor.insert_slice': offset 0 is out-of-bounds"
RUNS_OUT = "error: 'tensor.insert_slice': the slice runs out-of-bounds along dimension 0"
SOURCE = "error: 'tensor.insert_slice': the extent of dimension 0 of the source is not that of the slice"
DISAGREES = "the extent of dimension 0 of operand #1 does not agree with those of the other operands"
PRODUCT = "'tensor.expand_shape': the extents that dimension 0 expands into do not have its product"
COUNT = "model.mlir:3:8: error: 'tensor.reshape': the shape has not as many elements as the source"
PADDING = "model.mlir:6:8: error: 'tensor.pad': the padding of dimension 0 is negative or too large"
SIZE = "'tensor.empty': a size is negative, or their product is more than memory has addresses for"
MEMORY = "model.mlir:7:8: error: not enough memory for a tensor"
CASES = {
    "scales": (CONTRACT, [codes(4, 64), codes(1, 1), ones((8, 64), f32), ones((4, 8), f32)],
               "extent of dimension 0 of operand #1 does not agree with the indexing maps"),
    "matmul": (MATMUL, [ones((20, 30), f32), ones((1, 1), f32), ones((20, 1), f32)],
               "model.mlir:3:8: error: 'linalg.matmul': the extent of dimension 0 of operand #1 does not agree"),
    "slice": (SLICE, [ones((5, 4), f32), np.array(10**12)], "offset 0 is out-of-bounds"),
    "slice_size": (SLICE_OF_SIZE, [ones(5, f32), np.array(-3)],
                   "'tensor.extract_slice': the slice runs out-of-bounds along dimension 0"),
    "unpack": (UNPACK, [codes(4, 3), np.array(9)], "extent of dimension 1 of the packed operand does not agree"),
    "unpack_negative": (UNPACK, [codes(4, 0), np.array(-1)],
                        "model.mlir:5:8: error: 'mx.unpack_elements': an extent of the result is negative"),
    "pack": (PACK, [codes(4, 2)], "'mx.pack_elements': extent of dimension 1 of the result does not agree"),
    "unsupported": (UNSUPPORTED, [ones(4, f32)], "model.mlir:3:8: error: 'tosa.exp' on tensors is not supported"),
    "insert_last": (INSERT, [ones((64, 8), f32), ones((1, 8), f32), np.array(64)], RUNS_OUT),
    "insert_negative": (INSERT, [ones((64, 8), f32), ones((1, 8), f32), np.array(-5)], OFFSET),
    "insert_far": (INSERT, [ones((64, 8), f32), ones((1, 8), f32), np.array(10**8)], OFFSET),
    "insert_large": (INSERT_ALL.replace("%OF", "%a"), [ones((40, 40), f32), ones((4, 4), f32)], RUNS_OUT),
    "insert_small": (INSERT_ALL.replace("%OF", "%b"), [ones((4, 4), f32), ones((400, 40), f32)], SOURCE),
    "insert_in_parallel": (INSERT_IN_PARALLEL, [ones(8, f32), ones(4, f32), np.array(-3000)],
                           "model.mlir:9:7: error: 'tensor.parallel_insert_slice': offset 0 is out-of-bounds"),
    "softmax_small": (SOFTMAX, [ones((400, 400), f32), ones((4, 4), f32)], f"'linalg.softmax': {DISAGREES}"),
    "softmax_large": (SOFTMAX, [ones((4, 4), f32), ones((40, 400), f32)], f"'linalg.softmax': {DISAGREES}"),
    "elementwise": (ELEMENTWISE, [ones(400, f32), ones(4, f32)], f"model.mlir:3:8: error: 'arith.addf': {DISAGREES}"),
    "concat": (CONCAT, [ones((4, 5), f32), ones((4, 7), f32)],
               "'tensor.concat': the extent of dimension 1 of operand #1 does not agree"),
    "concat_reversed": (CONCAT, [ones((4, 7), f32), ones((4, 5), f32)],
                        "'tensor.concat': the extent of dimension 1 of operand #1 does not agree"),
    "expand": (EXPAND, [ones(7, f32)], PRODUCT),
    "expand_large": (EXPAND_TO, [ones(4, f32), ones((40, 40), f32)], PRODUCT),
    "reshape": (RESHAPE, [ones((2, 2), f32), np.array([100, 100])], COUNT),
    "reshape_negative": (RESHAPE, [ones((2, 2), f32), np.array([-2, -2])], COUNT),
    "reshape_overflow": (RESHAPE, [ones((0, 2), f32), np.array([2**32, 2**32])], COUNT),
    "pad_negative": (PAD, [ones((3, 4), f32), np.array(-5)], PADDING),
    "pad_large": (PAD, [ones((3, 4), f32), np.array(2**62)], PADDING),
    "pad_overflow": (PAD, [ones((3, 4), f32), np.array(2**47)], "'tensor.pad': a size is negative, or their product"),
    "empty_negative": (EMPTY, [np.array(-5)], f"model.mlir:7:8: error: {SIZE}"),
    "empty_overflow": (EMPTY, [np.array(2**61 + 1)], SIZE),
    "empty_large": (EMPTY, [np.array(2**44)], MEMORY),
    "convolution": (CONVOLUTION, [ones((1, 2, 1, 8), f32), ones((4, 2, 3, 3), f32)], f"model.mlir:7:8: error: {SIZE}"),
}
# The sizes of a library's tensors follow from the extents of its inputs.
NOT_IN_LIBRARIES = ("unpack", "unsupported", "slice_size", "reshape", "pad", "empty")
# Just within what is allowed.
VALID = {
    "insert": (INSERT, [ones((64, 8), f32), ones((1, 8), f32), np.array(63)], (64, 8)),
    "insert_in_parallel": (INSERT_IN_PARALLEL, [ones(8, f32), ones(4, f32), np.array(4)], (8,)),
    "slice_of_none": (SLICE_OF_SIZE, [ones(2, f32), np.array(0)], (0,)),
    "reshape_none": (RESHAPE, [ones((0, 2), f32), np.array([10**9, 0])], (10**9, 0)),
    "pad_none": (PAD, [ones((3, 4), f32), np.array(0)], (3, 4)),
    "empty_none": (EMPTY, [np.array(0)], (0, 2)),
    "convolution_of_none": (CONVOLUTION, [ones((1, 2, 2, 8), f32), ones((4, 2, 3, 3), f32)], (1, 4, 0, 6)),
}


def run(folder: pathlib.Path, program: str, arrays: list[np.ndarray], target: str) -> subprocess.CompletedProcess:
    (folder / "model.mlir").write_text(program)
    (folder / "y.npy").unlink(missing_ok=True)
    command = ["mx-run", folder / "model.mlir", f"--target={target}", f"--output={folder / 'y.npy'}"]
    for index, array in enumerate(arrays):
        np.save(folder / f"x{index}.npy", array)
        command.append(f"--input={folder / f'x{index}.npy'}")
    return subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=60)


def run_library(folder: pathlib.Path, program: str, arrays: list[np.ndarray]) -> str:
    """The error of a library, which ends no process."""
    (folder / "model.mlir").write_text(program)
    subprocess.run(["mx-run", "model.mlir", "--emit=shared", "-o", "."], cwd=folder, check=True)
    model = Model(folder / "libmodel.so")
    try:
        model.run(*arrays)
    except ModelError as error:
        return str(error)
    return ""


def main() -> int:
    folder = pathlib.Path(sys.argv[1])
    failures = 0
    for name, (program, arrays, message) in CASES.items():
        own = folder / name
        own.mkdir(parents=True, exist_ok=True)
        for target in ("reference", "cpu"):
            done = run(own, program, arrays, target)
            if done.returncode != 1 or message not in done.stderr or (own / "y.npy").exists():
                print(f"{name} {target}: expected status 1 and '{message}', found {done.returncode}:\n{done.stderr}")
                failures += 1
        if not name.startswith(NOT_IN_LIBRARIES):
            found = run_library(own, program, arrays)
            if message not in found:
                print(f"{name} in a library: expected '{message}', found '{found}'")
                failures += 1
    for name, (program, arrays, shape) in VALID.items():
        for target in ("reference", "cpu"):
            done = run(folder, program, arrays, target)
            if done.returncode != 0 or np.load(folder / "y.npy").shape != shape:
                print(f"{name} {target}: expected {shape}, found {done.returncode}:\n{done.stderr}")
                failures += 1
    return failures != 0


if __name__ == "__main__":
    sys.exit(main())
