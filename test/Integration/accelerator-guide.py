# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python
# RUN: %python %s %t
"""docs/accelerators.md, followed literally, brings up an accelerator that nothing else in
the tree knows; and nothing in a program depends on what its files are called."""

import os
import pathlib
import re
import subprocess
import sys

import numpy as np

from examples.common.mx_run import mx_run

ROOT = pathlib.Path(__file__).parents[2]
folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
guide = (ROOT / "docs/accelerators.md").read_text()

for name, text in re.findall(r"^`([\w.]+)`:\n\n```\w+\n(.*?)^```", guide, re.MULTILINE | re.DOTALL):
    (folder / name).write_text(text)
rng = np.random.default_rng(4)
for name, shape in (("x", (19, 200)), ("w", (200, 30))):
    scales = 2.0 ** rng.integers(-20, 20, (shape[0], 1))
    np.save(folder / f"{name}.npy", (rng.standard_normal(shape) * scales).astype("f4"))

(commands,) = re.findall(r"^```sh\n(.*?)^```", guide, re.MULTILINE | re.DOTALL)
environment = {**os.environ, "MX": str(ROOT)}
run = subprocess.run(["sh", "-e", "-c", commands], cwd=folder, env=environment, capture_output=True, text=True)
assert run.returncode == 0, run.stderr
assert "remark: given to the accelerator" in run.stderr, run.stderr

found, x, w = (np.load(folder / f"{name}.npy") for name in "yxw")
(expected,) = mx_run("mx-run", folder / "layer.mlir", [x, w], 1, "--weights=mxint8", "--target=reference").outputs
bound = 2.0**-20 * (np.abs(x.astype("f8")) @ np.abs(w.astype("f8")))
assert found.shape == expected.shape and (np.abs(found - expected) <= bound).all(), np.abs(found - expected).max()

# The same description under another name: the same program.
(folder / "other.mlir").write_text((folder / "tiny.mlir").read_text())
programs = [
    subprocess.run(
        ["mx-run", "layer.mlir", "--weights=mxint8", f"--accelerator={name}", f"--dump-after={stage}"],
        cwd=folder, check=True, capture_output=True,
    ).stdout
    for stage in ("decompose", "bufferize")
    for name in ("tiny.mlir", "other.mlir")
]
assert programs[0] == programs[1] and programs[2] == programs[3] and b"tiny" not in programs[0]
