# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes good and bad .npy files to a folder."""

import sys
from pathlib import Path

import numpy as np

folder = Path(sys.argv[1])
x = np.arange(120, dtype=np.float32).reshape(3, 40)
np.save(folder / "x.npy", x)
np.save(folder / "w.npy", np.ones((40, 7), np.float32))
np.save(folder / "f64.npy", x.astype(np.float64))
np.save(folder / "rank.npy", x.ravel())
np.save(folder / "fortran.npy", np.asfortranarray(x))
np.save(folder / "big-endian.npy", x.astype(">f4"))
whole = (folder / "x.npy").read_bytes()
(folder / "short.npy").write_bytes(whole[:-1])
(folder / "garbage.npy").write_bytes(whole.replace(b"}   ", b"}+ 1"))
(folder / "header.npy").write_bytes(whole[:30])
