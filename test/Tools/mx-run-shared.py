# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python
# RUN: %python %s %cc %t
"""A library computes what mx-run does, to the bit: for several numbers of rows, in
two threads at once, from C and from Python, on either target."""

import pathlib
import subprocess
import sys
import threading

import numpy as np
from safetensors.numpy import load_file

from examples.library.model import Model

cc, folder = sys.argv[1], pathlib.Path(sys.argv[2])
folder.mkdir(exist_ok=True)
rng = np.random.default_rng(7)
# Two layers and a bias that fits into the program; constants that need a pad, an
# integer input, and results of rank 1 and 0.
w1 = rng.standard_normal((64, 96)).astype(np.float32)
w2 = rng.standard_normal((96, 33)).astype(np.float32)
table = rng.standard_normal((1031, 3)).astype(np.float32)
MODEL = f"""
func.func @main(%x: tensor<?x64xf32>, %i: tensor<?xi64>) -> (tensor<?x33xf32>, tensor<?xf32>, tensor<f32>) {{
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f32
  %m = tensor.dim %x, %c0 : tensor<?x64xf32>
  %w1 = arith.constant dense<"0x{w1.tobytes().hex()}"> : tensor<64x96xf32>
  %w2 = arith.constant dense<"0x{w2.tobytes().hex()}"> : tensor<96x33xf32>
  %table = arith.constant dense<"0x{table.tobytes().hex()}"> : tensor<1031x3xf32>
  %e1 = tensor.empty(%m) : tensor<?x96xf32>
  %f1 = linalg.fill ins(%zero : f32) outs(%e1 : tensor<?x96xf32>) -> tensor<?x96xf32>
  %y1 = linalg.matmul ins(%x, %w1 : tensor<?x64xf32>, tensor<64x96xf32>) outs(%f1 : tensor<?x96xf32>) -> tensor<?x96xf32>
  %a1 = math.tanh %y1 : tensor<?x96xf32>
  %e2 = tensor.empty(%m) : tensor<?x33xf32>
  %f2 = linalg.fill ins(%zero : f32) outs(%e2 : tensor<?x33xf32>) -> tensor<?x33xf32>
  %y2 = linalg.matmul ins(%a1, %w2 : tensor<?x96xf32>, tensor<96x33xf32>) outs(%f2 : tensor<?x33xf32>) -> tensor<?x33xf32>
  %k = tensor.dim %i, %c0 : tensor<?xi64>
  %e3 = tensor.empty(%k) : tensor<?xf32>
  %y3 = linalg.generic {{indexing_maps = [affine_map<(d) -> (d)>, affine_map<(d) -> (d)>], iterator_types = ["parallel"]}}
      ins(%i : tensor<?xi64>) outs(%e3 : tensor<?xf32>) {{
  ^bb0(%in: i64, %out: f32):
    %row = arith.index_cast %in : i64 to index
    %v = tensor.extract %table[%row, %c1] : tensor<1031x3xf32>
    linalg.yield %v : f32
  }} -> tensor<?xf32>
  %e4 = tensor.empty() : tensor<f32>
  %f4 = linalg.fill ins(%zero : f32) outs(%e4 : tensor<f32>) -> tensor<f32>
  %y4 = linalg.reduce ins(%y3 : tensor<?xf32>) outs(%f4 : tensor<f32>) dimensions = [0]
    (%in: f32, %sum: f32) {{
      %s = arith.addf %in, %sum : f32
      linalg.yield %s : f32
    }}
  return %y2, %y3, %y4 : tensor<?x33xf32>, tensor<?xf32>, tensor<f32>
}}
"""
source = folder / "two layers.mlir"
source.write_text(MODEL)
arrays = [(rng.standard_normal((m, 64)).astype(np.float32), rng.integers(0, 1031, k)) for m, k in [(1, 0), (7, 5), (70, 1)]]


def expect(inputs: tuple[np.ndarray, ...], *options: str) -> list[np.ndarray]:
    """What mx-run computes."""
    for index, array in enumerate(inputs):
        np.save(folder / f"in{index}.npy", array)
    outs = [folder / f"out{index}.npy" for index in range(3)]
    files = [f"--input={folder / f'in{index}.npy'}" for index in range(len(inputs))]
    subprocess.run(["mx-run", source, *options, *files, *(f"--output={o}" for o in outs)], check=True, stdout=subprocess.DEVNULL)
    return [np.load(out) for out in outs]


def check(model: Model, inputs: tuple[np.ndarray, ...], expected: list[np.ndarray]) -> None:
    for x, y in zip(model.run(*inputs), expected, strict=True):
        assert x.dtype == y.dtype and x.shape == y.shape, (x.dtype, x.shape, y.dtype, y.shape)
        assert x.tobytes() == y.tobytes(), abs(x - y).max()


for options in [["--weights=mxfp8"], ["--weights=mxint8", "--target=reference"], []]:
    cases = arrays if "--target=reference" not in options else arrays[:1]
    out = folder / "-".join(["out", *options]).replace("=", "")
    subprocess.run(["mx-run", source, *options, "--emit=shared", "-o", out], check=True)
    assert sorted(p.name for p in out.iterdir()) == ["libtwo_layers.so", "two_layers.h", "two_layers.safetensors"]
    model = Model(out / "libtwo_layers.so", verify=True)
    expected = [expect(inputs, *options) for inputs in cases]
    for inputs, results in zip(cases, expected):
        check(model, inputs, results)

    # Two calls at once, each with a workspace of its own.
    failures = []

    def repeat(inputs: tuple[np.ndarray, ...], results: list[np.ndarray]) -> None:
        try:
            other = Model(out / "libtwo_layers.so")
            for _ in range(50):
                check(other, inputs, results)
            other.close()
        except Exception as failure:  # noqa: BLE001 The main thread reports it.
            failures.append(failure)

    threads = [threading.Thread(target=repeat, args=pair) for pair in zip(cases[-2:], expected[-2:])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures, failures
    model.close()

# The file of weights as others read it.
weights = load_file(out / "two_layers.safetensors")
pads = {name for name in weights if name.startswith("mx.pad.")}
assert pads and len(weights) == 3 + len(pads), weights.keys()
# The other two are laid out as panels.
assert any(w.shape == table.shape and (w == table).all() for w in weights.values())

# A name that is no identifier, and one of the runtime's; a result that is returned
# twice, and an argument that is.
(folder / "mx-1.mlir").write_text(
    """func.func @main(%x: tensor<?xi32>) -> (tensor<?xi32>, tensor<?xi32>, tensor<?xi32>) {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?xi32>
  %e = tensor.empty(%n) : tensor<?xi32>
  %y = linalg.add ins(%x, %x : tensor<?xi32>, tensor<?xi32>) outs(%e : tensor<?xi32>) -> tensor<?xi32>
  return %y, %x, %y : tensor<?xi32>, tensor<?xi32>, tensor<?xi32>
}"""
)
subprocess.run(["mx-run", folder / "mx-1.mlir", "--emit=shared", "-o", folder], check=True)
results = Model(folder / "lib_mx_1.so").run(np.array([3, 4], np.int32))
assert [r.tolist() for r in results] == [[6, 8], [3, 4], [6, 8]], results

# An input of rank 0, also as a plain number, beside one that is not in C order.
(folder / "scale.mlir").write_text(
    """func.func @main(%x: tensor<?x3xf32>, %s: tensor<f32>) -> tensor<?x3xf32> {
  %y = linalg.generic {indexing_maps = [affine_map<(d, c) -> ()>, affine_map<(d, c) -> (d, c)>],
                       iterator_types = ["parallel", "parallel"]}
      ins(%s : tensor<f32>) outs(%x : tensor<?x3xf32>) {
  ^bb0(%a: f32, %b: f32):
    %p = arith.mulf %a, %b : f32
    linalg.yield %p : f32
  } -> tensor<?x3xf32>
  return %y : tensor<?x3xf32>
}"""
)
subprocess.run(["mx-run", folder / "scale.mlir", "--emit=shared", "-o", folder], check=True)
x = np.arange(6, dtype=np.float32).reshape(3, 2).T
for scale in (np.array(3, np.float32), np.float32(3)):
    assert (Model(folder / "libscale.so").run(x, scale)[0] == 3 * x).all()

# From C, with the header that is written.
program = folder / "add_one"
(folder / "add one.mlir").write_text(
    """func.func @main(%x: tensor<?xf32>) -> tensor<?xf32> {
  %one = arith.constant dense<1.0> : tensor<f32>
  %y = linalg.generic {indexing_maps = [affine_map<(d) -> (d)>, affine_map<(d) -> ()>, affine_map<(d) -> (d)>],
                       iterator_types = ["parallel"]}
      ins(%x, %one : tensor<?xf32>, tensor<f32>) outs(%x : tensor<?xf32>) {
  ^bb0(%a: f32, %b: f32, %out: f32):
    %s = arith.addf %a, %b : f32
    linalg.yield %s : f32
  } -> tensor<?xf32>
  return %y : tensor<?xf32>
}"""
)
subprocess.run(["mx-run", folder / "add one.mlir", "--emit=shared", "-o", folder], check=True)
flags = ["-std=c99", "-pedantic", "-Wall", "-Wextra", "-Werror", f"-I{folder}", f"-L{folder}", f"-Wl,-rpath,{folder}"]
subprocess.run([cc, *flags, pathlib.Path(__file__).parent / "Inputs/add_one.c", "-ladd_one", "-o", program], check=True)
printed = subprocess.run([program, folder / "add_one.safetensors"], check=True, capture_output=True, text=True).stdout
assert printed == "2 3.5 5\n", printed
