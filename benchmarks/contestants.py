# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What can be measured: each contestant is a command that tells its times in ms."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Contestant:
    """Calls `command` with a number of threads and of timed runs."""

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    # Where mx-run writes its report; the others print a list.
    report: Path | None = None
    compile_seconds: float | None = None

    def measure(self, threads: int, runs: int) -> list[float]:
        """Milliseconds of each run; an error of the program ends the benchmark."""
        count = f"--time={runs}" if self.report else f"--runs={runs}"
        done = subprocess.run(
            [*self.command, f"--threads={threads}", count],
            capture_output=True,
            text=True,
            env={**os.environ, **self.environment},
        )
        if done.returncode != 0:
            raise SystemExit(f"{self.name}: {' '.join(self.command)}\n{done.stderr.strip()}")
        if not self.report:
            return json.loads(done.stdout)
        report = json.loads(self.report.read_text())
        self.compile_seconds = report["compile_seconds"]
        return [report["time_ms"][key] for key in ("min", "median")]


def mx_run(tool: Path, program: Path, inputs: list[Path], folder: Path, *options: str) -> Contestant:
    """mx on `program`."""
    report = folder / "report.json"
    arrays = [f"--input={path}" for path in inputs]
    return Contestant(
        "mx", [str(tool), str(program), *arrays, *options, f"--json={report}"], report=report
    )


def peer(name: str, module: str, *arguments: object, **environment: str) -> Contestant:
    """A program of benchmarks.peers."""
    command = [sys.executable, "-m", f"benchmarks.peers.{module}", *map(str, arguments)]
    return Contestant(name, command, environment)


def measure_limits(program: Path) -> dict[str, dict[int, float]]:
    """This machine's rates per second, by kind and number of threads."""
    done = subprocess.run(
        [program, "--benchmark_format=json", "--benchmark_min_time=0.2", "--benchmark_repetitions=3"],
        check=True,
        capture_output=True,
        text=True,
    )
    limits: dict[str, dict[int, float]] = {}
    for row in json.loads(done.stdout)["benchmarks"]:
        if row["run_type"] == "iteration":
            kind = limits.setdefault(row["name"].split("/")[0], {})
            kind[row["threads"]] = max(kind.get(row["threads"], 0), row["rate"])
    return limits
