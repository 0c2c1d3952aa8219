# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Calls mx-run on arrays."""

import json
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass
class RunResult:
    outputs: list[np.ndarray]
    report: dict


def find_tools(build: Path) -> tuple[Path, Path]:
    """mx-opt and mx-run in a build folder."""
    tools = build / "bin" / "mx-opt", build / "bin" / "mx-run"
    for tool in tools:
        if not tool.exists():
            raise SystemExit(f"{tool} is missing: run scripts/demo, or build mx first")
    return tools


def mx_run(
    tool: Path, model: Path, inputs: list[np.ndarray], outputs: int, *options: str
) -> RunResult:
    """Runs `model` on `inputs`; gives its first `outputs` results and the report."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        arguments = [str(tool), str(model), *options, f"--json={folder / 'report.json'}"]
        for index, array in enumerate(inputs):
            np.save(folder / f"in{index}.npy", array)
            arguments.append(f"--input={folder / f'in{index}.npy'}")
        for index in range(outputs):
            arguments.append(f"--output={folder / f'out{index}.npy'}")
        run = subprocess.run(arguments, capture_output=True, text=True)
        if run.returncode != 0:
            raise SystemExit(run.stderr or f"{tool} failed: {run.returncode}")
        return RunResult(
            [np.load(folder / f"out{index}.npy") for index in range(outputs)],
            json.loads((folder / "report.json").read_text()),
        )
