# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python
# RUN: rm -rf %t && mkdir %t
# RUN: %python %s %t
"""mx-run writes all of its files or none: what stands in the way, symbolic links,
pipes, and limits that end a write."""

import json
import os
import resource
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np

MODEL = """
func.func @main(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<32x1024xf32>) {
  %y = tensor.empty() : tensor<32x1024xf32>
  %zero = arith.constant 0.0 : f32
  %z = linalg.fill ins(%zero : f32) outs(%y : tensor<32x1024xf32>) -> tensor<32x1024xf32>
  return %x, %z : tensor<4xf32>, tensor<32x1024xf32>
}
"""
folder = Path(sys.argv[1])
(folder / "model.mlir").write_text(MODEL)
x = np.arange(4, dtype=np.float32)
np.save(folder / "x.npy", x)
work = folder / "work"
work.mkdir()
y, z, report = work / "y.npy", work / "z.npy", work / "report.json"


def run(*options: str, outputs: tuple[Path, ...] = (y, z), **keywords) -> tuple[int, str]:
    done = subprocess.run(
        ["mx-run", folder / "model.mlir", f"--input={folder / 'x.npy'}"]
        + [f"--output={path}" for path in outputs] + list(options),
        stderr=subprocess.PIPE, text=True, **keywords,
    )  # fmt: skip
    return done.returncode, done.stderr


def state() -> dict[Path, tuple[int, ...]]:
    """The folder's files, each by what changes when it is written or replaced."""
    return {p: (s.st_ino, s.st_size, s.st_mtime_ns) for p in work.iterdir() for s in [p.lstat()]}


def expect_error(message: str, *options: str, **keywords) -> None:
    """An error, after which the folder is as it was."""
    before = state()
    code, text = run(*options, **keywords)
    assert code == 1 and message in text, (code, text)
    assert state() == before, list(work.iterdir())


# Destinations that cannot be.
expect_error(f"expected a folder '{work}/no' for '{work}/no/z.npy', found none", outputs=(y, work / "no" / "z.npy"))
expect_error(f"expected a folder '{work}/no' for '{work}/no/r.json'", f"--json={work / 'no' / 'r.json'}")
expect_error(f"expected a file '{work}', found a folder", f"--json={work}")
expect_error(f"expected a folder '{folder}/x.npy'", f"--json={folder / 'x.npy' / 'r.json'}")
twice = "expected a file for each result, found"
expect_error(f"{twice} '{y}' and '{y}', which are the same", outputs=(y, y))
expect_error(twice, outputs=(y, work / ".." / "work" / "y.npy"))
expect_error(twice, f"--json={y}")

# A link stays, and so does everything when a write fails halfway.
target = folder / "target.npy"
target.write_text("old")
y.symlink_to(Path("..") / "target.npy")
expect_error(twice, outputs=(y, target))


def limit() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))


expect_error(f"cannot write '{z}': File too large", f"--json={report}", preexec_fn=limit)
with open("/dev/full", "w") as full:
    expect_error("cannot write 'standard output': No space left on device", "--time=1", stdout=full)
    command = ["mx-run", folder / "model.mlir", "--emit=llvm"]
    done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 1 and "cannot write 'standard output': No space left on device" in done.stderr, done
assert target.read_text() == "old" and [p.name for p in folder.glob("*.tmp")] == []
assert run(f"--json={report}") == (0, "")
assert y.is_symlink() and np.array_equal(np.load(target), x)
assert not np.load(z).any() and json.loads(report.read_text())["entry"] == "main"
y.unlink()
y.symlink_to("absent.npy")
expect_error(f"cannot write '{y}': No such file or directory")
y.unlink()
y.symlink_to(y)
expect_error(f"cannot write '{y}': Too many levels of symbolic links")
y.unlink()

# A pipe is written to and stays one; also by a link.
pipe = work / "pipe"
os.mkfifo(pipe)
y.symlink_to(pipe)
for path in (pipe, y):
    received = []
    reader = threading.Thread(target=lambda: received.append(pipe.read_bytes()))
    reader.start()
    assert run(outputs=(path, z)) == (0, "")
    reader.join()
    assert received[0][-16:] == x.tobytes() and received[0].startswith(b"\x93NUMPY")
    assert pipe.is_fifo()
