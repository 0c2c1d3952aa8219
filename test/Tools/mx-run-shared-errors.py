# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python
# RUN: %python %s %t
"""A library answers bad calls and bad files with an error and its text; it never ends
the process, and works as before afterwards."""

import ctypes
import pathlib
import random
import subprocess
import sys

import numpy as np

from examples.library.model import Model, ModelError, Tensor, tensor

folder = pathlib.Path(sys.argv[1])
folder.mkdir(exist_ok=True)
ARGUMENT, FILE, MODEL = 1, 2, 4
FLOAT32, INT64 = 8, 5

# An index check in a parallel loop, a check of extents, a division of extents.
PROGRAM = """
func.func @main(%x: tensor<?x4xf32>, %i: tensor<?xi64>, %z: tensor<?xf32>) -> (tensor<?x4xf32>, tensor<?xf32>) {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %i, %c0 : tensor<?xi64>
  %weights = arith.constant dense_resource<w> : tensor<2048x4xf32>
  %e = tensor.empty(%n) : tensor<?x4xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(d, c) -> (d)>, affine_map<(d, c) -> (d, c)>, affine_map<(d, c) -> (d, c)>],
                       iterator_types = ["parallel", "parallel"]}
      ins(%i, %x : tensor<?xi64>, tensor<?x4xf32>) outs(%e : tensor<?x4xf32>) {
  ^bb0(%in: i64, %v: f32, %out: f32):
    %row = arith.index_cast %in : i64 to index
    %c = linalg.index 1 : index
    %w = tensor.extract %weights[%row, %c] : tensor<2048x4xf32>
    %s = arith.addf %v, %w : f32
    linalg.yield %s : f32
  } -> tensor<?x4xf32>
  %m = tensor.dim %z, %c0 : tensor<?xf32>
  %q = arith.divui %n, %m : index
  %e2 = tensor.empty(%q) : tensor<?xf32>
  %zero = arith.constant 0.0 : f32
  %f = linalg.fill ins(%zero : f32) outs(%e2 : tensor<?xf32>) -> tensor<?xf32>
  return %y, %f : tensor<?x4xf32>, tensor<?xf32>
}
{-#
  dialect_resources: {
    builtin: { w: "0x04000000%s" }
  }
#-}
"""
w = np.random.default_rng(1).standard_normal((2048, 4)).astype(np.float32)
for name, data in (("model", w), ("other", -w)):
    (folder / f"{name}.mlir").write_text(PROGRAM.replace("%s\"", data.tobytes().hex().upper() + "\""))
    subprocess.run(["mx-run", folder / f"{name}.mlir", "--emit=shared", "-o", folder], check=True)
library, weights = folder / "libmodel.so", folder / "model.safetensors"
model = Model(library, verify=True)
x, i, z = np.ones((5, 4), np.float32), np.array([0, 2047, 3, 4, 5]), np.zeros(2, np.float32)


def good() -> None:
    y, q = model.run(x, i, z)
    assert (y == x + w[i]).all() and q.shape == (2,)


def fails(code: int, text: str, call, *arguments) -> None:
    try:
        call(*arguments)
    except ModelError as error:
        assert error.code == code and text in str(error), (error.code, str(error))
    else:
        raise AssertionError(f"expected an error '{text}', found none")
    good()


good()
# What the model checks: indices, extents, and that it can divide.
fails(MODEL, "'tensor.extract': out-of-bounds access", model.run, x, np.array([0, 2048, 3, 4, 5]), z)
fails(MODEL, "'tensor.extract': out-of-bounds access", model.run, x, np.full(5, -1), z)
fails(MODEL, "the extent of dimension 0", model.run, x[:4], i, z)
fails(MODEL, "division by zero", model.run, x, i, z[:0])

# Types, ranks and extents.
fails(ARGUMENT, "input 0: expected rank 2, found 1", model.run, x[0], i, z)
fails(ARGUMENT, "input 0: expected an extent of 4 in dimension 1, found 3", model.run, np.ones((5, 3), np.float32), i, z)
size = ctypes.c_size_t()


def measure(*tensors: Tensor) -> None:
    inputs = (Tensor * 3)(*tensors)
    model.call("workspace_size", model.context, inputs, ctypes.byref(size))


shapes = [tensor(FLOAT32, (5, 4)), tensor(INT64, (5,)), tensor(FLOAT32, (2,))]
measure(*shapes)
fails(ARGUMENT, "input 1: expected type 5, found 8", measure, shapes[0], tensor(FLOAT32, (5,)), shapes[2])
fails(ARGUMENT, "input 1: expected an extent of >= 0 in dimension 0, found -5", measure, shapes[0], tensor(INT64, (-5,)), shapes[2])
fails(ARGUMENT, "input 1: expected an array that fits into memory, found an extent of 2305843009213693952", measure, shapes[0], tensor(INT64, (1 << 61,)), shapes[2])
fails(ARGUMENT, "input 0: expected a shape, found null", measure, Tensor(None, None, 2, FLOAT32), *shapes[1:])

# A buffer of 2^66 bytes, whose size overflows.
(folder / "square.mlir").write_text(
    """func.func @main(%x: tensor<?xf32>) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?xf32>
  %square = tensor.empty(%n, %n) : tensor<?x?xf32>
  %outer = linalg.broadcast ins(%x : tensor<?xf32>) outs(%square : tensor<?x?xf32>) dimensions = [1]
  %t = tensor.empty(%n, %n) : tensor<?x?xf32>
  %transposed = linalg.transpose ins(%outer : tensor<?x?xf32>) outs(%t : tensor<?x?xf32>) permutation = [1, 0]
  %sum = linalg.reduce ins(%transposed : tensor<?x?xf32>) outs(%x : tensor<?xf32>) dimensions = [1]
    (%in: f32, %init: f32) {
      %s = arith.addf %in, %init : f32
      linalg.yield %s : f32
    }
  return %sum : tensor<?xf32>
}"""
)
subprocess.run(["mx-run", folder / "square.mlir", "--target=reference", "--emit=shared", "-o", folder], check=True)
square = Model(folder / "libsquare.so")
for n, code, text in (
    (1 << 32, MODEL, "square.mlir:6:8: error: 'tensor.empty': a size is negative, or their product is more than memory has addresses for"),
    (1 << 31, MODEL, "square.mlir:6:8: error: 'tensor.empty': a size is negative, or their product is more than memory has addresses for"),
    # Each buffer has addresses, both have not.
    (1 << 23, ARGUMENT, "expected shapes whose buffers fit into memory, found larger ones"),
):
    one = (Tensor * 1)(tensor(FLOAT32, (n,)))
    fails(code, text, square.call, "workspace_size", square.context, one, ctypes.byref(size))
square.call("workspace_size", square.context, (Tensor * 1)(tensor(FLOAT32, (1 << 20,))), ctypes.byref(size))
assert size.value >= 4 << 40, size.value
measure(*shapes)

# Null pointers, a workspace that is too small, outputs of another shape.
workspace = np.empty(size.value, np.uint8)
arrays = [tensor(FLOAT32, x.shape, x), tensor(INT64, i.shape, i), tensor(FLOAT32, z.shape, z)]
y, q = np.empty((5, 4), np.float32), np.empty(2, np.float32)
outs = [tensor(FLOAT32, y.shape, y), tensor(FLOAT32, q.shape, q)]


def run(inputs=arrays, outputs=outs, context=model.context, address=workspace.ctypes.data, size=workspace.size) -> None:
    inputs = (Tensor * 3)(*inputs) if inputs else None
    outputs = (Tensor * 2)(*outputs) if outputs else None
    model.call("run", context, ctypes.c_void_p(address), ctypes.c_size_t(size), inputs, outputs)


run()
assert (y == x + w[i]).all()
# Wherever the workspace starts, what is around it stays.
for start in (0, 1, 63, 64, 100):
    memory = np.full(size.value + 8192, 0xA5, np.uint8)
    run(address=memory[4000 + start :].ctypes.data)
    assert (memory[: 4000 + start] == 0xA5).all() and (memory[4000 + start + size.value :] == 0xA5).all()
fails(ARGUMENT, f"expected a workspace of at least {size.value} bytes, found {size.value - 1}", lambda: run(size=size.value - 1))
fails(ARGUMENT, f"expected a workspace of at least {size.value} bytes, found 0", lambda: run(address=None))
fails(ARGUMENT, "expected a context of this library, found null", lambda: run(context=None))
fails(ARGUMENT, "expected inputs, found null", lambda: run(inputs=None))
fails(ARGUMENT, "expected outputs, found null", lambda: run(outputs=None))
fails(ARGUMENT, "input 1: expected data, found null", lambda: run(inputs=[arrays[0], shapes[1], arrays[2]]))
fails(ARGUMENT, "output 0: expected data, found null", lambda: run(outputs=[tensor(FLOAT32, y.shape), outs[1]]))
fails(ARGUMENT, "output 1: expected an extent of 2 in dimension 0, found 3", lambda: run(outputs=[outs[0], tensor(FLOAT32, (3,), q)]))
fails(ARGUMENT, "output 1: expected rank 1, found 2", lambda: run(outputs=[outs[0], tensor(FLOAT32, (2, 1), q)]))
fails(ARGUMENT, "output 0: expected type 8, found 5", lambda: run(outputs=[tensor(INT64, y.shape, y), outs[1]]))
other = Model(folder / "libother.so")
fails(ARGUMENT, "expected a context of this library, found another", lambda: run(context=other.context))
model.function("free")(None)

# Files: others, cut at every place that matters, damaged, and none.
data = weights.read_bytes()
bad = folder / "bad.safetensors"
bad.unlink(missing_ok=True)


def load(verify: bool = False) -> None:
    Model(library, bad, verify=verify).close()


fails(FILE, "No such file or directory", load)
fails(FILE, "expected a regular file, found another kind", Model, library, folder)
fails(FILE, "expected the weights that were written with this library, found others", Model, library, folder / "other.safetensors")
header = 8 + int.from_bytes(data[:8], "little")
assert header % 64 == 0
for length in (0, 1, 7, 8, 9, header - 1, header, header + 1, len(data) - 1):
    bad.write_bytes(data[:length])
    fails(FILE, f"expected a file of {len(data)} bytes, found {length}", load)
bad.write_bytes(data + b"\0")
fails(FILE, f"found {len(data) + 1}", load)
draw = random.Random(1)
for place in [0, 3, 7, 8, 9, header - 1] + [draw.randrange(header) for _ in range(40)]:
    damaged = bytearray(data)
    damaged[place] ^= 1 << draw.randrange(8)
    bad.write_bytes(damaged)
    fails(FILE, "found others", load)
for place in [header, len(data) - 1] + [draw.randrange(header, len(data)) for _ in range(40)]:
    damaged = bytearray(data)
    damaged[place] ^= 1 << draw.randrange(8)
    bad.write_bytes(damaged)
    fails(FILE, "found damaged ones", load, True)
load()  # Every byte is read only on demand.
fails(ARGUMENT, "expected flags of mx_flag, found 0x2", model.call, "init", str(weights).encode(), 2, ctypes.byref(ctypes.c_void_p()))
fails(ARGUMENT, "found null", model.call, "init", None, 0, ctypes.byref(ctypes.c_void_p()))
fails(ARGUMENT, "found null", model.call, "init", str(weights).encode(), 0, None)
