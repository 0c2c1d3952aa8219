# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python
# RUN: rm -rf %t && mkdir %t
# RUN: %python %s %S/Inputs/faults.mlir %t
"""A fault of the program is an error that names entry and signal, with exit code
1 and nothing written."""

import subprocess
import sys
from pathlib import Path

import numpy as np

model, folder = sys.argv[1], Path(sys.argv[2])


def run(entry: str, divisor: int, *options: str) -> subprocess.CompletedProcess:
    np.save(folder / "x.npy", np.array(12, np.int32))
    np.save(folder / "y.npy", np.array(divisor, np.int32))
    files = [f"--input={folder / n}.npy" for n in "xy"] + [f"--output={folder / 'z.npy'}"]
    return subprocess.run(
        ["mx-run", model, f"--entry={entry}", *files, *options], capture_output=True, text=True
    )


done = run("divide", 4)
assert done.returncode == 0, done.stderr
assert np.load(folder / "z.npy") == 3
(folder / "z.npy").unlink()
for target in ("cpu", "reference"):
    for entry, signal in (("divide", "SIGFPE"), ("load", "SIGSEGV")):
        done = run(entry, 0, f"--target={target}", f"--json={folder / 'report.json'}")
        assert done.returncode == 1, (entry, done.returncode)
        expected = f"mx-run: error: the entry '{entry}' crashed: {signal}"
        assert done.stderr.startswith(expected), done.stderr
        assert done.stderr.count("\n") == 1, done.stderr
        assert sorted(p.name for p in folder.iterdir()) == ["x.npy", "y.npy"]
