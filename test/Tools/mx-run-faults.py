# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python
# RUN: rm -rf %t && mkdir %t
# RUN: %python %s %S/Inputs/faults.mlir %t
"""A fault of the program is an error that names entry and signal, and a division that
has no result one that names its place, with exit code 1 and nothing written."""

import subprocess
import sys
from pathlib import Path

import numpy as np

model, folder = sys.argv[1], Path(sys.argv[2])
FAILED = "mx-run: error: an assertion of the program failed\n"
x, y, z = (folder / f"{name}.npy" for name in "xyz")


def run(entry: str, a: np.ndarray, b: np.ndarray, *options: str) -> subprocess.CompletedProcess:
    np.save(x, a)
    np.save(y, b)
    command = ["mx-run", model, f"--entry={entry}", f"--input={x}", f"--input={y}", f"--output={z}"]
    return subprocess.run([*command, *options], capture_output=True, text=True)


def fails(error: str, *arguments) -> None:
    done = run(*arguments, f"--json={folder / 'report.json'}")
    assert done.returncode == 1, (arguments, done.returncode)
    assert done.stderr == error, done.stderr
    assert sorted(p.name for p in folder.iterdir()) == ["x.npy", "y.npy"]


def place(line: int, what: str) -> str:
    return f"{model}:{line}:8: error: {what}\n{FAILED}"


one, least = np.array(12, np.int32), np.array(-(1 << 31), np.int32)
rows = np.arange(40 * 64, dtype=np.int32).reshape(40, 64) + 1
for target in ("--target=cpu", "--target=reference"):
    for a, b, expected in ((one, np.int32(4), 3), (one, np.int32(-1), -12), (least, np.int32(2), -(1 << 30))):
        done = run("divide", a, b, target)
        assert done.returncode == 0, done.stderr
        assert np.load(z) == expected
        z.unlink()
    done = run("divide_rows", rows, rows, target)
    assert done.returncode == 0, done.stderr
    assert (np.load(z) == 64).all()
    z.unlink()
    fails(place(4, "division by zero or overflow"), "divide", one, np.int32(0), target)
    fails(place(4, "division by zero or overflow"), "divide", least, np.int32(-1), target)
    fails(place(11, "division by zero"), "remainder", one, np.int32(0), target)
    # One element of many, in what may be vectors.
    zero, overflow, large = rows.copy(), rows.copy(), rows.copy()
    zero[17, 5], overflow[39, 63], large[39, 63] = 0, -1, least
    expected = f"{model}:29:17: error: division by zero or overflow\n"
    for a, b in ((rows, zero), (large, overflow)):
        done = run("divide_rows", a, b, target)
        # Several threads may fail, each with a message.
        assert done.returncode == 1 and done.stderr.startswith(expected) and FAILED in done.stderr, done
        assert not z.exists()
    fault = "mx-run: error: the entry 'load' crashed: SIGSEGV, an access outside of its memory, such as an index out of bounds\n"
    fails(fault, "load", one, one, target)
