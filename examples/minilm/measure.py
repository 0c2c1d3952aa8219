# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs MiniLM in every recipe and measures accuracy, weights and time."""

import os
import sys
import timeit
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np

from examples.common.mx_run import mx_run
from examples.common.recipes import CHOICES, Choice

from .peer import create_session, embed


@dataclass
class Row:
    """One recipe: cosines to f32 over the sentences, bytes of the linear layers'
    weights and their ratio to f32, which are not known of other programs, and
    milliseconds for all sentences, of the fastest run."""

    label: str
    worst_cosine: float
    mean_cosine: float
    weight_bytes: int | None
    weight_ratio: float | None
    milliseconds: float
    layers: list[dict] = field(default_factory=list)

    def to_json(self) -> dict:
        return asdict(self)


def cosines(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    a, b = a.astype(np.float64), b.astype(np.float64)
    return (a * b).sum(1) / (np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1))


def measure(
    tool: Path,
    model: Path,
    inputs: list[np.ndarray],
    f32: np.ndarray,
    choice: Choice,
    runs: int = 5,
    *options: str,
) -> tuple[Row, np.ndarray]:
    """The row of one recipe and its embeddings."""
    result = mx_run(
        tool, model, inputs, 1, "--which=weights", *choice.options,
        f"--time={runs}", "--memory", "--compare=f32", *options,
    )  # fmt: skip
    memory = result.report["memory"]
    after = memory["weights_after"]
    packed = after["elements"] + after["scales"]
    plain = memory["weights_before"]["total"] - after["other"]
    angles = cosines(result.outputs[0], f32)
    row = Row(
        label=choice.label,
        worst_cosine=float(angles.min()),
        mean_cosine=float(angles.mean()),
        weight_bytes=packed,
        weight_ratio=packed / plain,
        milliseconds=result.report["time_ms"]["min"],
        layers=result.report["contractions"],
    )
    return row, result.outputs[0]


def measure_peer(inputs: list[np.ndarray], f32: np.ndarray, int8: bool, runs: int = 5) -> Row:
    """The row of onnxruntime, on as many threads as mx-run has."""
    threads = int(os.environ.get("OMP_NUM_THREADS", "").split(",")[0] or len(os.sched_getaffinity(0)))
    session = create_session(int8, threads)
    found = embed(session, *inputs)
    times = timeit.repeat(lambda: embed(session, *inputs), number=1, repeat=runs)
    angles = cosines(found, f32)
    label = "onnxruntime int8" if int8 else "onnxruntime f32"
    return Row(label, float(angles.min()), float(angles.mean()), None, None, 1e3 * min(times))


def measure_all(
    tool: Path, model: Path, inputs: list[np.ndarray], runs: int = 5
) -> tuple[np.ndarray, list[Row]]:
    """The f32 embeddings, and a row for f32, every recipe, and onnxruntime in f32 and
    int8, the last two."""
    plain = mx_run(tool, model, inputs, 1, f"--time={runs}", "--memory")
    f32 = plain.outputs[0]
    rows = [Row("f32", 1.0, 1.0, 0, 1.0, plain.report["time_ms"]["min"])]
    for choice in CHOICES:
        print(f"minilm: {choice.label}", file=sys.stderr, flush=True)
        rows.append(measure(tool, model, inputs, f32, choice, runs)[0])
    rows[0].weight_bytes = round(rows[1].weight_bytes / rows[1].weight_ratio)
    for int8 in (False, True):
        print(f"minilm: onnxruntime {'int8' if int8 else 'f32'}", file=sys.stderr, flush=True)
        rows.append(measure_peer(inputs, f32, int8, runs))
    return f32, rows
