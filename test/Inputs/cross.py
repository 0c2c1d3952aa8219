# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs models on machines that this one is not, under qemu's user-mode emulation."""

import pathlib
import subprocess

import numpy as np

from examples.library.model import DTYPES
from machines import MACHINES

ROOT = pathlib.Path(__file__).parents[2]


class Machine:
    """A machine with the CPU that LLVM calls `cpu`; keeps its files in `folder`."""

    def __init__(self, cpu: str, folder: pathlib.Path):
        emulated = MACHINES[cpu]
        self.folder = folder
        self.options = [f"--triple={emulated.triple}", f"--cpu={cpu}", "--threads=1", "--emit=shared"]
        self.emulator = emulated.emulator
        self.runner = folder / "run_library"
        flags = ["-std=gnu99", "-Wall", "-Wextra", "-Werror", f"-I{ROOT / 'lib/Runtime'}"]
        source = pathlib.Path(__file__).with_name("run_library.c")
        subprocess.run([f"{emulated.triple}-gcc", *flags, source, "-o", self.runner], check=True)

    def run(self, model: pathlib.Path, arrays: list[np.ndarray], *options: str) -> list[np.ndarray]:
        """The outputs of `model`, compiled under `options`, for `arrays`."""
        subprocess.run(["mx-run", model, *options, *self.options, "-o", self.folder], check=True)
        for index, array in enumerate(arrays):
            (self.folder / f"in{index}").write_bytes(np.ascontiguousarray(array).tobytes())
        extents = ["x".join(map(str, array.shape)) for array in arrays]
        command = [*self.emulator, self.runner, self.folder, model.stem, *extents]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        outputs = []
        for index, line in enumerate(said.splitlines()):
            kind, *shape = map(int, line.split())
            array = np.fromfile(self.folder / f"out{index}", DTYPES[kind])
            outputs.append(array.reshape(shape))
        return outputs
