# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python
# RUN: rm -rf %t && mkdir %t
# RUN: %python %s %t
"""Constants of every element type and form reach the program, small ones and those
that are bound at load; those of complex numbers are refused with a place."""

import subprocess
import sys
from pathlib import Path

import numpy as np

folder = Path(sys.argv[1])
DTYPES = {
    "f64": "float64", "f32": "float32", "f16": "float16", "bf16": "uint16", "index": "int64", "i64": "int64",
    "i32": "int32", "i16": "int16", "i8": "uint8", "f8E4M3FN": "uint8",
}  # fmt: skip


def run(text: str, *options: str, results: int = 1) -> list[np.ndarray]:
    (folder / "model.mlir").write_text(text)
    files = [folder / f"y{i}.npy" for i in range(results)]
    done = subprocess.run(
        ["mx-run", folder / "model.mlir", *options] + [f"--output={f}" for f in files],
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return [np.load(f) for f in files]


def returned(type: str, values: str, resources: str = "") -> str:
    return f"""func.func @main() -> {type} {{
      %c = arith.constant {values} : {type}
      return %c : {type}
    }}
    {resources}"""


rng = np.random.default_rng(3)
scalar = '{-# dialect_resources: { builtin: { w: "0x080000000000C03F" } } #-}'
for target in ("cpu", "reference"):
    assert run(returned("tensor<f32>", "dense_resource<w>", scalar), f"--target={target}")[0] == 1.5
for count in (5, 3001):
    for element, dtype in DTYPES.items():
        bits = rng.integers(0, 256, count * np.dtype(dtype).itemsize, np.uint8)
        expected, type = bits.view(dtype), f"tensor<{count}x{element}>"
        (found,) = run(returned(type, f'dense<"0x{bits.tobytes().hex()}">'))
        assert found.tobytes() == expected.tobytes(), (count, element)
        blob = f'{{-# dialect_resources: {{ builtin: {{ w: "0x08000000{bits.tobytes().hex()}" }} }} #-}}'
        (found,) = run(returned(type, "dense_resource<w>", blob))
        assert found.tobytes() == expected.tobytes(), (count, element, "resource")
    bools = rng.integers(0, 2, count) == 1
    text = ", ".join("true" if b else "false" for b in bools)
    assert np.array_equal(run(returned(f"tensor<{count}xi1>", f"dense<[{text}]>"))[0], bools)
    for splat, value in (("true", True), ("false", False)):
        (found,) = run(returned(f"tensor<{count}xi1>", f"dense<{splat}>"))
        assert found.dtype == bool and (found.view(np.uint8) == value).all()
    assert (run(returned(f"tensor<{count}xindex>", "dense<-7>"))[0] == -7).all()
    sparse = np.zeros(count, np.float32)
    sparse[[1, 4]] = 2, 3
    (found,) = run(returned(f"tensor<{count}xf32>", "sparse<[[1], [4]], [2.0, 3.0]>"))
    assert np.array_equal(found, sparse)

    # Memory pads these, so they take another way.
    odd = rng.integers(-(2**23), 2**23, count)
    text = f"""func.func @main() -> tensor<{count}xi32> {{
      %c = arith.constant dense<{odd.tolist()}> : tensor<{count}xi24>
      %y = arith.extsi %c : tensor<{count}xi24> to tensor<{count}xi32>
      return %y : tensor<{count}xi32>
    }}"""
    assert np.array_equal(run(text)[0], odd)

# A blob that two constants share.
w = rng.standard_normal((40, 50)).astype(np.float32)
shared = f"""func.func @main() -> (tensor<40x50xf32>, tensor<2000xf32>) {{
  %a = arith.constant dense_resource<w> : tensor<40x50xf32>
  %b = arith.constant dense_resource<w> : tensor<2000xf32>
  return %a, %b : tensor<40x50xf32>, tensor<2000xf32>
}}
{{-# dialect_resources: {{ builtin: {{ w: "0x04000000{w.tobytes().hex()}" }} }} #-}}"""
for found in run(shared, results=2):
    assert np.array_equal(found.ravel(), w.ravel())

# A constant of complex numbers is bound, but ops on them have no lowering.
numbers = rng.standard_normal((900, 2)).astype(np.float32)
(folder / "model.mlir").write_text(f"""func.func @main(%x: tensor<index>) -> tensor<2xf32> {{
  %c = arith.constant dense<"0x{numbers.tobytes().hex()}"> : tensor<900xcomplex<f32>>
  %i = tensor.extract %x[] : tensor<index>
  %z = tensor.extract %c[%i] : tensor<900xcomplex<f32>>
  %r = complex.re %z : complex<f32>
  %j = complex.im %z : complex<f32>
  %y = tensor.from_elements %r, %j : tensor<2xf32>
  return %y : tensor<2xf32>
}}""")
np.save(folder / "x.npy", np.array(7))
done = subprocess.run(
    ["mx-run", folder / "model.mlir", f"--input={folder / 'x.npy'}"], capture_output=True, text=True
)
assert done.returncode == 1 and done.stderr.startswith(f"{folder / 'model.mlir'}:4:"), done.stderr
assert "is not supported by this target" in done.stderr, done.stderr
