# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs models with code for CPUs that tests name, of this machine and of others."""

import pathlib
import subprocess

import numpy as np

from examples.common.mx_run import mx_run
from examples.library.model import DTYPES
from lowered import Lowered
from machines import MACHINES, runs_here

ROOT = pathlib.Path(__file__).parents[2]


class Emulated:
    """A machine of another architecture, under qemu's user-mode emulation, with the CPU
    that LLVM calls `cpu`; keeps its files in `folder`."""

    def __init__(self, cpu: str, folder: pathlib.Path):
        platform = MACHINES[cpu]
        self.folder = folder
        self.options = [f"--triple={platform.triple}", f"--cpu={cpu}", "--threads=1", "--emit=shared"]
        self.emulator = platform.emulator
        self.runner = folder / "run_library"
        flags = ["-std=gnu99", "-Wall", "-Wextra", "-Werror", f"-I{ROOT / 'lib/Runtime'}"]
        source = pathlib.Path(__file__).with_name("run_library.c")
        subprocess.run([f"{platform.triple}-gcc", *flags, source, "-o", self.runner], check=True)

    def run(self, model: pathlib.Path, arrays: list[np.ndarray], outputs: int, *options: str) -> list[np.ndarray]:
        """The first `outputs` outputs of `model`, compiled under `options`, for `arrays`."""
        subprocess.run(["mx-run", model, *options, *self.options, "-o", self.folder], check=True)
        for index, array in enumerate(arrays):
            (self.folder / f"in{index}").write_bytes(np.ascontiguousarray(array).tobytes())
        extents = ["x".join(map(str, array.shape)) for array in arrays]
        command = [*self.emulator, self.runner, self.folder, model.stem, *extents]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        found = []
        for index, line in enumerate(said.splitlines()[:outputs]):
            kind, *shape = map(int, line.split())
            array = np.fromfile(self.folder / f"out{index}", DTYPES[kind])
            found.append(array.reshape(shape))
        return found


class Here:
    """This machine, with code for `cpu`."""

    def __init__(self, cpu: str):
        self.option = f"--cpu={cpu}"

    def run(self, model: pathlib.Path, arrays: list[np.ndarray], outputs: int, *options: str) -> list[np.ndarray]:
        """The first `outputs` outputs of `model`, compiled under `options`, for `arrays`."""
        return mx_run("mx-run", model, arrays, outputs, self.option, *options).outputs


def get_machine(cpu: str, folder: pathlib.Path) -> Emulated | Here | Lowered:
    """What runs the code of the CPU that LLVM calls `cpu`, with files in `folder`."""
    if cpu in MACHINES:
        return Emulated(cpu, folder)
    return Here(cpu) if runs_here(cpu) else Lowered(cpu, folder)
