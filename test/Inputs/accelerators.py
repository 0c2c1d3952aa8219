# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The accelerators of examples/accelerators, compiled for this machine."""

import json
import pathlib
import re
import subprocess

import numpy as np

ROOT = pathlib.Path(__file__).parents[2]
FOLDER = ROOT / "examples/accelerators"


class Accelerator:
    """A description, and a library made of C sources, which goes to `folder`."""

    def __init__(self, folder: pathlib.Path, description: pathlib.Path, source: pathlib.Path, *options: str):
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        library = folder / "libaccelerator.so"
        flags = ["-std=c99", "-Wall", "-Wextra", "-Werror", "-O2", "-shared", "-fPIC", f"-I{ROOT / 'include'}"]
        sources = [source, FOLDER / "simulator.c", FOLDER / "elements.c"]
        subprocess.run(["gcc", *flags, *options, *sources, "-o", library, "-lm"], check=True)
        self.options = [f"--accelerator={description}", f"--runtime={library}"]

    @classmethod
    def example(cls, name: str, folder: pathlib.Path) -> "Accelerator":
        own = FOLDER / name
        return cls(folder / name, own / f"{name}.mlir", own / f"{name}.c")

    @classmethod
    def without_abilities(cls, name: str, folder: pathlib.Path) -> "Accelerator":
        """The same without storage, whose operands are quantized on the host."""
        folder = folder / f"{name}-without"
        folder.mkdir(parents=True, exist_ok=True)
        text = (FOLDER / name / f"{name}.mlir").read_text()
        fewer = re.sub(r"storage = \d+,\s+quantize = \[\w+\], host = \d+,", "", text)
        assert fewer != text
        (folder / "description.mlir").write_text(fewer)
        return cls(folder, folder / "description.mlir", FOLDER / name / f"{name}.c")

    @classmethod
    def published(cls, order: str, folder: pathlib.Path) -> "Accelerator":
        own = FOLDER / "published"
        return cls(folder / order, own / f"{order}.mlir", own / "published.c", f'-DORDER="{order}"')

    def run(self, model: pathlib.Path, arrays: list[np.ndarray], *options: str):
        """The first output of `model`, the cycles that it took, and what remarks say of
        contractions."""
        paths = [self.folder / f"x{index}.npy" for index in range(len(arrays))]
        for path, array in zip(paths, arrays):
            np.save(path, array)
        output, report = self.folder / "y.npy", self.folder / "report.json"
        files = [*(f"--input={path}" for path in paths), f"--output={output}", f"--json={report}"]
        command = ["mx-run", model, *self.options, *options, *files, "--verbose"]
        run = subprocess.run(command, capture_output=True, text=True)
        if run.returncode:
            raise RuntimeError(run.stderr)
        remarks = [line.split("remark: ")[1] for line in run.stderr.splitlines() if "remark: " in line]
        cycles = json.loads(report.read_text())["accelerator_cycles"]
        return np.load(output), cycles, remarks
