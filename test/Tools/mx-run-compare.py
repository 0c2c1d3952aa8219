# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python
# RUN: rm -rf %t && mkdir %t
# RUN: %python %s %t
"""--compare=f32 sees contractions in functions, says how many it does not see, and
hides no NaN."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np

MATMUL = "linalg.matmul ins(%x, %w : tensor<4x64xf32>, tensor<64x64xf32>) outs(%{init} : tensor<4x64xf32>) -> tensor<4x64xf32>"
CALLS = f"""
func.func private @inner(%x: tensor<4x64xf32>, %w: tensor<64x64xf32>) -> tensor<4x64xf32> {{
  %z = arith.constant dense<0.0> : tensor<4x64xf32>
  %y = {MATMUL.format(init="z")} loc("inner")
  return %y : tensor<4x64xf32>
}}
func.func private @layer(%x: tensor<4x64xf32>) -> tensor<4x64xf32> {{
  %w = arith.constant dense<0.5> : tensor<64x64xf32>
  %y = call @inner(%x, %w) : (tensor<4x64xf32>, tensor<64x64xf32>) -> tensor<4x64xf32> loc("layer")
  return %y : tensor<4x64xf32>
}}
func.func @main(%x: tensor<4x64xf32>) -> tensor<4x64xf32> {{
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %a = call @layer(%x) : (tensor<4x64xf32>) -> tensor<4x64xf32> loc("first")
  %b = call @layer(%a) : (tensor<4x64xf32>) -> tensor<4x64xf32> loc("second")
  %w = arith.constant dense<0.25> : tensor<64x64xf32>
  %r = scf.for %i = %c0 to %c2 step %c1 iter_args(%acc = %b) -> tensor<4x64xf32> {{
    %y = {MATMUL.format(init="acc")} loc("in the loop")
    scf.yield %y : tensor<4x64xf32>
  }}
  return %r : tensor<4x64xf32>
}}
"""
# Multiplied in integers: looks like a contraction and is left alone.
LOOKALIKE = """
func.func @main(%x: tensor<4x64xf32>) -> tensor<4x64xi32> {
  %w = arith.constant dense<1> : tensor<64x64xi32>
  %z = arith.constant dense<0> : tensor<4x64xi32>
  %i = arith.fptosi %x : tensor<4x64xf32> to tensor<4x64xi32>
  %y = linalg.matmul ins(%i, %w : tensor<4x64xi32>, tensor<64x64xi32>) outs(%z : tensor<4x64xi32>) -> tensor<4x64xi32>
  return %y : tensor<4x64xi32>
}
"""
NAN = f"""
func.func @main(%x: tensor<4x64xf32>) -> tensor<4x64xf32> {{
  %w = arith.constant dense<VALUE> : tensor<64x64xf32>
  %z = arith.constant dense<0.0> : tensor<4x64xf32>
  %y = {MATMUL.format(init="z")} loc("all")
  return %y : tensor<4x64xf32>
}}
"""
folder = Path(sys.argv[1])
x = np.random.default_rng(1).standard_normal((4, 64)).astype(np.float32)
np.save(folder / "x.npy", x)


def run(model: str, *options: str) -> tuple[dict, subprocess.CompletedProcess]:
    (folder / "model.mlir").write_text(model)
    files = ["model.mlir", "--input=x.npy", "--output=y.npy", "--json=report.json"]
    done = subprocess.run(["mx-run", *files, *options], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads((folder / "report.json").read_text()), done


which = ("--weights=mxfp8", "--which=weights")
report, done = run(CALLS, *which, "--compare=f32")
assert [row["location"] for row in report["contractions"]] == [
    f"inner, called from layer, called from {call}" for call in ("first", "second")
]
assert all(0.9 < row["cosine"] < 1 and row["max_abs"] > 0 for row in report["contractions"])
assert report["contraction_counts"] == {"quantized": 3, "left_alone": 0, "not_compared": 1}
assert "in the loop: warning: --compare does not see 1 of 3 contractions" in done.stderr
compared = (folder / "y.npy").read_bytes()

# The same is quantized without it, and nothing is warned of.
report, done = run(CALLS, *which, "--verbose")
assert report["contraction_counts"] == {"quantized": 3, "left_alone": 0}
assert "3 contractions quantized, 0 left alone" in done.stderr and "warning" not in done.stderr
assert (folder / "y.npy").read_bytes() == compared
report, done = run(CALLS, "--verbose")
assert report["contraction_counts"] == {"quantized": 0, "left_alone": 2}, report
report, done = run(LOOKALIKE, *which)
assert report["contraction_counts"] == {"quantized": 0, "left_alone": 1}

for value in ("0x7FC00000", "0.0"):
    report, done = run(NAN.replace("VALUE", value), *which, "--compare=f32")
    (row,) = report["contractions"]
    expected = ("nan", "nan", "nan") if value != "0.0" else (1, 0, 0)
    assert (row["cosine"], row["max_abs"], row["relative"]) == expected, row
    assert np.isnan(np.load(folder / "y.npy")).all() == (value != "0.0")
    assert ("nan" in done.stdout) == (value != "0.0"), done.stdout
