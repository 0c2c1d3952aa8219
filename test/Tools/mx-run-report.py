# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python
# RUN: %python %s %t
"""mx-run's reports: times, bytes of weights, the error of each contraction, as
text and as JSON; its steps and remarks, also on a terminal; and every element type
in and out."""

import json
import os
import pathlib
import pty
import subprocess
import sys

import numpy as np

MODEL = """
func.func @main(%x: tensor<?x64xf32>) -> tensor<?x48xf32> {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : f32
  %w = arith.constant dense<WEIGHTS> : tensor<48x64xf32>
  %n = tensor.dim %x, %c0 : tensor<?x64xf32>
  %y0 = tensor.empty(%n) : tensor<?x48xf32>
  %y1 = linalg.fill ins(%zero : f32) outs(%y0 : tensor<?x48xf32>) -> tensor<?x48xf32>
  %y = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>]
      ins(%x, %w : tensor<?x64xf32>, tensor<48x64xf32>) outs(%y1 : tensor<?x48xf32>) -> tensor<?x48xf32> loc("the layer")
  return %y : tensor<?x48xf32>
}
"""
TYPES = {
    "f64": "float64", "f32": "float32", "f16": "float16", "bf16": "uint16", "i64": "int64", "i32": "int32",
    "i16": "int16", "i8": "uint8", "i1": "bool", "f8E8M0FNU": "uint8", "f8E4M3FN": "uint8",
    "f8E5M2": "uint8", "f6E3M2FN": "uint8", "f6E2M3FN": "uint8", "f4E2M1FN": "uint8",
}  # fmt: skip
CODES = {"f6E3M2FN": 64, "f6E2M3FN": 64, "f4E2M1FN": 16}


def run(model, *options):
    done = subprocess.run(["mx-run", str(model), *map(str, options)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done


def check_reports(folder):
    rng = np.random.default_rng(7)
    x, w = rng.standard_normal((5, 64)), rng.standard_normal((48, 64))
    x, w = x.astype(np.float32), w.astype(np.float32)
    model, report = folder / "model.mlir", folder / "report.json"
    model.write_text(MODEL.replace("WEIGHTS", f'"0x{w.tobytes().hex()}"'))
    np.save(folder / "x.npy", x)
    files = [f"--input={folder / 'x.npy'}", f"--output={folder / 'y.npy'}"]
    run(model, *files)
    plain = np.load(folder / "y.npy")
    assert np.abs(plain - x @ w.T).max() < 1e-4
    done = run(model, *files, "--weights=mxfp8", "--time=3", "--memory", "--compare=f32",
               f"--json={report}", "--verbose")  # fmt: skip
    found = json.loads(report.read_text())
    time, memory = found["time_ms"], found["memory"]
    assert found["threads"] == int(os.environ["OMP_NUM_THREADS"])
    assert time["runs"] == 3 and 0 < time["min"] <= time["median"] <= time["max"]
    assert memory["weights_before"] == {"elements": 0, "scales": 0, "other": 12288, "total": 12288}
    assert memory["weights_after"] == {"elements": 3072, "scales": 96, "other": 0, "total": 3168}
    assert 0 < memory["resident_bytes"] <= memory["peak_bytes"]
    (row,) = found["contractions"]
    y = np.load(folder / "y.npy").astype(np.float64)
    exact = plain.astype(np.float64)
    assert row["location"] == "the layer"
    assert np.isclose(row["max_abs"], np.abs(y - exact).max())
    assert np.isclose(row["relative"], np.linalg.norm(y - exact) / np.linalg.norm(exact))
    assert np.isclose(row["cosine"], (y * exact).sum() / np.linalg.norm(y) / np.linalg.norm(exact))
    for text in ("time over 3 runs on 2 threads", "elements                         0          3072", "the layer"):
        assert text in done.stdout, done.stdout
    for text in ("stage fold", "the layer: remark: rewritten"):
        assert text in done.stderr, done.stderr
    assert "1 contractions quantized, 0 left alone" in done.stderr, done.stderr
    run(model, *files, "--time=2", f"--json={report}", "--threads=3")
    assert json.loads(report.read_text())["threads"] == 3
    assert np.array_equal(np.load(folder / "y.npy"), plain)
    time = json.loads(report.read_text())["time_ms"]
    assert np.isclose(time["median"], (time["min"] + time["max"]) / 2)
    quiet = run(model, *files, "--weights=mxfp8", "--activations=none", "--which=weights")
    assert not quiet.stdout and not quiet.stderr, (quiet.stdout, quiet.stderr)


def check_progress(folder):
    """Steps are told to whoever watches, without --verbose."""
    watched, terminal = pty.openpty()
    done = subprocess.run(["mx-run", folder / "model.mlir", f"--input={folder / 'x.npy'}"], stdout=subprocess.PIPE, stderr=terminal)
    os.close(terminal)
    text = os.read(watched, 4096).decode()
    os.close(watched)
    assert done.returncode == 0 and not done.stdout
    for step in ("reading", "stage bufferize", "generating code", "running"):
        assert f"s] {step}" in text, text


def check_types(folder):
    model = folder / "types.mlir"
    for element, dtype in TYPES.items():
        # The empty array too; strange bytes everywhere else.
        bits = np.random.default_rng(3).integers(0, 256, 480) % CODES.get(element, 256)
        bits = bits.astype(np.uint8)
        x = (bits % 2 == 1) if dtype == "bool" else bits.view(dtype)
        for target, array in (("cpu", x.reshape(3, -1)), ("reference", x.reshape(-1, 5)), ("cpu", x[:0].reshape(0, 4))):
            model.write_text(
                f"func.func @main(%x: tensor<?x?x{element}>) -> (tensor<?x?x{element}>, tensor<?x?x{element}>) {{\n"
                f"  return %x, %x : tensor<?x?x{element}>, tensor<?x?x{element}>\n}}\n"
            )
            np.save(folder / "x.npy", array)
            run(model, f"--target={target}", f"--input={folder / 'x.npy'}", f"--output={folder / 'y.npy'}", f"--output={folder / 'z.npy'}")
            for name in ("y.npy", "z.npy"):
                y = np.load(folder / name)
                assert y.dtype == array.dtype and y.shape == array.shape, (element, y.dtype, y.shape)
                assert y.tobytes() == array.tobytes(), (element, target)


folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
check_reports(folder)
check_progress(folder)
check_types(folder)
